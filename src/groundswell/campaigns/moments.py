"""Visits and signatures by the minute, added up: what a messenger's hour looked like.

Like `counters`, but with all dimensions at once, so that "from her link, in Vietnamese, at 18:04"
has an answer. What an update costs depends on how many such slices it touches and on nothing else.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from groundswell.base import clock
from groundswell.base.breath import breathe
from groundswell.campaigns import counters
from groundswell.campaigns.models_moments import HeardVisits, Moment

KEPT: Final = timedelta(days=14)  # as minutes; later as hours
HEARD: Final = timedelta(days=2)  # copies of a record come together
_LOOKED_BACK: Final = timedelta(days=60)  # should core have been away
_BATCH: Final = 1_000
_NUMBERS: Final = ("visits", "previews", "collected", "confirmed")
_PLACE: Final = ("page_key", "source", "minute", "language", "country")
_COLUMNS: Final = (*_PLACE, *_NUMBERS)
_CHUNK: Final = 500
_TABLE: Final = "campaigns_moment"
_ROW: Final = "(" + ", ".join(["%s"] * len(_COLUMNS)) + ")"
_UPSERT: Final = (
    f" ON CONFLICT ({', '.join(_PLACE)}) DO UPDATE SET "
    + ", ".join(f"{name} = {_TABLE}.{name} + excluded.{name}" for name in _NUMBERS)
)  # fmt: skip


class Change(NamedTuple):
    """So many more (or, below zero, fewer) in one slice; also a slice as it is read.

    `minute` is UTC, without seconds: see `minute`.
    """

    page_key: UUID
    source: str
    minute: datetime
    language: str
    country: str
    visits: int = 0
    previews: int = 0
    collected: int = 0
    confirmed: int = 0


def minute(moment: datetime) -> datetime:
    """The UTC minute a moment lies in."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def add(changes: Iterable[Change], *, surplus: Collection[tuple[UUID, str]] = ()) -> None:
    """Add the changes, inside the caller's transaction.

    `surplus` are pages and sources that count together, as `counters.add` returns them.
    """
    sums: dict[tuple[UUID, str, datetime, str, str], list[int]] = {}
    aged = clock.now() - KEPT
    for one in changes:
        source = counters.OTHER_SOURCES if (one.page_key, one.source) in surplus else one.source
        when = one.minute if one.minute >= aged else one.minute.replace(minute=0)
        place = (one.page_key, source, when, one.language, one.country)
        total = sums.setdefault(place, [0, 0, 0, 0])
        total[0] += one.visits
        total[1] += one.previews
        total[2] += one.collected
        total[3] += one.confirmed
    # Always the same order, or two writers could wait for each other's rows for ever.
    rows = [Change(*place, *numbers) for place, numbers in sorted(sums.items()) if any(numbers)]
    for start in range(0, len(rows), _CHUNK):
        _upsert(rows[start : start + _CHUNK])


def unheard(records: Collection[UUID], *, at: datetime) -> set[UUID]:
    """Those of the visits' records that have not been added yet; from now on they have.

    Inside the transaction that adds them.
    """
    heard = HeardVisits.objects.filter(record__in=records).values_list("record", flat=True)
    fresh = set(records).difference(heard)
    HeardVisits.objects.bulk_create(HeardVisits(record=one, at=at) for one in sorted(fresh))
    return fresh


def since(
    moment: datetime,
    *,
    page_keys: Collection[UUID] | None = None,
    sources: Collection[str] | None = None,
    until: datetime | None = None,
) -> list[Change]:
    """The slices from a moment's minute on, in order of time; `until` is left out.

    Only of these pages, and only of these sources, if they are given. Ask for minutes of the last
    `KEPT` only: what is older is there by the hour.
    """
    rows = Moment.objects.filter(minute__gte=minute(moment))
    if page_keys is not None:
        rows = rows.filter(page_key__in=page_keys)
    if sources is not None:
        rows = rows.filter(source__in=sources)
    if until is not None:
        rows = rows.filter(minute__lt=until)
    found = rows.order_by("minute", "pk").values_list(*_COLUMNS)
    return [Change(*row) for row in found.iterator(chunk_size=2_000)]


def keep_small() -> None:
    """Make hours of old minutes and forget old records, for core now and then.

    In small transactions, so that the drain never waits long.
    """
    edge = clock.now() - KEPT
    old = Moment.objects.filter(minute__lt=edge, minute__gte=edge - _LOOKED_BACK)
    minutes = old.exclude(minute__minute=0)
    # Hours of UTC, wherever the organisers live: some zones are half an hour off.
    with timezone.override(UTC):
        while _fold(minutes):
            breathe()
    HeardVisits.objects.filter(at__lt=clock.now() - HEARD).delete()


def _fold(minutes: QuerySet[Moment]) -> bool:
    """Add some minutes to their hours; whether there may be more."""
    with transaction.atomic():
        rows = list(minutes.order_by("minute", "pk").select_for_update()[:_BATCH])
        Moment.objects.filter(pk__in=[row.pk for row in rows]).delete()
        add(Change(*(getattr(row, name) for name in _COLUMNS)) for row in rows)
    return len(rows) == _BATCH


def _upsert(rows: list[Change]) -> None:
    values: list[Any] = []
    for row in rows:
        values += _values(row)
    places = ", ".join([_ROW] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} ({', '.join(_COLUMNS)}) VALUES {places}{_UPSERT}",  # noqa: S608  no value is in the text
            values,
        )


def _values(row: Change) -> tuple[Any, ...]:
    native = connection.features.has_native_uuid_field
    key = row.page_key if native else row.page_key.hex
    return (key, row.source, connection.ops.adapt_datetimefield_value(row.minute), *row[3:])
