"""The hour of the post, minute by minute: one cheap read a second, however many are watching.

Minutes that are over hardly change, so they are kept in memory, folded; each look reads the last
few anew, by an index, and a part of the older ones, so that within `WHOLE_EVERY` all had their
turn. Nothing here asks the public door for anything: what it counted reaches the database by
itself.
"""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet, Sum

from groundswell.base import clock
from groundswell.campaigns import moments
from groundswell.campaigns.models_moments import Moment
from groundswell.messengers import forecast, queries_effect
from groundswell.messengers.effect import Part, Sums, largest_first, total
from groundswell.messengers.forecast import Start
from groundswell.messengers.models import TrackedLink

LONGEST: Final = timedelta(hours=24)
FRESH: Final = timedelta(seconds=0.8)  # several who watch the same campaign share a look
MOVING: Final = timedelta(minutes=4)  # what came late still moves these
WHOLE_EVERY: Final = timedelta(seconds=20)
_REMEMBERED: Final = 16
_MINUTE: Final = timedelta(minutes=1)
_NUMBERS: Final = ("visits", "previews", "collected", "confirmed")


@dataclass(frozen=True)
class Minute:
    """One minute: what came by tracked links, what came without one, and what was expected."""

    at: datetime
    linked: Sums
    others: Sums
    expected: float


@dataclass(frozen=True)
class Live:
    """A campaign's last minutes up to `as_of`, every minute there, the oldest first.

    The parts are of what came by tracked links; a messenger's `value` is their name, "" for the
    campaign's own links. `starts` are the posts recorded or planned in or before that time.
    """

    as_of: datetime
    minutes: tuple[Minute, ...]
    linked: Sums
    others: Sums
    messengers: tuple[Part, ...]
    networks: tuple[Part, ...]
    languages: tuple[Part, ...]
    countries: tuple[Part, ...]
    starts: tuple[Start, ...]

    @property
    def expected(self) -> float:
        """How many visits were to come in these minutes."""
        return sum(one.expected for one in self.minutes)

    @property
    def is_forecast(self) -> bool:
        """Whether anybody's post says what to expect."""
        return any(start.audience for start in self.starts)


class Fold:
    """A minute's sums, by each dimension; `others` came without a tracked link."""

    def __init__(self) -> None:
        self.links: dict[str, Sums] = {}
        self.languages: dict[str, Sums] = {}
        self.countries: dict[str, Sums] = {}
        self.others = Sums()


class Window:
    """The folded minutes of one campaign, read no more often than they can have changed."""

    def __init__(self, campaign_key: UUID) -> None:
        self.campaign_key = campaign_key
        self.folds: dict[datetime, Fold] = {}
        self.links: dict[str, TrackedLink] = {}
        self._pages: set[UUID] = set()
        self._since: datetime | None = None
        self._read_at: datetime | None = None
        self._swept: datetime | None = None
        self._lock = threading.Lock()

    def look(self, *, since: datetime, now: datetime) -> dict[datetime, Fold]:
        """The minutes from `since` on in which something happened."""
        with self._lock:
            stale = self._read_at is None or not timedelta(0) <= now - self._read_at < FRESH
            longer = self._since is None or since < self._since
            # After a pause, or a clock set back, what is remembered cannot be trusted.
            paused = self._read_at is None or abs(now - self._read_at) > MOVING / 2
            if stale or longer:
                self._read(since, now, whole=longer or paused)
            return {at: fold for at, fold in self.folds.items() if at >= since}

    def _read(self, since: datetime, now: datetime, *, whole: bool) -> None:
        self._pages = queries_effect.page_keys(self.campaign_key) if whole else self._pages
        links = TrackedLink.objects.filter(campaign_key=self.campaign_key)
        self.links = {link.code: link for link in links.select_related("messenger")}
        moving = moments.minute(now) - MOVING
        if whole:
            self._since, self._swept = since, since
            self._renew(since, None)
        else:
            self._renew(max(since, moving), None)
            self._sweep(since, moving, now)
        self._read_at = now

    def _sweep(self, since: datetime, until: datetime, now: datetime) -> None:
        """Read the next of the minutes that are over, so that all have their turn."""
        share = (now - self._read_at) / WHOLE_EVERY if self._read_at else 1.0
        length = max(_MINUTE, (until - since) * min(share, 1.0))
        start = self._swept if self._swept and since <= self._swept < until else since
        end = moments.minute(start + length) + _MINUTE
        if start < until:
            self._renew(start, min(end, until))
        self._swept = end

    def _renew(self, first: datetime, end: datetime | None) -> None:
        """Read the minutes from one to before another anew. Four reads, each by an index."""
        self.folds = {
            at: fold
            for at, fold in self.folds.items()
            if at < first or (end is not None and at >= end)
        }
        rows = Moment.objects.filter(minute__gte=first)
        rows = rows if end is None else rows.filter(minute__lt=end)
        codes = list(self.links)
        linked = rows.filter(source__in=codes)
        for at, code, sums in _summed(linked, "source"):
            self._fold(at).links[code] = sums
        for at, code, sums in _summed(linked, "language"):
            self._fold(at).languages[code] = sums
        for at, code, sums in _summed(linked, "country"):
            countries = self._fold(at).countries
            countries[code.upper()] = countries.get(code.upper(), Sums()).plus(sums)
        # Not by page in the database: SQLite would then walk all of a page's past.
        pages = self._pages | {link.page_key for link in self.links.values()}
        for at, key, sums in _summed(rows.exclude(source__in=codes), "page_key"):
            if key in pages:
                self._fold(at).others = self._fold(at).others.plus(sums)

    def _fold(self, at: datetime) -> Fold:
        return self.folds.setdefault(at, Fold())


def _summed(rows: "QuerySet[Moment]", by: str) -> Iterator[tuple[datetime, Any, Sums]]:
    """The sums of each minute and value of one column."""
    grouped: Any = rows.order_by().values_list("minute", by)
    for at, value, *sums in grouped.annotate(**{f"sum_{name}": Sum(name) for name in _NUMBERS}):
        yield at, value, Sums(*sums)


_windows: OrderedDict[UUID, Window] = OrderedDict()
_guard: Final = threading.Lock()


def look(campaign_key: UUID, *, minutes: int = 60, now: datetime | None = None) -> Live:
    """The last so many minutes of a campaign, the present one included; a day at most."""
    now = now or clock.now()
    last = moments.minute(now)
    number = max(1, min(minutes, LONGEST // _MINUTE))
    first = last - (number - 1) * _MINUTE
    window = _window(campaign_key)
    folds = window.look(since=first, now=now)
    whole = [first + n * _MINUTE for n in range(number)]
    starts = forecast.starts(campaign_key, since=first, until=now)
    expected = forecast.visits(starts, whole)
    drawn = tuple(
        _minute(at, folds.get(at), guess) for at, guess in zip(whole, expected, strict=True)
    )
    links = _parts(fold.links for fold in folds.values())
    return Live(
        as_of=now,
        minutes=drawn,
        linked=total(one.linked for one in drawn),
        others=total(one.others for one in drawn),
        messengers=_grouped(links, {code: _owner(link) for code, link in window.links.items()}),
        networks=_grouped(links, {code: link.network for code, link in window.links.items()}),
        languages=largest_first(_parts(fold.languages for fold in folds.values())),
        countries=largest_first(_parts(fold.countries for fold in folds.values())),
        starts=tuple(starts),
    )


def forget() -> None:
    """Read everything anew at the next look; for tests, and after a restore."""
    with _guard:
        _windows.clear()


def _window(campaign_key: UUID) -> Window:
    with _guard:
        window = _windows.setdefault(campaign_key, Window(campaign_key))
        _windows.move_to_end(campaign_key)
        while len(_windows) > _REMEMBERED:
            _windows.popitem(last=False)
        return window


def _minute(at: datetime, fold: Fold | None, expected: float) -> Minute:
    if fold is None:
        return Minute(at, Sums(), Sums(), expected)
    return Minute(at, total(fold.links.values()), fold.others, expected)


def _parts(folds: Iterable[dict[str, Sums]]) -> dict[str, Sums]:
    found: dict[str, Sums] = defaultdict(Sums)
    for fold in folds:
        for value, sums in fold.items():
            found[value] = found[value].plus(sums)
    return found


def _grouped(links: dict[str, Sums], names: dict[str, str]) -> tuple[Part, ...]:
    found: dict[str, Sums] = defaultdict(Sums)
    for code, sums in links.items():
        name = names.get(code, "")
        found[name] = found[name].plus(sums)
    return largest_first(found)


def _owner(link: TrackedLink) -> str:
    return link.messenger.name if link.messenger else ""
