"""The command that looks at a message for Congress before anybody sends one."""

from pathlib import Path

import pytest

from groundswell.base.errors import Trouble
from groundswell.delivery.channels.cwc.tests import gateway_server
from groundswell.ops import cwc


def sample(capsys: pytest.CaptureFixture[str]) -> str:
    assert cwc.validate(file="", sample=True) == 0
    return capsys.readouterr().out


def test_it_writes_a_sample_that_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "message.xml"
    file.write_text(sample(capsys))
    assert gateway_server.faults(file.read_bytes()) == []
    assert cwc.validate(file=str(file), sample=False) == 0
    assert "No rule is broken" in capsys.readouterr().out


def test_it_names_each_field_that_would_be_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "message.xml"
    file.write_text(sample(capsys).replace(">Ms.<", ">Mx.<").replace(">62701-1234<", ">6270<"))
    assert cwc.validate(file=str(file), sample=False) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == ["Prefix", "Zip", "2"]


@pytest.mark.parametrize("text", ["", "<CWC/>", "no XML"])
def test_it_says_in_a_line_what_is_no_message(tmp_path: Path, text: str) -> None:
    file = tmp_path / "message.xml"
    file.write_text(text)
    with pytest.raises(Trouble):
        cwc.validate(file=str(file), sample=False)
    with pytest.raises(Trouble):
        cwc.validate(file=str(tmp_path / "nothing.xml"), sample=False)
    with pytest.raises(Trouble):
        cwc.validate(file="", sample=False)
