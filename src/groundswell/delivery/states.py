"""The one place where a parcel changes its state, and what may follow what.

Each change is one conditional UPDATE, one Transition and one correction of the running counts, in
the caller's transaction. Whoever comes second changes nothing.
"""

import socket
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import Combinable

from groundswell.base import clock
from groundswell.delivery import words
from groundswell.delivery.models import Parcel, State, TargetTally, Transition

MAY_BECOME: Final[Mapping[State, frozenset[State]]] = {
    State.QUEUED: frozenset({State.SENDING, State.HELD, State.WITHDRAWN, State.BOUNCED}),
    State.SENDING: frozenset(
        {
            State.QUEUED,
            State.HELD,
            State.ACCEPTED,
            State.BOUNCED,
            State.FAILED,
            State.WITHDRAWN,
        }
    ),
    State.HELD: frozenset({State.QUEUED, State.WITH_SUPPORTER, State.WITHDRAWN, State.BOUNCED}),
    State.ACCEPTED: frozenset({State.BOUNCED}),
    State.BOUNCED: frozenset({State.QUEUED, State.WITHDRAWN}),
    State.FAILED: frozenset({State.QUEUED, State.WITHDRAWN, State.BOUNCED}),
    State.WITH_SUPPORTER: frozenset({State.OPENED, State.SAYS_SENT, State.WITHDRAWN}),
    State.OPENED: frozenset({State.SAYS_SENT, State.WITHDRAWN}),
    State.SAYS_SENT: frozenset(),
    State.WITHDRAWN: frozenset(),
}
# The supporter has to do something with these; we cannot know more than they tell us.
BY_SUPPORTER: Final = frozenset({"print", "form", "mailto"})
HOST: Final = socket.gethostname()[:64]


class Step(NamedTuple):
    """What one parcel's change says. `label` is its Transition's state if not the new one."""

    words: str = ""
    reference: str = ""
    label: str = ""


NOTHING_SAID: Final = Step()


def move(
    parcels: Sequence[Parcel],
    to: State,
    *,
    by: str,
    steps: Mapping[int, Step] | None = None,
    step: Step = NOTHING_SAID,
    **columns: Any,
) -> list[Parcel]:
    """Change those that are still as they were when read; returns these, changed.

    "As they were" is their state and claim; `columns` are set with it. Raises ValueError for what
    the table does not allow. In a transaction.
    """
    changed: list[Parcel] = []
    now = clock.now()
    for (state, claim), group in _alike(parcels).items():
        if to not in MAY_BECOME[State(state)]:
            raise ValueError(f"{state} does not become {to}")
        done = _update(
            group, {"state": state, "claim": claim}, {"state": to, "changed_at": now} | columns
        )
        _count(done, State(state), to)
        changed += done
    note(changed, to, by=by, at=now, steps=steps, step=step)
    known = {name: value for name, value in columns.items() if not isinstance(value, Combinable)}
    for one in changed:
        vars(one).update(known, state=to)
    return changed


def note(
    parcels: Sequence[Parcel],
    state: State,
    *,
    by: str,
    at: datetime | None = None,
    steps: Mapping[int, Step] | None = None,
    step: Step = NOTHING_SAID,
) -> None:
    """Write a Transition for each parcel and change nothing else."""
    moment = at or clock.now()
    Transition.objects.bulk_create(
        Transition(
            parcel_id=one.pk,
            at=moment,
            state=said.label or state,
            host=HOST if by == "core" else "",
            attempt=one.tries,
            words=words.clean(said.words),
            reference=said.reference[:200],
            by=by[:150],
        )
        for one in parcels
        for said in [(steps or {}).get(one.pk, step)]
    )


def wake(tallies: Collection[int], at: datetime) -> None:
    """Have these queues looked at again, at the latest then. In a transaction."""
    sooner = Case(When(Q(wake_at=None) | Q(wake_at__gt=at), then=Value(at)), default=F("wake_at"))
    for tally in sorted(tallies):
        TargetTally.objects.filter(pk=tally).update(wake_at=sooner)


def lock(tallies: Collection[int]) -> None:
    """Have these sums to oneself for the rest of the transaction.

    Whoever changes several of them asks first, and all ask in one order: so nobody waits in a ring.
    """
    rows = TargetTally.objects.filter(pk__in=tallies).order_by("pk")
    list(rows.select_for_update().values_list("pk", flat=True))


def _alike(parcels: Sequence[Parcel]) -> dict[tuple[str, Any], list[Parcel]]:
    groups: dict[tuple[str, Any], list[Parcel]] = {}
    for one in parcels:
        groups.setdefault((one.state, one.claim), []).append(one)
    return groups


def _update(group: list[Parcel], was: Mapping[str, Any], now: Mapping[str, Any]) -> list[Parcel]:
    asked = Parcel.objects.filter(pk__in=[one.pk for one in group], **was).order_by("pk")
    # Locked by PostgreSQL; on SQLite a transaction that writes is alone anyway.
    mine = set(asked.select_for_update().values_list("pk", flat=True))
    Parcel.objects.filter(pk__in=mine, **was).update(**now)
    return [one for one in group if one.pk in mine]


def _count(parcels: Sequence[Parcel], was: State, now: State) -> None:
    # Always in the same order, so that two senders never wait for each other.
    for tally, number in sorted(Counter(one.tally_id for one in parcels).items()):
        TargetTally.objects.filter(pk=tally).update(
            **{was.value: F(was.value) - number, now.value: F(now.value) + number}
        )
