"""What the door counted is added to the minutes, exactly once, beside what came of it."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from groundswell.base import clock, wire
from groundswell.campaigns import counters, moments
from groundswell.campaigns.models_moments import HeardVisits, Moment
from groundswell.intake import visits as door
from groundswell.people import drain
from groundswell.people.erase import erase
from groundswell.people.models import Participation, Quarantine
from groundswell.people.tests.journal import PAGE, click, sign, write
from groundswell.people.withdraw import withdraw

pytestmark = pytest.mark.django_db
NOW: Final = clock.now().replace(second=30, microsecond=0)
MINUTE: Final = NOW.replace(second=0)
NEXT: Final = MINUTE + timedelta(minutes=1)
NAME: Final = f"{PAGE.hex} x7p2 {MINUTE:%Y-%m-%dT%H:%M} ar VN"


def told(fields: dict[str, str], **changes: object) -> wire.Submission:
    """A record as the door makes it."""
    made = wire.decode_submission(door.record(os.urandom(16), fields, at=clock.to_ms(NOW)))
    values = {name: getattr(made, name) for name in made.__struct_fields__}
    return wire.Submission(**{**values, **changes})


def sums() -> dict[tuple[str, str, str], tuple[int, int, int, int]]:
    """Visits, previews, collected and confirmed by source, language and country."""
    return {
        (row.source, row.language, row.country): tuple(row[5:])  # type: ignore[misc]
        for row in moments.since(NOW, page_keys=[PAGE])
    }


def test_it_adds_visits_to_their_minute(tmp_path: Path) -> None:
    other = f"{PAGE.hex} x7p2 {NEXT:%Y-%m-%dT%H:%M} ar VN"
    plain = f"{PAGE.hex} x7p2 {MINUTE:%Y-%m-%dT%H:%M} en "
    records = [told({NAME: "3 1", plain: "2 0"}), told({NAME: "4 0", other: "1 0"})]
    assert drain.drain(write(tmp_path, records)) == 2
    assert [row[1:] for row in moments.since(NOW)] == [
        ("x7p2", MINUTE, "ar", "VN", 7, 1, 0, 0),
        ("x7p2", MINUTE, "en", "", 2, 0, 0, 0),
        ("x7p2", NEXT, "ar", "VN", 1, 0, 0, 0),
    ]
    assert not Participation.objects.exists()


def test_it_puts_what_came_of_it_beside_it(tmp_path: Path) -> None:
    at = clock.to_ms(NOW)
    first, second = (
        sign(f"{name}@example.org", at=at, source="x7p2", lang="ar", fields={"country": "VN"})
        for name in ("ada", "bea")
    )
    drain.drain(write(tmp_path, [told({NAME: "9 0"}), first, second]))
    assert sums() == {("x7p2", "ar", "VN"): (9, 0, 2, 0)}
    drain.drain(write(tmp_path, [click(first), click(second)]))
    assert [row[1:] for row in moments.since(NOW)] == [
        ("x7p2", MINUTE, "ar", "VN", 9, 0, 2, 0),
        ("x7p2", NEXT, "ar", "VN", 0, 0, 0, 2),
    ]


def test_it_takes_back_what_is_taken_back(tmp_path: Path) -> None:
    at = clock.to_ms(NOW)
    signed = [sign(f"p{n}@example.org", at=at) for n in range(3)]
    drain.drain(write(tmp_path, [*signed, *map(click, signed)]))
    assert (_total("collected"), _total("confirmed")) == (3, 3)
    withdraw(submission_id=UUID(bytes=signed[0].id), at=clock.now())
    erase(submission_id=UUID(bytes=signed[1].id), at=clock.now())
    assert (_total("collected"), _total("confirmed")) == (3, 1)


def _total(name: str) -> int:
    return sum(Moment.objects.values_list(name, flat=True))


def test_it_agrees_with_the_counters(tmp_path: Path) -> None:
    signed = [sign(f"p{n}@example.org", source=f"s{n % 3}") for n in range(20)]
    drain.drain(write(tmp_path, [*signed, *map(click, signed[:7])]))
    for one in counters.by(page_key=PAGE, dimension="source"):
        rows = Moment.objects.filter(page_key=PAGE, source=one.value)
        assert sum(rows.values_list("collected", flat=True)) == one.collected
        assert sum(rows.values_list("confirmed", flat=True)) == one.confirmed


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "later"])
def test_it_adds_a_record_once_that_a_bad_disk_left_twice(tmp_path: Path, together: bool) -> None:
    record = told({NAME: "5 0"})
    for batch in [[record, record]] if together else [[record], [record]]:
        drain.drain(write(tmp_path, batch))
    assert sums() == {("x7p2", "ar", "VN"): (5, 0, 0, 0)}


def test_control_it_would_add_it_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "unheard", lambda records, at: set(records))
    record = told({NAME: "5 0"})
    for _ in range(2):
        drain.drain(write(tmp_path, [record]))
    assert sums() == {("x7p2", "ar", "VN"): (10, 0, 0, 0)}


@pytest.mark.parametrize(
    "broken",
    [
        lambda: told({"what": "1 0"}),
        lambda: told({NAME: "1"}),
        lambda: told({NAME: "-1 0"}),
        lambda: told({NAME: "1 0 0"}),
        lambda: told({NAME: "9999999999 0"}),
        lambda: told({NAME.replace(":", ":9", 1): "1 0"}),
        lambda: told({NAME.replace("x7p2", "X7P2"): "1 0"}),
        lambda: told({NAME.replace("VN", "vn"): "1 0"}),
        lambda: told({NAME.replace("VN", "VN "): "1 0"}),
        lambda: told({NAME: "1 0"}, page=PAGE.hex),
        lambda: told({NAME: "1 0"}, source="x7p2"),
        lambda: told({NAME: "1 0"}, consents={"news": "1"}),
        lambda: told({NAME: "1 0"}, id=b"short"),
    ],
)
def test_it_sets_aside_what_the_door_cannot_have_written(
    tmp_path: Path, broken: Callable[[], wire.Submission]
) -> None:
    drain.drain(write(tmp_path, [broken(), told({NAME: "2 0"})]))
    assert Quarantine.objects.count() == 1
    assert sums() == {("x7p2", "ar", "VN"): (2, 0, 0, 0)}


def test_it_keeps_a_messengers_name_on_a_page_full_of_inventions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "SOURCES_PER_PAGE", 2)
    drain.drain(write(tmp_path, [sign(f"{s}@example.org", source=s) for s in ("a", "b", "c")]))
    drain.drain(write(tmp_path, [told({NAME: "1 0"})]))
    drain.drain(write(tmp_path, [sign("z@example.org", source="x7p2"), sign(source="d")]))
    found = {row.source: row.collected for row in Moment.objects.filter(collected__gt=0)}
    assert found == {"a": 1, "b": 1, "~other": 2, "x7p2": 1}
    assert {one.value for one in counters.by(page_key=PAGE, dimension="source")} == {*found}


def test_it_forgets_records_when_no_copy_can_come_any_more(tmp_path: Path) -> None:
    drain.drain(write(tmp_path, [told({NAME: "1 0"})]))
    moments.keep_small()
    assert HeardVisits.objects.count() == 1
    HeardVisits.objects.update(at=clock.now() - moments.HEARD - timedelta(minutes=1))
    moments.keep_small()
    assert not HeardVisits.objects.exists()
