"""What rehearsals have sent: kept apart from supporters, compared with what was acknowledged, gone.

Kept so that "everything acknowledged arrived" is checked row by row, and for nothing else.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet

from groundswell.base import clock
from groundswell.base.breath import breathe
from groundswell.people.models import Rehearsed

KEPT: Final = timedelta(days=7)
BATCH: Final = 2_000


class Run(NamedTuple):
    """One rehearsal, as far as its rows tell."""

    name: str
    rows: int
    first: datetime
    last: datetime


def keep(rows: Sequence[Rehearsed]) -> None:
    """Store what is not stored yet. Inside the drain's transaction."""
    Rehearsed.objects.bulk_create(rows, batch_size=BATCH // 5, ignore_conflicts=True)


def runs() -> list[Run]:
    """All rehearsals that still have rows, the oldest first."""
    found = Rehearsed.objects.values("run").annotate(
        rows=Count("pk"), first=Min("received_at"), last=Max("received_at")
    )
    return [
        Run(one["run"], one["rows"], one["first"], one["last"]) for one in found.order_by("first")
    ]


def arrived(*, run: str) -> int:
    """How many rows a rehearsal has so far."""
    return Rehearsed.objects.filter(run=run).count()


def missing(*, run: str, acknowledged: Collection[bytes]) -> list[bytes]:
    """Ids that were acknowledged and have not arrived."""
    there = {key.bytes for key in _ids(run)}
    return [one for one in acknowledged if one not in there]


def clear(*, run: str = "") -> int:
    """Remove the rows of one rehearsal, or of all; returns how many went."""
    return _remove(Rehearsed.objects.filter(run=run) if run else Rehearsed.objects.all())


def forget() -> None:
    """Remove what rehearsals left some days ago, whether or not anybody thought of it."""
    _remove(Rehearsed.objects.filter(received_at__lt=clock.now() - KEPT))


def _remove(rows: QuerySet[Rehearsed]) -> int:
    """In small transactions, so that the drain never waits long."""
    gone = 0
    while batch := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        gone += Rehearsed.objects.filter(pk__in=batch).delete()[0]
        breathe()
    return gone


def _ids(run: str) -> Iterator[UUID]:
    found = Rehearsed.objects.filter(run=run).values_list("submission_id", flat=True)
    return found.iterator(chunk_size=BATCH)
