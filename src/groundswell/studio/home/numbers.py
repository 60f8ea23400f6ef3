"""Every number of the dashboard, read from the counter's sums and never counted from rows.

The cost does not depend on how many took part: one row per quarter hour, country, language and
source of each page is all there is to read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from django.db.models import Sum
from django.utils import timezone

from groundswell.campaigns.models_counts import Count
from groundswell.studio.home import names
from groundswell.studio.home.plot import Bar, Plot, draw

Unit = Literal["hour", "day"]
HOURS: Final = 48
DAYS: Final = 30
_SEGMENTS: Final[dict[Unit, int]] = {"hour": 4, "day": 5}
_WINDOW: Final = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Tally:
    """What one page, or several together, have reached."""

    collected: int = 0
    confirmed: int = 0
    collected_today: int = 0
    confirmed_today: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.collected + other.collected,
            self.confirmed + other.confirmed,
            self.collected_today + other.collected_today,
            self.confirmed_today + other.confirmed_today,
        )


@dataclass(frozen=True)
class Share:
    """One country, language or source and what came from it."""

    value: str
    collected: int
    confirmed: int


def tallies(*, page_keys: Collection[UUID], now: datetime) -> dict[UUID, Tally]:
    """The totals of each page, and of today in the organisers' time zone. Two queries."""
    midnight = now.astimezone(_zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    totals = _per_page(page_keys, dimension="all")
    today = _per_page(page_keys, dimension="window", value__gte=_window(midnight))
    return {key: Tally(*totals[key], *today[key]) for key in page_keys}


def plot(*, page_keys: Collection[UUID], unit: Unit, now: datetime) -> Plot:
    """The last 48 hours or 30 days of all these pages together, drawn. One query."""
    starts = list(_starts(unit, now))
    sums: dict[datetime | date, list[int]] = {start: [0, 0] for start in starts}
    for value, collected, confirmed in _windows(page_keys, since=_beginning(starts[0])):
        bucket = sums.get(_bucket(unit, datetime.fromisoformat(value).replace(tzinfo=UTC)))
        if bucket is not None:
            bucket[0] += collected
            bucket[1] += confirmed
    return draw([_bar(unit, start, *sums[start]) for start in starts], segments=_SEGMENTS[unit])


def breakdown(*, page_keys: Collection[UUID], dimension: str) -> list[Share]:
    """How the totals divide by country, language or source, the largest first. One query."""
    rows = (
        Count.objects.filter(page_key__in=page_keys, dimension=dimension)
        .values_list("value")
        .annotate(sent=Sum("collected"), sure=Sum("confirmed"))
        .order_by("-sent", "value")
    )
    return [Share(*row) for row in rows if row[1] or row[2]]


def _per_page(
    page_keys: Collection[UUID], *, dimension: str, **more: str
) -> defaultdict[UUID, tuple[int, int]]:
    rows = (
        Count.objects.filter(page_key__in=page_keys, dimension=dimension, **more)
        .values_list("page_key")
        .annotate(Sum("collected"), Sum("confirmed"))
    )
    return defaultdict(lambda: (0, 0), {key: (sent, sure) for key, sent, sure in rows})


def _windows(page_keys: Collection[UUID], *, since: datetime) -> Iterator[tuple[str, int, int]]:
    return (
        Count.objects.filter(page_key__in=page_keys, dimension="window", value__gte=_window(since))
        .values_list("value")
        .annotate(Sum("collected"), Sum("confirmed"))
        .iterator()
    )


def _starts(unit: Unit, now: datetime) -> Iterator[datetime | date]:
    if unit == "day":
        today = now.astimezone(_zone()).date()
        yield from (today - timedelta(days=n) for n in range(DAYS - 1, -1, -1))
    else:
        hour = _hour(now)
        yield from (hour - timedelta(hours=n) for n in range(HOURS - 1, -1, -1))


def _bucket(unit: Unit, moment: datetime) -> datetime | date:
    return moment.astimezone(_zone()).date() if unit == "day" else _hour(moment)


def _hour(moment: datetime) -> datetime:
    # By the local clock, since some zones are half an hour off; then in UTC, since the clock that
    # goes back in autumn has one hour twice.
    local = moment.astimezone(_zone()).replace(minute=0, second=0, microsecond=0)
    return local.astimezone(UTC)


def _beginning(start: datetime | date) -> datetime:
    if isinstance(start, datetime):
        return start
    return datetime(start.year, start.month, start.day, tzinfo=_zone())


def _window(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_WINDOW)


def _bar(unit: Unit, start: datetime | date, collected: int, confirmed: int) -> Bar:
    moment = _beginning(start).astimezone(_zone())
    locale = names.locale()
    if unit == "day":
        long, short = (
            format_skeleton(skeleton, moment, tzinfo=_zone(), locale=locale)
            for skeleton in ("yMMMEd", "MMMd")
        )
    else:
        clock = f"{moment:%H:%M}"
        day = format_skeleton("MMMEd", moment, tzinfo=_zone(), locale=locale)
        long, short = f"{day}, {clock}", f"{format_date(moment, 'EEE', locale=locale)} {clock}"
    return Bar(long, short, collected, confirmed)


def _zone() -> ZoneInfo:
    zone = timezone.get_default_timezone()
    assert isinstance(zone, ZoneInfo)  # noqa: S101  Django makes nothing else of TIME_ZONE
    return zone
