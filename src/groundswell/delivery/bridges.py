"""What is written down of calls that we make: asked for, dialled, and what came of them.

A telephone that rings twice is worse than one that stays silent, so here, unlike with letters,
whatever we cannot tell is not tried again.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from groundswell.base import clock, env
from groundswell.delivery.models_bridge import Bridge, BridgeStep, Ring

WAITS: Final = timedelta(minutes=15)
A_DAY: Final = timedelta(days=1)
KEPT: Final = timedelta(days=90)
CLAIM_LASTS: Final = timedelta(minutes=2)
LONGEST: Final = timedelta(hours=3)
STOPPED: Final = "core stopped while it asked Twilio: the telephone may have rung; not tried again"
SILENT: Final = "Twilio never said how it ended"
BUSY_NOW: Final = frozenset({Ring.QUEUED, Ring.DIALLING, Ring.RINGING})
# An uncertain call may have cost, and may have rung: it counts as one.
_COUNTED: Final = (*BUSY_NOW, Ring.DONE, Ring.FAILED, Ring.UNKNOWN)
_MAY_TELL: Final = frozenset({Ring.DIALLING, Ring.RINGING, Ring.UNKNOWN, Ring.DONE})


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A supporter wants to be rung. `known_as` are the number's indexes, the current one first;
    `sealed` opens with `key` as its context. `refused` says why it cannot be, empty if it can.
    """

    key: UUID
    submission_id: UUID
    campaign_key: UUID
    page_key: UUID
    language: str
    country: str
    known_as: tuple[bytes, ...]
    sealed: bytes
    targets: tuple[tuple[str, str, str], ...]
    purpose: str
    version: str
    at: datetime
    refused: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What Twilio told our voice of a call: `step` names it, `target` is empty for the whole."""

    key: UUID
    step: str
    target: str
    status: str
    seconds: int
    at: datetime


def want(wish: Wish) -> Bridge | None:
    """Queue a call, or note why there is none; None for a wish that is known already.

    Inside the drain's transaction, which has no rival: so the caps hold.
    """
    if Bridge.objects.filter(submission_id=wish.submission_id).exists():
        return None
    state, words = _decide(wish)
    queued = state == Ring.QUEUED
    row: Bridge = Bridge.objects.create(
        key=wish.key,
        submission_id=wish.submission_id,
        campaign_key=wish.campaign_key,
        page_key=wish.page_key,
        language=wish.language,
        country=wish.country,
        number_index=wish.known_as[0] if queued else None,
        sealed=wish.sealed if queued else b"",
        targets=[list(one) for one in wish.targets],
        purpose=wish.purpose,
        version=wish.version,
        state=state,
        made_at=wish.at,
        due_at=wish.at,
        expires_at=wish.at + WAITS,
    )
    note(row, state, words)
    return row


def _decide(wish: Wish) -> tuple[Ring, str]:
    settings = env.load()
    if wish.refused:
        return Ring.REFUSED, wish.refused
    if wish.at + WAITS <= clock.now():
        return Ring.EXPIRED, "it came to us too late"
    recent = Bridge.objects.filter(made_at__gt=wish.at - A_DAY, state__in=_COUNTED)
    same = recent.filter(number_index__in=wish.known_as)
    if same.filter(state__in=BUSY_NOW, made_at__gt=wish.at - LONGEST).exists():
        return Ring.CAPPED, "this telephone is being rung already"
    if same.count() >= settings.twilio_calls_per_number_a_day:
        return Ring.CAPPED, "this telephone was rung often enough today"
    whole = recent.filter(campaign_key=wish.campaign_key)
    if whole.count() >= settings.twilio_calls_per_campaign_a_day:
        return Ring.CAPPED, "the campaign has made all its calls of a day"
    return Ring.QUEUED, ""


def claim(*, now: datetime, limit: int) -> list[Bridge]:
    """Calls that are ours alone to dial now. Whoever else looks at the same moment gets none."""
    due = Bridge.objects.filter(state=Ring.QUEUED, due_at__lte=now, expires_at__gt=now)
    return [row for row in due.order_by("due_at", "pk")[:limit] if _take(row, now)]


def _take(row: Bridge, now: datetime) -> bool:
    mark = uuid4()
    with transaction.atomic():
        mine = Bridge.objects.filter(pk=row.pk, state=Ring.QUEUED)
        if mine.update(state=Ring.DIALLING, claim=mark, claimed_at=now) != 1:
            return False
        row.state, row.claim, row.claimed_at = Ring.DIALLING, mark, now
        note(row, Ring.DIALLING, "")
    return True


def settle(
    row: Bridge,
    state: Ring,
    *,
    words: str = "",
    reference: str = "",
    due_at: datetime | None = None,
) -> None:
    """Write down what Twilio said to a call of ours. The number goes unless it is tried again.

    A call may be over before we hear that it was taken: then only its reference is new.
    """
    with transaction.atomic():
        mine = Bridge.objects.filter(pk=row.pk, claim=row.claim)
        mine.filter(state__in=(Ring.RINGING, Ring.DONE)).update(reference=reference, sealed=b"")
        changes: dict[str, Any] = {"state": state, "reference": reference, "claim": None}
        if state == Ring.QUEUED:
            changes["due_at"] = due_at or clock.now()
        else:
            changes["sealed"] = b""
        if mine.filter(state=Ring.DIALLING).update(**changes) == 1:
            note(row, state, words)


def give_up(*, now: datetime) -> int:
    """Close what has waited too long, was broken off, or never ended; returns how many."""
    stale = Bridge.objects.filter(state=Ring.DIALLING, claimed_at__lte=now - CLAIM_LASTS)
    silent = Bridge.objects.filter(state=Ring.RINGING, claimed_at__lte=now - LONGEST)
    late = Bridge.objects.filter(state=Ring.QUEUED, expires_at__lte=now)
    return (
        _close(late, Ring.EXPIRED, "nobody was free to dial it in time")
        + _close(stale, Ring.UNKNOWN, STOPPED)
        + _close(silent, Ring.UNKNOWN, SILENT)
    )


def told(one: Told) -> Bridge | None:
    """Note what Twilio told of a call; the call if that was news, None for anything else."""
    row = Bridge.objects.select_for_update().filter(key=one.key, state__in=_MAY_TELL).first()
    if row is None or row.steps.filter(step=one.step).exists():
        return None
    if one.target and one.target not in {target[0] for target in row.targets}:
        return None
    BridgeStep.objects.create(
        bridge=row,
        at=one.at,
        state=one.status,
        step=one.step,
        target=one.target,
        seconds=one.seconds,
    )
    state = row.state if one.target and row.state == Ring.DONE else Ring.RINGING
    Bridge.objects.filter(pk=row.pk).update(state=state if one.target else Ring.DONE, sealed=b"")
    return row


def forget(*, now: datetime | None = None) -> None:
    """Drop the index of telephones after a day, and calls after three months. For core."""
    moment = now or clock.now()
    known = Bridge.objects.filter(number_index__isnull=False, made_at__lt=moment - A_DAY)
    known.exclude(state__in=BUSY_NOW).update(number_index=None)
    Bridge.objects.filter(made_at__lt=moment - KEPT).delete()


def note(row: Bridge, state: Ring, words: str) -> None:
    """One step more in a call's history."""
    BridgeStep.objects.create(bridge=row, at=clock.now(), state=state, words=words[:200])


def _close(rows: QuerySet[Bridge], state: Ring, words: str) -> int:
    number = 0
    for row in rows[:1000]:
        with transaction.atomic():
            same = Bridge.objects.filter(pk=row.pk, state=row.state)
            if same.update(state=state, sealed=b"") == 1:
                note(row, state, words)
                number += 1
    return number
