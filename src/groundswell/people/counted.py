"""What happened to participations, added to every sum that shows it: counters and moments."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

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
    sums = [change for event in events for change in _slices(event)]
    sums += signed_texts.changes([(event.row, event.confirmed) for event in events])
    surplus = counters.add(sums)
    moments.add((_moment(event) for event in events), surplus=surplus)


def _slices(event: Happened) -> list[counters.Change]:
    row = event.row
    return counters.change(
        page_key=row.page_key,
        at=event.at,
        country=row.country,
        language=row.language,
        source=row.source,
        collected=event.collected,
        confirmed=event.confirmed,
    )


def _moment(event: Happened) -> moments.Change:
    row = event.row
    return moments.Change(
        page_key=row.page_key,
        source=row.source,
        minute=moments.minute(event.at),
        language=row.language,
        country=row.country,
        collected=event.collected,
        confirmed=event.confirmed,
    )
