"""Sums that are added to are what the rows add up to, and a recount says so."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.base import clock
from groundswell.campaigns import counters
from groundswell.campaigns.models import Count
from groundswell.people import drain, recount
from groundswell.people.tests.journal import PAGE, click, sign, write

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 11, 21, 18, 29, 59, tzinfo=UTC)


def signature(**counts: int) -> list[counters.Change]:
    return counters.change(
        page_key=PAGE, at=MOMENT, country="FR", language="fr", source="", **counts
    )


def test_it_adds_in_every_dimension() -> None:
    counters.add(signature(collected=2) + signature(collected=1, confirmed=1))
    counters.add(signature(confirmed=-1))
    assert counters.totals(page_key=PAGE) == (3, 0)
    assert counters.by(page_key=PAGE, dimension="country") == [("FR", 3, 0)]
    assert counters.windows(page_key=PAGE, since=MOMENT) == [("2026-11-21T18:15", 3, 0)]
    assert counters.windows(page_key=PAGE, since=MOMENT + timedelta(minutes=1)) == []
    assert counters.all_totals() == {PAGE: (3, 0)}
    assert counters.totals(page_key=UUID(int=1)) == (0, 0)


def test_it_writes_nothing_for_changes_that_cancel_out() -> None:
    counters.add(signature(confirmed=1) + signature(confirmed=-1))
    assert not Count.objects.exists()


def test_it_costs_one_statement_however_many_take_part() -> None:
    for number in (1, 1000):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            counters.add(change for _ in range(number) for change in signature(collected=1))
        assert len(queries) == 1
    assert counters.totals(page_key=PAGE).collected == 1001


def fill(folder: Path) -> None:
    hours = [clock.to_ms(MOMENT) + 3_600_000 * number for number in range(5)]
    signed = [
        sign(f"p{number}@example.org", at=at, lang=["en", "ar"][number % 2])
        for number, at in enumerate(hours)
    ]
    drain.drain(write(folder, [*signed, *[click(one) for one in signed[:3]]]))


def test_it_finds_nothing_wrong_with_what_was_drained(tmp_path: Path) -> None:
    fill(tmp_path)
    assert recount.recount(page_key=PAGE) == []
    recount.check()


def test_it_finds_and_repairs_a_wrong_sum(tmp_path: Path) -> None:
    fill(tmp_path)
    Count.objects.filter(dimension="language", value="en").update(confirmed=99)
    Count.objects.filter(dimension="window").delete()
    counters.add([counters.Change(PAGE, "country", "XX", 1, 0)])
    wrong = recount.recount(page_key=PAGE)
    assert (PAGE, "language", "en", (3, 99), (3, 2)) in wrong
    assert (PAGE, "country", "XX", (1, 0), (0, 0)) in wrong
    with pytest.raises(recount.Miscounted, match="sums differ"):
        recount.check()
    assert recount.repair(page_key=PAGE) == wrong
    recount.check()


@pytest.mark.django_db(transaction=True)
def test_it_recounts_what_stood_at_one_moment(tmp_path: Path) -> None:
    fill(tmp_path)
    assert recount.recount(page_key=PAGE) == []
    assert not connection.in_atomic_block
