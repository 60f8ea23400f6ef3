"""`groundswell directory refresh` as an operator types it."""

import pytest

from groundswell import cli
from groundswell.base import env
from groundswell.directory.models import Edition
from groundswell.directory.sources import asking
from groundswell.directory.sources.tests import answers
from tests.support.answering import Web, answering

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    here = env.read({"GROUNDSWELL_FETCH_ALLOW": "127.0.0.1/32", "GROUNDSWELL_VAR": env.load().var})
    monkeypatch.setattr(env, "load", lambda: here)
    monkeypatch.setattr(asking.Asking, "pause", lambda _self, _seconds: None)


def refresh(web: Web, *words: str) -> int:
    return cli.main(["directory", "refresh", *words, "--mirror", web.url])


def test_it_lists_what_can_be_refreshed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["directory", "refresh"]) == 0
    said = capsys.readouterr().out
    assert "gb_members" in said
    assert "wikidata" in said
    assert "(needs --country)" in said


def test_it_says_what_it_did_and_how_to_undo_it(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [answers.holder("Q1"), answers.holder("Q2", start="2011-01-01T00:00:00Z")]
    with answering(answers.wikidata(*rows)) as web:
        assert refresh(web, "wikidata", "--country", "am") == 0
    said = capsys.readouterr().out
    number = Edition.objects.get().pk
    assert said.index("Asking wikidata…") < said.index("Loading it…") < said.index("1 named")
    assert "not taken: Անուն Q2 (Q2)" in said
    assert f"`groundswell directory undo {number}` takes it back" in said
    assert "Name the source where you show it: Wikidata (CC0 1.0)." in said


def test_it_only_looks_in_a_dry_run(capsys: pytest.CaptureFixture[str]) -> None:
    with answering(answers.ca(2)) as web:
        assert refresh(web, "ca_represent", "--dry-run", "--anyway") == 0
    assert "this was a dry run" in capsys.readouterr().out
    assert not Edition.objects.exists()


def test_it_says_in_one_line_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    with answering({"/representatives/house-of-commons/": b"<html>gone</html>"}) as web:
        assert refresh(web, "ca_represent") == 2
    said = capsys.readouterr().err
    assert "answers with a web page instead of data" in said
    assert said.count("\n") == 1
    assert not Edition.objects.exists()


def test_it_goes_into_no_private_network_without_leave(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = env.read({"GROUNDSWELL_VAR": env.load().var})
    monkeypatch.setattr(env, "load", lambda: strict)
    with answering(answers.ca(2)) as web:
        assert refresh(web, "ca_represent", "--anyway") == 2
        assert not web.asked
    assert "was not asked" in capsys.readouterr().err


def test_it_names_the_sources_for_one_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["directory", "refresh", "us_senate"]) == 2
    assert "us_congress, us_zip, gb_members" in capsys.readouterr().err
