"""The minutes of a post: added up by page, source, language and country, and kept small."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from groundswell.base import clock
from groundswell.campaigns import counters, moments
from groundswell.campaigns.models_moments import Moment
from groundswell.campaigns.moments import Change

pytestmark = pytest.mark.django_db
PAGE: Final = UUID(int=7)
OTHER: Final = UUID(int=8)


def change(at: datetime, source: str = "x7p2", page: UUID = PAGE, **numbers: int) -> Change:
    return Change(page, source, moments.minute(at), "ar", "VN", **numbers)


def test_it_knows_the_minute_in_any_zone() -> None:
    moment = datetime.fromisoformat("2026-11-22T23:34:59.9+05:30")
    assert moments.minute(moment) == datetime(2026, 11, 22, 18, 4, tzinfo=UTC)


def test_it_adds_to_what_is_there_in_one_statement() -> None:
    now = clock.now()
    moments.add([change(now, visits=3), change(now, collected=1)])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        moments.add(
            [change(now, visits=n, previews=1) for n in range(5)]
            + [change(now, "b4k9", collected=2)]
        )
    assert len(queries) == 1
    found = {row.source: row[5:] for row in moments.since(now)}
    assert found == {"x7p2": (13, 5, 1, 0), "b4k9": (0, 0, 2, 0)}


def test_it_writes_nothing_of_nothing() -> None:
    moments.add([change(clock.now(), collected=1), change(clock.now(), collected=-1)])
    assert not Moment.objects.exists()


def test_it_counts_together_what_the_counters_count_together() -> None:
    moments.add([change(clock.now(), "made-up", collected=1)], surplus={(PAGE, "made-up")})
    assert Moment.objects.get().source == counters.OTHER_SOURCES


def test_it_finds_what_was_asked_for() -> None:
    now = clock.now()
    earlier = now - timedelta(minutes=5)
    moments.add([change(earlier, visits=1), change(now, visits=2), change(now, "b4k9", visits=3)])
    moments.add([change(now, page=OTHER, visits=4)])

    def visits(since: datetime, **only: object) -> list[int]:
        return [row.visits for row in moments.since(since, **only)]  # type: ignore[arg-type]

    assert sorted(visits(earlier)) == [1, 2, 3, 4]
    assert sorted(visits(now)) == [2, 3, 4]
    assert visits(earlier, until=moments.minute(now)) == [1]
    assert visits(earlier, page_keys=[OTHER]) == [4]
    assert visits(earlier, sources=["b4k9"]) == [3]
    assert visits(earlier, page_keys=[OTHER], sources=["b4k9"]) == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata"])
def test_it_makes_hours_of_old_minutes(zone: str) -> None:
    now = clock.now().replace(second=0, microsecond=0)
    hour = (now - moments.KEPT - timedelta(days=1)).replace(minute=0)
    Moment.objects.bulk_create(
        Moment(page_key=PAGE, source="x7p2", minute=at, language="ar", country="VN", visits=1)
        for at in [*(hour + timedelta(minutes=n) for n in range(120)), now]
    )
    with override_settings(TIME_ZONE=zone):
        moments.keep_small()
        moments.keep_small()
    found = {row.minute: row.visits for row in moments.since(hour)}
    assert found == {hour: 60, hour + timedelta(hours=1): 60, now: 1}


def test_it_adds_to_the_hour_what_comes_late() -> None:
    """Somebody withdraws what they signed a month ago."""
    at = (clock.now() - timedelta(days=30)).replace(minute=17)
    moments.add([change(at, confirmed=-1)])
    assert Moment.objects.get().minute == moments.minute(at).replace(minute=0)


def test_it_goes_on_where_it_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "_BATCH", 7)
    at = (clock.now() - moments.KEPT - timedelta(days=1)).replace(minute=0)
    for n in range(1, 30):
        Moment.objects.create(
            page_key=PAGE, source="x7p2", minute=moments.minute(at) + timedelta(minutes=n), visits=1
        )
    moments.keep_small()
    assert [row.visits for row in moments.since(at)] == [29]


def test_it_keeps_names_for_what_the_door_vouches_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "SOURCES_PER_PAGE", 1)
    counters.know(page_key=PAGE, sources={"x7p2", "b4k9"})
    counters.know(page_key=PAGE, sources={"x7p2"})
    surplus = counters.surplus_sources(page_key=PAGE, sources={"x7p2", "b4k9", "made-up"})
    assert surplus == {"made-up"}
