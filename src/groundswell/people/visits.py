"""The verb `visits`: what the door counted on its tracked links. It has no supporter in it.

Only the door makes such records: no page has a form for them, and what comes from one would name
its page. Whatever else looks different from what the door writes goes into quarantine.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec

from groundswell.base import clock, wire
from groundswell.campaigns import counters, moments

_SLICE: Final = re.compile(
    r"([0-9a-f]{32}) ([a-z0-9_-]{1,32}) (\d{4}-\d\d-\d\dT\d\d:\d\d)"
    r" ([A-Za-z0-9-]{0,16}) ([A-Z]{2})?",
    re.ASCII,
)
_NUMBERS: Final = re.compile(r"(\d{1,9}) (\d{1,9})", re.ASCII)


class Visits(msgspec.Struct, frozen=True):
    """One record of the door: its id, and what it counted."""

    record: UUID
    changes: tuple[moments.Change, ...]


def read(submission: wire.Submission) -> Visits:
    """The visits of a record. Raises ValueError for what the door cannot have written."""
    if submission.page or submission.source or submission.consents or submission.marks:
        raise ValueError("visits have no page of their own, and nobody behind them")
    changes = tuple(_change(name, numbers) for name, numbers in submission.fields.items())
    return Visits(UUID(bytes=submission.id), changes)


def count(records: Sequence[Visits]) -> None:
    """Add visits up, each record once."""
    by_id = {one.record: one for one in records}
    fresh = moments.unheard(by_id, at=clock.now())
    changes = [change for one in by_id.values() if one.record in fresh for change in one.changes]
    sources: dict[UUID, set[str]] = {}
    for change in changes:
        sources.setdefault(change.page_key, set()).add(change.source)
    for page_key, named in sorted(sources.items()):
        counters.know(page_key=page_key, sources=named)
    moments.add(changes)


def _change(name: str, numbers: str) -> moments.Change:
    place, counted = _SLICE.fullmatch(name), _NUMBERS.fullmatch(numbers)
    if place is None or counted is None:
        raise ValueError("not as the door counts visits")
    page, source, minute, language, country = place.groups(default="")
    return moments.Change(
        page_key=UUID(hex=page),
        source=source,
        minute=datetime.fromisoformat(minute).replace(tzinfo=UTC),
        language=language,
        country=country,
        visits=int(counted[1]),
        previews=int(counted[2]),
    )
