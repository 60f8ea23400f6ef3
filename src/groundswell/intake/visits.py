"""Counting visits without knowing who: numbers in memory, and every half second one record of them.

The record goes through the journal like a signature, sealed, so it survives what a signature does
and is added up exactly once. What is lost by `kill -9` is the last half second of counts.
Nothing here has an address, a cookie or a browser's name in it.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from groundswell.base import clock, ids, wire
from groundswell.base.errors import Busy
from groundswell.intake.journal import Entry, Journal

EVERY_SECONDS: Final = 0.5
VISIT: Final = 0
PREVIEW: Final = 1
MAX_SLICES: Final = 4_096  # in one record
# In memory, while nothing can be stored. Beyond it countries and languages are counted together,
# beyond twice that a visit is only counted as one that was lost.
MAX_KEPT: Final = 32_768
_MINUTE_MS: Final = 60_000

Slice = tuple[str, str, int, str, str]  # page, source, minute since 1970, language, country


class Visits:
    """What came in through tracked links since the last record. It belongs to the event loop."""

    def __init__(
        self,
        journal: Journal,
        loop: asyncio.AbstractEventLoop,
        *,
        now: Callable[[], int] = clock.now_ms,
        limit: int = MAX_KEPT,
    ) -> None:
        self.totals: Counter[str] = Counter()  # for the metrics: visits, previews, lost
        self._journal = journal
        self._loop = loop
        self._now = now
        self._limit = limit
        self._counts: dict[Slice, list[int]] = {}
        self._record: tuple[bytes, bytes] | None = None  # id and bytes, until it is stored
        self._is_flying = False
        self._timer: asyncio.TimerHandle | None = None

    def add(self, page: str, source: str, language: str, country: str, what: int = VISIT) -> None:
        """Count one visit or one preview, at this minute."""
        place = (page, source, self._now() // _MINUTE_MS, language, country)
        numbers = self._counts.get(place)
        if numbers is None:
            numbers = self._more(place)
            if numbers is None:
                self.totals["lost"] += 1
                return
        numbers[what] += 1
        self.totals["previews" if what else "visits"] += 1
        if self._timer is None:
            self._timer = self._loop.call_later(EVERY_SECONDS, self._tick)

    @property
    def kept(self) -> int:
        """Slices that are not in the journal yet."""
        return len(self._counts)

    def close(self) -> None:
        """Hand everything over. Before the journal is closed, and when nothing comes any more."""
        if self._timer is not None:
            self._timer.cancel()
        if self._is_flying:
            self._record = None  # the journal writes what it was given before it closes
        self._is_flying = False
        while self._pack():
            if not self._put():
                return
            self._record = None

    def _more(self, place: Slice) -> list[int] | None:
        """A place for a slice that is not counted yet, None when there are far too many."""
        if len(self._counts) >= self._limit:
            place = (*place[:3], "", "")
            if len(self._counts) >= 2 * self._limit:
                return self._counts.get(place)
        return self._counts.setdefault(place, [0, 0])

    def _tick(self) -> None:
        self._timer = None
        if not self._is_flying and self._pack():
            entry = self._put()
            if entry is not None:
                self._is_flying = True
                entry.wait(self._loop).add_done_callback(self._told)
        if self._counts or self._record:
            self._timer = self._loop.call_later(EVERY_SECONDS, self._tick)

    def _told(self, waiter: asyncio.Future[None]) -> None:
        """The record is on the disk; or it is not, or may be: then it goes again as the same."""
        self._is_flying = False
        if not waiter.cancelled() and waiter.exception() is None:
            self._record = None

    def _pack(self) -> bool:
        """See that there is a record to be stored, made of what was counted. False: of nothing."""
        if self._record is None and self._counts:
            taken = list(self._counts)[:MAX_SLICES]
            submission = secrets.token_bytes(ids.ID_BYTES)
            fields = {_name(place): "{} {}".format(*self._counts.pop(place)) for place in taken}
            self._record = submission, record(submission, fields, at=self._now())
        return self._record is not None

    def _put(self) -> Entry | None:
        """Hand the record over. None when the journal takes nothing now."""
        if self._record is None:
            return None
        submission, data = self._record
        entry = Entry(submission=submission, key=b"", record=data)
        try:
            self._journal.put(entry)
        except Busy:
            return None
        return entry


def record(submission: bytes, fields: dict[str, str], *, at: int) -> bytes:
    """The journal record of some counts; docs/formats/links.md describes it."""
    return wire.encode(
        wire.Submission(
            id=submission, verb="visits", page="", kind="", lang="", at=at, fields=fields
        )
    )


def _name(place: Slice) -> str:
    page, source, minute, language, country = place
    moment = datetime.fromtimestamp(minute * 60, UTC)
    return f"{page} {source} {moment:%Y-%m-%dT%H:%M} {language} {country}"
