"""Letters that came back with a backup wait for a word, and the doctor says so."""

from pathlib import Path

import pytest

from groundswell.ops import letters
from groundswell.ops.doctor import database
from groundswell.people import drain, letters_restored
from groundswell.people.tests.journal import click
from groundswell.people.tests.journal import write as journal
from groundswell.people.tests.letterpages import campaign, letter_page, offices, write

pytestmark = pytest.mark.django_db


def test_it_tells_of_what_is_held(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(database._restored()) == []
    offices()
    written = write(letter_page(campaign()))
    drain.drain(journal(tmp_path, [written, click(written)]))
    letters_restored.hold()
    (finding,) = database._restored()
    assert finding.text.startswith("1 letters came back")
    assert "groundswell letters go" in finding.mend
    letters.tell_restored()
    assert "1 letters came back" in capsys.readouterr().out
