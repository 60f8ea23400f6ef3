"""Letters that waited in a backup may have gone out after it was made: an operator decides.

Delivery cannot tell, for its record was restored too. So all that wait are held, each with the
reason in its history, until `groundswell letters go`.
"""

from typing import Final

from django.db import transaction

from groundswell.base import clock
from groundswell.delivery import services as delivery
from groundswell.delivery import states
from groundswell.delivery.models import Parcel, State

REASON: Final = "restored from a backup: it may have been sent already"
BATCH: Final = 500


def hold() -> int:
    """Hold all that wait or were under way; returns how many."""
    number = 0
    for state in (State.SENDING, State.QUEUED):
        waiting = Parcel.objects.filter(state=state).order_by("pk")
        while batch := list(waiting[:BATCH]):
            with transaction.atomic():
                states.lock({one.tally_id for one in batch})
                step = states.Step(REASON)
                moved = states.move(
                    batch, State.HELD, by="core", step=step, claim=None, claimed_at=None
                )
            number += len(moved)
    return number


def held() -> int:
    """How many are held for that reason."""
    return len(_ids())


def go(*, by: str) -> int:
    """Let them be sent; returns how many."""
    ids = _ids()
    parts = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    return sum(delivery.release_parcels(ids=part, by=by) for part in parts)


def drop(*, by: str) -> int:
    """Give them up, as when all of them are known to have gone out; returns how many."""
    ids, number = _ids(), 0
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            batch = list(Parcel.objects.filter(pk__in=ids[start : start + BATCH], state=State.HELD))
            states.lock({one.tally_id for one in batch})
            step = states.Step(f"given up at {clock.now():%Y-%m-%d %H:%M}: {REASON}")
            number += len(states.move(batch, State.WITHDRAWN, by=by, step=step))
    return number


def _ids() -> list[int]:
    # Most installations hold nothing at all, so the state comes first.
    waiting = Parcel.objects.filter(state=State.HELD, transitions__words=REASON)
    return sorted(set(waiting.values_list("pk", flat=True)))
