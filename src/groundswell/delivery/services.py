"""What may be done to parcels. Each keeps the record and the running counts; all are repeatable."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F, Q, QuerySet

from groundswell.base import clock
from groundswell.delivery import batches, states
from groundswell.delivery.models import Hold, Parcel, State, TargetTally
from groundswell.delivery.states import Step

CHUNK: Final = 500
# Congress takes one message of each constituent; what a supporter sends is theirs alone.
TOGETHER: Final = frozenset({"email", "webhook"})


class NewParcel(msgspec.Struct, frozen=True, kw_only=True):
    """One letter that is to go out. `digest` is 32 bytes, equal for equal texts; empty if edited.

    `address` is the office's official address; `hours` ("Mo-Fr 09:00-17:00") and `zone` are when it
    is open. `batch`: letters with the same digest go out together, where the channel has a way of
    saying so. `held` is why it must wait for an organiser's word; `not_before` is when it may
    leave.
    """

    submission_id: UUID
    campaign_key: UUID
    page_key: UUID
    target: str
    target_name: str
    channel: str
    language: str
    organization: str = ""
    group: str = ""
    digest: bytes = b""
    address: str = ""
    batch: bool = False
    zone: str = ""
    hours: str = ""
    held: str = ""
    not_before: datetime | None = None


def parcel_key(submission_id: UUID, target: str) -> UUID:
    """What names the letter of this submission to this target, for ever."""
    raw = submission_id.bytes + target.encode()
    return UUID(bytes=blake2b(raw, digest_size=16, person=b"gw-parcel").digest())


@transaction.atomic
def make(parcels: Iterable[NewParcel], *, by: str = "core") -> int:
    """Put letters into their queues, or with their supporters where the channel wants that.

    A submission's second letter to a target is none; returns how many were new.
    """
    wanted = {parcel_key(one.submission_id, one.target): one for one in parcels}
    total = 0
    keys = list(wanted)
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        there = set(Parcel.objects.filter(key__in=part).values_list("key", flat=True))
        total += _make({key: wanted[key] for key in part if key not in there}, by)
    return total


def pause(
    *, by: str, campaign_key: UUID | None = None, page_key: UUID | None = None, reason: str = ""
) -> None:
    """Let nothing leave for a campaign or a page. What is under way at this moment still goes."""
    _hold(by=by, reason=reason, campaign_key=campaign_key, page_key=page_key)


def resume(*, campaign_key: UUID | None = None, page_key: UUID | None = None) -> None:
    """Let it go on, unless something else holds it."""
    _release(campaign_key=campaign_key, page_key=page_key)


def hold(*, target: str, by: str, page_key: UUID | None = None, reason: str = "") -> None:
    """Let nothing leave to a target: from one page, or from any."""
    _hold(by=by, reason=reason, target=target, page_key=page_key)


def release(*, target: str, page_key: UUID | None = None) -> None:
    """Let letters leave to that target again, unless something else holds them."""
    _release(target=target, page_key=page_key)


@transaction.atomic
def hold_parcels(*, ids: Collection[int], by: str, reason: str = "") -> int:
    """Hold single letters that wait; returns how many."""
    waiting = _of(ids, State.QUEUED)
    return len(states.move(waiting, State.HELD, by=by, step=Step(reason)))


@transaction.atomic
def release_parcels(*, ids: Collection[int], by: str) -> int:
    """Let single letters that are held go on: to their queues, or to those who must send them
    themselves; returns how many.
    """
    held = _of(ids, State.HELD)
    theirs = [one for one in held if one.channel in states.BY_SUPPORTER]
    given = states.move(theirs, State.WITH_SUPPORTER, by=by)
    return len(given) + _requeue([one for one in held if one not in theirs], by, "")


@transaction.atomic
def resend(*, ids: Collection[int], by: str) -> int:
    """Try again what failed or bounced; returns how many."""
    return _requeue(_of(ids, State.FAILED, State.BOUNCED), by, "sent again")


def resend_failed(
    *, page_key: UUID, by: str, target: str = "", bounced: bool = False, most: int = 100_000
) -> int:
    """Try again all that failed of a page, or of one target of it; returns how many."""
    wanted = [State.FAILED, *([State.BOUNCED] if bounced else [])]
    found = Parcel.objects.filter(page_key=page_key, state__in=wanted)
    if target:
        found = found.filter(target=target)
    ids = list(found.order_by("pk").values_list("pk", flat=True)[:most])
    parts = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    return sum(resend(ids=part, by=by) for part in parts)


@transaction.atomic
def note(
    *, submission_id: UUID, target: str, step: str, by: str = "supporter", words: str = ""
) -> bool:
    """Record what a supporter says: `opened` the form, or `sent` it. False if it cannot be so."""
    to = {"opened": State.OPENED, "sent": State.SAYS_SENT}.get(step)
    found = Parcel.objects.filter(submission_id=submission_id, target=target).first()
    if to is None or found is None or to not in states.MAY_BECOME[State(found.state)]:
        return False
    return bool(states.move([found], to, by=by, step=Step(words)))


@transaction.atomic
def withdraw(*, submission_ids: Collection[UUID], by: str, words: str = "") -> int:
    """Stop what has not left yet; returns how much. What is under way is stopped by `Gone`."""
    can = [state for state, after in states.MAY_BECOME.items() if State.WITHDRAWN in after]
    can.remove(State.SENDING)
    found = _locked(Parcel.objects.filter(submission_id__in=submission_ids, state__in=can))
    return len(states.move(found, State.WITHDRAWN, by=by, step=Step(words)))


# How it is done ----------------------------------------------------------------------------------


def _make(wanted: dict[UUID, NewParcel], by: str) -> int:
    now = clock.now()
    tallies = _tallies(list(wanted.values()))
    states.lock([one.pk for one in tallies.values()])
    rows = [_row(key, one, tallies[_place(one)], now) for key, one in wanted.items()]
    Parcel.objects.bulk_create(rows, ignore_conflicts=True)
    # Another may have made some of them a moment ago; those have their record already.
    mine = list(Parcel.objects.filter(key__in=list(wanted), transitions=None).order_by("pk"))
    steps = {one.pk: Step(wanted[one.key].held) for one in mine}
    for state in {one.state for one in mine}:
        alike = [one for one in mine if one.state == state]
        states.note(alike, State(state), by=by, at=now, steps=steps)
    for (tally, state), number in sorted(Counter((p.tally_id, p.state) for p in mine).items()):
        TargetTally.objects.filter(pk=tally).update(**{state: F(state) + number})
    _wake(mine)
    return len(mine)


def _row(key: UUID, one: NewParcel, tally: TargetTally, now: datetime) -> Parcel:
    batch = one.batch and bool(one.digest) and one.channel in TOGETHER
    due_at = batches.closes(now) if batch else now
    return Parcel(
        key=key,
        submission_id=one.submission_id,
        campaign_key=one.campaign_key,
        page_key=one.page_key,
        tally=tally,
        target=one.target,
        channel=one.channel,
        language=one.language,
        group=one.group,
        digest=one.digest,
        batch=batch,
        state=_first_state(one),
        made_at=now,
        changed_at=now,
        due_at=max(due_at, one.not_before or now),
    )


def _first_state(one: NewParcel) -> State:
    if one.held:
        return State.HELD
    return State.WITH_SUPPORTER if one.channel in states.BY_SUPPORTER else State.QUEUED


def _place(one: NewParcel) -> tuple[UUID, str, str]:
    return one.page_key, one.target, one.channel


def _tallies(parcels: Sequence[NewParcel]) -> dict[tuple[UUID, str, str], TargetTally]:
    latest = {_place(one): one for one in parcels}
    # The directory's latest word about an office is kept: it may have moved.
    TargetTally.objects.bulk_create(
        [_tally(latest[place]) for place in sorted(latest)],
        update_conflicts=True,
        unique_fields=["page_key", "target", "channel"],
        update_fields=["target_name", "organization", "address", "zone", "hours"],
    )
    pages = {place[0] for place in latest}
    targets = {place[1] for place in latest}
    found = TargetTally.objects.filter(page_key__in=pages, target__in=targets)
    return {(one.page_key, one.target, one.channel): one for one in found}


def _tally(one: NewParcel) -> TargetTally:
    return TargetTally(
        campaign_key=one.campaign_key,
        page_key=one.page_key,
        target=one.target,
        channel=one.channel,
        target_name=one.target_name[:300],
        organization=one.organization[:300],
        address=one.address[:320],
        zone=one.zone[:64],
        hours=one.hours[:200],
        is_held=_holding(one.campaign_key, one.page_key, one.target).exists(),
    )


def _wake(parcels: Iterable[Parcel]) -> None:
    earliest: dict[int, datetime] = {}
    for one in parcels:
        if one.state == State.QUEUED:
            earliest[one.tally_id] = min(one.due_at, earliest.get(one.tally_id, one.due_at))
    for moment in sorted(set(earliest.values())):
        states.wake(sorted(key for key, at in earliest.items() if at == moment), moment)


def _of(ids: Collection[int], *among: State) -> list[Parcel]:
    return _locked(Parcel.objects.filter(pk__in=ids, state__in=among))


def _locked(found: "QuerySet[Parcel]") -> list[Parcel]:
    parcels = list(found.order_by("pk"))
    states.lock({one.tally_id for one in parcels})
    return parcels


def _requeue(parcels: list[Parcel], by: str, words: str) -> int:
    now = clock.now()
    done = states.move(
        parcels, State.QUEUED, by=by, step=Step(words), due_at=now, tries=0, unsure=0, claim=None
    )
    _wake(done)
    return len(done)


def _hold(*, by: str, reason: str, **what: object) -> None:
    with transaction.atomic():
        Hold.objects.get_or_create(
            **_named(what), defaults={"at": clock.now(), "by": by[:150], "reason": reason[:200]}
        )
        _covered(what).update(is_held=True)


def _release(**what: object) -> None:
    with transaction.atomic():
        Hold.objects.filter(**_named(what)).delete()
        for tally in _covered(what).order_by("pk"):
            held = _holding(tally.campaign_key, tally.page_key, tally.target).exists()
            TargetTally.objects.filter(pk=tally.pk).update(is_held=held)


def _named(what: dict[str, object]) -> dict[str, object]:
    named: dict[str, object] = {"campaign_key": None, "page_key": None, "target": ""} | what
    if not any(named.values()):
        raise ValueError("a hold names what it holds")
    return named


def _covered(what: dict[str, object]) -> "QuerySet[TargetTally]":
    return TargetTally.objects.filter(**{name: value for name, value in what.items() if value})


def _holding(campaign_key: UUID, page_key: UUID, target: str) -> "QuerySet[Hold]":
    """Every Hold that covers that place: what it names must fit, what it leaves out fits all."""
    return Hold.objects.filter(
        Q(campaign_key=None) | Q(campaign_key=campaign_key),
        Q(page_key=None) | Q(page_key=page_key),
        Q(target="") | Q(target=target),
    )
