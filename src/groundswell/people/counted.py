"""What happened to participations, added to every sum that shows it: counters and moments."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from groundswell.campaigns import counters, moments
from groundswell.people import signed_texts
from groundswell.people.models import Participation


class Happened(NamedTuple):
    """So many more (or, below zero, fewer) through one row, at a moment."""

    row: Participation
    at: datetime
    collected: int = 0
    confirmed: int = 0


def count(events: Iterable[Happened]) -> None:
    """Add the events to the sums, inside the caller's transaction."""
    events = list(events)
    # By the minute first: a drain brings thousands, and most of them share a few minutes.
    sums: dict[tuple[UUID, str, datetime, str, str], list[int]] = {}
    for row, at, collected, confirmed in events:
        place = (row.page_key, row.source, moments.minute(at), row.language, row.country)
        total = sums.setdefault(place, [0, 0])
        total[0] += collected
        total[1] += confirmed
    changes = [
        moments.Change(*place, collected=collected, confirmed=confirmed)
        for place, (collected, confirmed) in sums.items()
    ]
    slices = [one for change in changes for one in _slices(change)]
    # Which text of a letter was signed is told by the row's consents, not by what sums share.
    slices += signed_texts.changes([(event.row, event.confirmed) for event in events])
    surplus = counters.add(slices)
    moments.add(changes, surplus=surplus)


def _slices(change: moments.Change) -> list[counters.Change]:
    """The same for the counters; each of their windows is so many whole minutes."""
    return counters.change(
        page_key=change.page_key,
        at=change.minute,
        country=change.country,
        language=change.language,
        source=change.source,
        collected=change.collected,
        confirmed=change.confirmed,
    )
