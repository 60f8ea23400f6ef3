"""Totals by addition: what an update costs does not depend on how many took part."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from django.db import connection

from groundswell.campaigns import networks
from groundswell.campaigns.models_counts import Count
from groundswell.kinds.kind import Kind

Dimension = Literal["all", "window", "country", "language", "source", "text"]
WINDOW_MINUTES: Final = 15
# Anybody can put any word behind `?s=` and would fill our tables with them. So a page remembers
# this many; whatever comes later is counted together. No link can name `~other` itself.
SOURCES_PER_PAGE: Final = 500
OTHER_SOURCES: Final = "~other"
_ALWAYS: Final = {"", OTHER_SOURCES, *networks.CODES}
_CHUNK: Final = 500
_TABLE: Final = "campaigns_count"


class Change(NamedTuple):
    """So many more (or, below zero, fewer) in one slice of a page's count."""

    page_key: UUID
    dimension: Dimension
    value: str
    collected: int
    confirmed: int


class Totals(NamedTuple):
    """`collected`: all that arrived. `confirmed`: those that count."""

    collected: int
    confirmed: int

    def counted(self, kind: Kind) -> int:
        """The number that a page of this kind shows."""
        return self.collected if kind.counts == "collected" else self.confirmed


class Slice(NamedTuple):
    """The totals of one value of a dimension."""

    value: str
    collected: int
    confirmed: int


def window(moment: datetime) -> str:
    """The UTC quarter hour a moment lies in, as `2026-11-21T18:15`."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H}:{utc.minute // WINDOW_MINUTES * WINDOW_MINUTES:02d}"


def change(
    *,
    page_key: UUID,
    at: datetime,
    country: str,
    language: str,
    source: str,
    collected: int = 0,
    confirmed: int = 0,
) -> list[Change]:
    """One event's changes in every dimension; `at` says to which window it belongs."""
    slices: list[tuple[Dimension, str]] = [
        ("all", ""),
        ("window", window(at)),
        ("country", country),
        ("language", language),
        ("source", source),
    ]
    return [Change(page_key, name, value, collected, confirmed) for name, value in slices]


def add(changes: Iterable[Change]) -> set[tuple[UUID, str]]:
    """Add the changes to the totals, inside the caller's transaction.

    Returns the pages and sources of these that are counted as `OTHER_SOURCES`.
    """
    changes = list(changes)
    surplus = _surplus(changes)
    sums: dict[tuple[UUID, str, str], list[int]] = {}
    for one in changes:
        folded = one.dimension == "source" and (one.page_key, one.value) in surplus
        value = OTHER_SOURCES if folded else one.value
        total = sums.setdefault((one.page_key, one.dimension, value), [0, 0])
        total[0] += one.collected
        total[1] += one.confirmed
    # Always the same order, or two writers could wait for each other's rows for ever.
    rows = [
        (*key, collected, confirmed)
        for key, (collected, confirmed) in sorted(sums.items())
        if collected or confirmed
    ]
    for start in range(0, len(rows), _CHUNK):
        _upsert(rows[start : start + _CHUNK])
    return surplus


def know(*, page_key: UUID, sources: Collection[str]) -> None:
    """Keep a name of its own for each of these sources: the door has vouched for them.

    Otherwise somebody could fill a page's list with inventions before a messenger posts.
    """
    Count.objects.bulk_create(
        [Count(page_key=page_key, dimension="source", value=source) for source in sorted(sources)],
        ignore_conflicts=True,
    )


def surplus_sources(*, page_key: UUID, sources: Collection[str]) -> set[str]:
    """Those of a page's sources that are counted as `OTHER_SOURCES`, because it has enough."""
    named = set(sources) - _ALWAYS
    if not named:
        return set()
    stored = Count.objects.filter(page_key=page_key, dimension="source")
    fresh = named.difference(stored.filter(value__in=named).values_list("value", flat=True))
    if not fresh:
        return set()
    room = max(SOURCES_PER_PAGE - stored.exclude(value__in=_ALWAYS).count(), 0)
    return set(sorted(fresh)[room:])


def totals(*, page_key: UUID) -> Totals:
    """A page's totals; zero for a page nobody has signed."""
    row = Count.objects.filter(page_key=page_key, dimension="all").first()
    return Totals(row.collected, row.confirmed) if row else Totals(0, 0)


def all_totals() -> dict[UUID, Totals]:
    """The totals of every page that has any."""
    rows = Count.objects.filter(dimension="all")
    return {row.page_key: Totals(row.collected, row.confirmed) for row in rows}


def windows(*, page_key: UUID, since: datetime) -> list[Slice]:
    """The quarter hours since a moment in which something happened, in order."""
    return _slices(page_key, "window", first=window(since))


def by(*, page_key: UUID, dimension: Dimension) -> list[Slice]:
    """A page's totals by country, language, source or window, in order of the value."""
    return _slices(page_key, dimension)


def _surplus(changes: list[Change]) -> set[tuple[UUID, str]]:
    sources: dict[UUID, set[str]] = {}
    for one in changes:
        if one.dimension == "source":
            sources.setdefault(one.page_key, set()).add(one.value)
    return {
        (page_key, source)
        for page_key, seen in sources.items()
        for source in surplus_sources(page_key=page_key, sources=seen)
    }


def _slices(page_key: UUID, dimension: Dimension, *, first: str = "") -> list[Slice]:
    rows = Count.objects.filter(page_key=page_key, dimension=dimension, value__gte=first)
    return [
        Slice(*row) for row in rows.order_by("value").values_list("value", "collected", "confirmed")
    ]


def _upsert(rows: list[tuple[UUID, str, str, int, int]]) -> None:
    native = connection.features.has_native_uuid_field
    values: list[UUID | str | int] = []
    for page_key, dimension, value, collected, confirmed in rows:
        key = page_key if native else page_key.hex
        values += [key, dimension, value, collected, confirmed]
    places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} (page_key, dimension, value, collected, confirmed)"  # noqa: S608  no value is in the text
            f" VALUES {places} ON CONFLICT (page_key, dimension, value) DO UPDATE SET"
            f" collected = {_TABLE}.collected + excluded.collected,"
            f" confirmed = {_TABLE}.confirmed + excluded.confirmed",
            values,
        )
