"""`groundswell rehearse` says no in one line, before anybody is sent anywhere."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from groundswell.base import env, keyring, passes
from groundswell.base.errors import Trouble
from groundswell.delivery.tests.mailserver import use_settings
from groundswell.ops import rehearse
from groundswell.people import drain
from groundswell.people.tests.journal import sign, write_as

pytestmark = pytest.mark.django_db
NORMAL: dict[str, Any] = {
    "scenario": "two-networks", "messenger": [], "target": "", "page": "", "minutes": None,
    "compress": None, "processes": 0, "scale": 1.0, "gentle": True, "report": "", "signed": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation whose door is shut."""
    use_settings(monkeypatch, public_port="9", rehearse_allow="127.0.0.0/8")
    yield
    assert not list(env.load().path().glob("rehearsals/*"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scenario": "no-such"}, "there is no scenario no-such; there are: two-networks"),
        ({"messenger": ["Nobody"]}, "there is no messenger “Nobody” in the roster"),
        ({"messenger": ["Nobody"], "scenario": "one-link"}, "do not name another"),
        ({"minutes": 1.0, "compress": 2.0}, "give one of them"),
        ({"minutes": 0.01}, "0.05 or more"),
        ({"compress": 0.5}, "1 for real time"),
        ({"scale": 0.0}, "--scale"),
        ({"processes": -1}, "--processes"),
        ({"target": "http://192.0.2.7"}, "REHEARSE_ALLOW"),
        ({"target": "https://[2001:db8::1]/"}, "REHEARSE_ALLOW"),
        ({"signed": "/no/such/file"}, "holds no pass"),
        ({"signed": os.devnull}, "holds no pass"),
        ({}, "does not answer"),
    ],
)
def test_it_says_what_is_wrong(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Trouble) as refused:
        rehearse.run(**{**NORMAL, **changes})
    assert said in str(refused.value)


def test_it_signs_a_pass_that_the_door_takes(capsys: pytest.CaptureFixture[str]) -> None:
    rehearse.issue()
    token = capsys.readouterr().out.strip()
    one = passes.read(token, public=keyring.rehearsal_public(env.load().path("keys")))
    assert one is not None
    assert one == passes.peek(token)


def test_it_lists_every_scenario_with_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    rehearse.listing()
    said = capsys.readouterr().out
    assert "petition-record: The best documented petition peak" in said
    assert "189 million followers on one network and 66.9 million on another" in said


def test_it_checks_and_clears_what_a_rehearsal_elsewhere_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearse, "STALLED_SECONDS", 0.1)
    sent = [sign(run="elsewhere") for _ in range(3)]
    drain.drain(write_as(tmp_path, "0-00000001.journal", sent))
    file = tmp_path / "ids.json"
    ids = [one.id.hex() for one in sent]
    file.write_text(json.dumps({"run": "elsewhere", "ids": ids}))
    assert rehearse.check(file=str(file)) == 0
    file.write_text(json.dumps({"run": "elsewhere", "ids": [*ids, "ab" * 16]}))
    assert rehearse.check(file=str(file)) == 1
    assert "1 of them MISSING" in capsys.readouterr().out
    with pytest.raises(Trouble, match="there are: elsewhere"):
        rehearse.clear(run="another")
    rehearse.clear(run="")
    assert "3 rehearsed submissions removed" in capsys.readouterr().out
    file.write_text("{}")
    with pytest.raises(Trouble, match="no list"):
        rehearse.check(file=str(file))
