"""What is a sender's for now: claiming from the queues, and writing down what became of it.

A queue is a TargetTally that is awake; only its head is read, so a million letters behind it cost
nothing. Claims and outcomes are conditional on what was there before, so that no two senders ever
have the same letter.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import uuid4

from django.db import transaction
from django.db.models import F

from groundswell.base import clock
from groundswell.delivery import pacing, states
from groundswell.delivery.channels.channel import Channel
from groundswell.delivery.models import Hold, Parcel, State, TargetTally, Transition
from groundswell.delivery.states import Step

CLAIM_LASTS: Final = timedelta(minutes=10)
MAX_TRIES: Final = 10
SHARE: Final = 5  # of one queue at least, if there are many; then it is the next one's turn
TOGETHER: Final = 5_000  # letters in one mail, at most
STOPS: Final = 3  # of a sender in one letter's middle, though it had begun few of its letters

STOPPED: Final = "the sender stopped in the middle: this letter may have been sent twice"
STOPPED_KNOWN: Final = "the sender stopped in the middle: tried again under the same name"
STOPPED_AGAIN: Final = (
    "the sender stopped in the middle once too often: the letter may have arrived, and is not sent"
    " again by itself"
)
BROKE: Final = "the connection broke when they had the whole letter: it may be sent twice"
BROKE_AGAIN: Final = (
    "the connection broke a second time when they had the whole letter: it may have arrived, and is"
    " not sent again by itself"
)
TWICE: Final = "may have been sent twice; they say: "


class Claim(NamedTuple):
    """Letters that go out as one message: mostly one, or many with the same text."""

    parcels: tuple[Parcel, ...]

    @property
    def key(self) -> int:
        return self.parcels[0].pk


class Outcome(NamedTuple):
    """What became of one letter that was ours. `due_at` is for one that is queued again.

    `untried`: it did not count, since nobody has tried. `unsure`: they may have it.
    """

    parcel: Parcel
    state: State
    step: Step = states.NOTHING_SAID
    due_at: datetime | None = None
    untried: bool = False
    unsure: bool = False


def claim(channel: Channel, *, limit: int, now: datetime) -> list[Claim]:
    """Letters whose turn it is, so many messages at most."""
    with transaction.atomic():
        awake = TargetTally.objects.filter(
            channel=channel.name, is_held=False, wake_at__lte=now
        ).order_by("wake_at", "pk")
        tallies = list(awake.select_for_update(skip_locked=True)[:limit])
        held = _held(tallies)
        ours: list[Claim] = []
        full: dict[str, datetime] = {}
        share = max(SHARE, -(-limit // max(1, len(tallies))))
        for tally in tallies:
            if tally.pk not in held and len(ours) < limit:
                ours += _from(tally, channel, min(share, limit - len(ours)), now, full)
        _take([one for claimed in ours for one in claimed.parcels], now)
    return ours


def release_stale(channel: Channel, *, before: datetime) -> int:
    """Let go of what a sender had claimed that has not been heard of since; returns how many."""
    stale = Parcel.objects.filter(channel=channel.name, claimed_at__lte=before, state=State.SENDING)
    parcels = list(stale.order_by("pk")[:1000])
    if parcels:
        settle([_stale(one, channel) for one in parcels])
    return len(parcels)


def settle(outcomes: Sequence[Outcome]) -> None:
    """Write down what became of letters that were ours, all at once.

    One that has meanwhile been taken from us keeps its new state; what we know is noted with it.
    """
    groups: dict[tuple[Any, ...], list[Outcome]] = {}
    for one in outcomes:
        kind = (one.state, one.due_at, one.untried, one.unsure)
        groups.setdefault(kind, []).append(one)
    with transaction.atomic():
        states.lock({one.parcel.tally_id for one in outcomes})
        for group in groups.values():
            _settle(group)


def later(parcel: Parcel, step: Step, now: datetime) -> Outcome:
    """The letter is tried again, later each time, and in the end given up."""
    if parcel.tries >= MAX_TRIES:
        return Outcome(parcel, State.FAILED, step._replace(words=f"given up: {step.words}"))
    due_at = now + pacing.later(parcel.tries - 1)
    return Outcome(parcel, State.QUEUED, step._replace(label="deferred"), due_at)


def cannot_tell(parcel: Parcel, channel: Channel, words: str, now: datetime) -> Outcome:
    """They may have the letter: once more, where they cannot know it by its name; then no more.

    A sender that stopped is not counted here, since it had mostly not begun.
    """
    if channel.repeats:
        return later(parcel, Step(words), now)
    if parcel.unsure and _broke_before(parcel):
        return Outcome(parcel, State.FAILED, Step(f"{BROKE_AGAIN} ({words})"), unsure=True)
    return later(parcel, Step(f"{BROKE} ({words})"), now)._replace(unsure=True)


# Claiming ----------------------------------------------------------------------------------------


def _from(
    tally: TargetTally, channel: Channel, share: int, now: datetime, full: dict[str, datetime]
) -> list[Claim]:
    if not channel.paced:
        return _many(tally, share, now)
    wait = pacing.closed_until(tally, now) or pacing.known_turn(tally, now, full)
    if wait is not None:
        _sleep(tally, wait)
        return []
    return _many(tally, share, now) if pacing.is_free(tally) else _one(tally, now, full)


def _many(tally: TargetTally, share: int, now: datetime) -> list[Claim]:
    claims = _heads(tally, share, now)
    due = _next_due(tally, claims)
    _sleep(tally, due and max(due, now))  # behind the others that wait
    return claims


def _one(tally: TargetTally, now: datetime, full: dict[str, datetime]) -> list[Claim]:
    claims = _heads(tally, 1, now)
    turn = pacing.reserve(tally, now, full) if claims else None
    if turn is not None:
        _sleep(tally, turn)
        return []
    due = _next_due(tally, claims)
    _sleep(tally, due and max(due, pacing.next_turn(tally, now)))
    return claims


def _heads(tally: TargetTally, most: int, now: datetime) -> list[Claim]:
    due = tally.parcels.filter(state=State.QUEUED, due_at__lte=now).order_by("due_at", "pk")
    claims: list[Claim] = []
    taken: set[bytes] = set()
    for one in due[:most]:
        one.tally = tally
        digest = bytes(one.digest)
        if not one.batch:
            claims.append(Claim((one,)))
        elif digest not in taken:
            taken.add(digest)
            alike = list(due.filter(batch=True, digest=digest)[:TOGETHER])
            for same in alike:
                same.tally = tally
            claims.append(Claim(tuple(alike)))
    return claims


def _next_due(tally: TargetTally, claims: list[Claim]) -> datetime | None:
    ours = [one.pk for claimed in claims for one in claimed.parcels]
    left = tally.parcels.filter(state=State.QUEUED).exclude(pk__in=ours[:500])
    if len(ours) > 500:  # too many for one statement; the next look will tell
        return clock.now()
    return left.order_by("due_at", "pk").values_list("due_at", flat=True).first()


def _take(parcels: list[Parcel], now: datetime) -> None:
    token = uuid4()  # nobody else's, so what we write down later is surely about our try
    for one in parcels:
        one.tries += 1
    states.move(
        parcels, State.SENDING, by="core", claim=token, claimed_at=now, tries=F("tries") + 1
    )


def _sleep(tally: TargetTally, until: datetime | None) -> None:
    TargetTally.objects.filter(pk=tally.pk).update(wake_at=until)


def _held(tallies: list[TargetTally]) -> set[int]:
    """Those of them that a Hold covers which came while they were being made."""
    holds = list(Hold.objects.all()) if tallies else []
    held = {one.pk for one in tallies if any(_covers(hold, one) for hold in holds)}
    if held:
        TargetTally.objects.filter(pk__in=held).update(is_held=True)
    return held


def _covers(hold: Hold, tally: TargetTally) -> bool:
    return (
        hold.campaign_key in {None, tally.campaign_key}
        and hold.page_key in {None, tally.page_key}
        and hold.target in {"", tally.target}
    )


# Settling ----------------------------------------------------------------------------------------


def _settle(group: list[Outcome]) -> None:
    first = group[0]
    columns: dict[str, Any] = {"claim": None, "claimed_at": None}
    if first.due_at is not None:
        columns["due_at"] = first.due_at
    if first.untried:
        columns["tries"] = F("tries") - 1
    if first.unsure:
        columns["unsure"] = F("unsure") + 1
    steps = {one.parcel.pk: one.step for one in group}
    parcels = [one.parcel for one in group]
    done = {one.pk for one in states.move(parcels, first.state, by="core", steps=steps, **columns)}
    lost = [one for one in parcels if one.pk not in done]
    if lost:
        states.note(lost, first.state, by="core", steps=steps)
    if first.state == State.QUEUED:
        states.wake({one.tally_id for one in parcels}, first.due_at or clock.now())


def _stale(parcel: Parcel, channel: Channel) -> Outcome:
    now = clock.now()
    if channel.repeats:
        return Outcome(parcel, State.QUEUED, Step(STOPPED_KNOWN, label="deferred"), now)
    if parcel.unsure >= STOPS - 1:
        return Outcome(parcel, State.FAILED, Step(STOPPED_AGAIN), unsure=True)
    return Outcome(parcel, State.QUEUED, Step(STOPPED, label="deferred"), now, unsure=True)


def _broke_before(parcel: Parcel) -> bool:
    """Whether an answer to it has been lost before, unless somebody has since had it sent again."""
    told = Transition.objects.filter(parcel=parcel)
    again = told.filter(state=State.QUEUED).exclude(by="core")
    since = again.order_by("-pk").values_list("pk", flat=True).first() or 0
    return told.filter(words__startswith=BROKE, pk__gt=since).exists()
