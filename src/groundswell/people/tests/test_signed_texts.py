"""How many signed which text of a letter: added to, taken from, and counted again."""

from pathlib import Path

import pytest

from groundswell.base import clock, wire
from groundswell.campaigns import counters
from groundswell.people import drain, recount
from groundswell.people.erase import empty, erase
from groundswell.people.models import Consent, Participation
from groundswell.people.tests.journal import PAGE, click, sign, write
from groundswell.people.withdraw import withdraw

pytestmark = pytest.mark.django_db


def letter(email: str, text: str, *, lang: str = "en") -> wire.Submission:
    return sign(email, kind="open_letter", consents={"text": text, "display": "a"}, lang=lang)


def texts() -> dict[str, int]:
    found = counters.by(page_key=PAGE, dimension="text")
    return {one.value: one.confirmed for one in found if one.confirmed}


def fill(folder: Path) -> list[Participation]:
    signed = [
        letter("a@example.org", "1"),
        letter("b@example.org", "2"),
        letter("c@example.org", "2"),
        letter("d@example.org", "2", lang="ar"),
        letter("e@example.org", "2"),
    ]
    drain.drain(write(folder, [*signed, *[click(one) for one in signed[:4]]]))
    return list(Participation.objects.order_by("pk"))


def test_it_counts_each_confirmed_signature_for_the_text_it_names(tmp_path: Path) -> None:
    fill(tmp_path)
    assert texts() == {"en.1": 1, "en.2": 2, "ar.2": 1}
    assert recount.recount(page_key=PAGE) == []


def test_it_counts_nobody_who_left(tmp_path: Path) -> None:
    rows = fill(tmp_path)
    withdraw(submission_id=rows[1].submission_id, at=clock.now())
    erase(submission_id=rows[3].submission_id, at=clock.now())
    assert texts() == {"en.1": 1, "en.2": 1}
    assert not Consent.objects.filter(participation=rows[3]).exists()
    assert recount.recount(page_key=PAGE) == []


def test_it_counts_on_when_all_else_was_forgotten(tmp_path: Path) -> None:
    row = fill(tmp_path)[0]
    empty([row], at=clock.now(), by="core")
    assert [one.purpose for one in Consent.objects.filter(participation=row)] == ["text"]
    assert texts()["en.1"] == 1
    assert recount.recount(page_key=PAGE) == []


def test_it_finds_a_sum_that_is_wrong(tmp_path: Path) -> None:
    fill(tmp_path)
    counters.add([counters.Change(PAGE, "text", "en.1", 0, 7)])
    assert [(one.value, one.stored, one.true) for one in recount.recount(page_key=PAGE)] == [
        ("en.1", (0, 8), (0, 1))
    ]
