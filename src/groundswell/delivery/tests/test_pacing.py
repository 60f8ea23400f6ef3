"""Letters leave at a pace that offices and their servers bear, and in their hours."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from groundswell.base import clock
from groundswell.delivery import claims, hours, pacing
from groundswell.delivery.channels.email.channel import Email
from groundswell.delivery.models import Pace, Parcel, TargetTally
from groundswell.delivery.tests import letters
from groundswell.delivery.tests.mailserver import use_settings

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """A clock that stands; its first entry is the time."""
    time = [NOON]
    monkeypatch.setattr(clock, "now", lambda: time[0])
    return time


def pace(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
    use_settings(monkeypatch, **({"letters_per_hour": 0, "letters_per_minute": 0} | settings))


def claimed(now: datetime) -> int:
    return sum(len(one.parcels) for one in claims.claim(Email(), limit=50, now=now))


def leave(now: list[datetime], *, over: timedelta, each: timedelta) -> list[datetime]:
    """When letters left while time went by."""
    left, until = [], now[0] + over
    while now[0] < until:
        left += [now[0]] * claimed(now[0])
        now[0] += each
    return left


def test_it_keeps_the_hourly_pace_of_one_target(
    now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    pace(monkeypatch, letters_per_hour=30)
    letters.queue(200)
    left = leave(now, over=timedelta(hours=3), each=timedelta(seconds=20))
    assert 80 <= len(left) <= 100
    gaps = {(after - before).total_seconds() for before, after in pairwise(left)}
    assert min(gaps) >= 90
    assert len(gaps) > 2  # not as by clockwork


def test_it_would_send_all_at_once_without_a_pace(
    now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    pace(monkeypatch)
    letters.queue(40)
    assert claimed(now[0]) == 40


def test_it_keeps_one_pace_over_several_pages(
    now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    pace(monkeypatch, letters_per_hour=30)
    letters.queue(5)
    letters.queue(5, page_key=letters.CAMPAIGN)
    assert claimed(now[0]) == 1
    assert claimed(now[0] + timedelta(minutes=1)) == 0
    assert claimed(now[0] + timedelta(minutes=3)) == 1


def test_it_keeps_the_pace_of_a_domain(
    now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    pace(monkeypatch, letters_per_minute=60)
    letters.queue(100, targets=50)
    left = leave(now, over=timedelta(minutes=1), each=timedelta(seconds=0.25))
    assert 40 <= len(left) <= 62
    assert max(left.count(moment) for moment in left) == 1
    assert Pace.objects.get().name == "at rivers.example"


def test_it_lets_no_target_hold_up_another(
    now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    pace(monkeypatch, letters_per_hour=1)
    letters.queue(300, targets=1)
    letters.queue(3, targets=3)
    assert claimed(now[0]) == 3


def test_it_waits_for_the_office_to_open(
    now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    pace(monkeypatch)
    letters.queue(3, hours="Mo-Fr 09:00-17:00", zone="Asia/Tokyo")  # 21:00 there
    assert claimed(now[0]) == 0
    morning = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)
    assert TargetTally.objects.get().wake_at == morning
    assert claimed(morning) == 3


def test_it_does_not_wait_if_it_need_not(
    now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    pace(monkeypatch, letters_office_hours=False)
    letters.queue(3, hours="Mo-Fr 09:00-17:00", zone="Asia/Tokyo")
    assert claimed(now[0]) == 3


@pytest.mark.parametrize(
    ("text", "zone", "opens"),
    [
        ("Mo-Fr 09:00-17:00", "Europe/Berlin", None),
        ("Mo-Tu 09:00-17:00", "UTC", "2026-11-30 09:00"),
        ("We 13:00-14:00; Th 08:00-09:00", "UTC", "2026-11-25 13:00"),
        ("We 08:00-12:00", "UTC", "2026-12-02 08:00"),
        ("Sa-Su,We 11:00-12:30", "UTC", None),
        ("10:00-18:00", "UTC", None),
        ("Mo-Fr 09:00-17:00", "America/Los_Angeles", "2026-11-25 17:00"),
        ("whenever", "UTC", None),
        ("Mo-Xx 09:00-17:00", "UTC", None),
        ("Mo-Fr 17:00-09:00", "UTC", None),
        ("Mo 09:00-10:00", "Mars/Olympus", None),
        ("Mo 09:00-10:00", "../../etc/passwd", None),
        ("", "UTC", None),
        ("Mo 09:00-10:00", "", None),
    ],
)
def test_it_reads_office_hours(text: str, zone: str, opens: str | None) -> None:
    found = hours.opens(NOON, hours=text, zone=zone)
    assert (found and f"{found:%Y-%m-%d %H:%M}") == opens


def test_it_reads_them_over_a_change_of_the_clocks() -> None:
    friday = datetime(2026, 10, 23, 18, 0, tzinfo=UTC)
    found = hours.opens(friday, hours="Mo-Fr 09:00-17:00", zone="Europe/Berlin")
    assert found == datetime(2026, 10, 26, 8, 0, tzinfo=UTC)


def test_it_waits_longer_each_time() -> None:
    waits = [pacing.later(tries).total_seconds() for tries in range(20)]
    assert 225 <= waits[0] <= 375
    assert max(waits) <= 15 * 3600
    assert waits[6] > waits[2]


def test_it_looks_at_a_queue_again_when_its_next_letter_is_due(
    now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    pace(monkeypatch)
    one, two = letters.queue(2)
    later = now[0] + timedelta(hours=5)
    Parcel.objects.filter(pk=two.pk).update(due_at=later)
    assert claimed(now[0]) == 1
    assert TargetTally.objects.get().wake_at == later
    letters.queue(1)
    assert TargetTally.objects.get().wake_at == now[0]
    assert claimed(now[0]) == 1
    assert one.pk != two.pk
