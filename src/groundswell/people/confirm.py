"""Confirming: a supporter pressed the button behind the link in our mail.

Whatever arrives, twice or late or in any order, a mailbox counts once on a page: the database's
unique constraint `counted_once` decides, not what we read before.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from groundswell.base import env
from groundswell.people import cosign, letters
from groundswell.people.counted import Happened, count
from groundswell.people.models import Event, OutgoingMail, Participation

State = Participation.State


class Click(NamedTuple):
    """The button of one submission's confirm page was pressed at a moment, by intake's clock."""

    submission_id: UUID
    at: datetime


class Decision(NamedTuple):
    """A row to be confirmed, and whether it looks like the first of its mailbox."""

    row: Participation
    at: datetime
    counted: bool


class Confirmed(NamedTuple):
    """What a run of clicks came to."""

    confirmed: int
    counted: int


class _Overtaken(Exception):
    """Another process changed one of the rows between our reading and our writing."""


def confirm(*, clicks: Sequence[Click], by: str = "supporter") -> Confirmed:
    """Confirm what the clicks ask for; one that is unknown, too late or a repeat changes nothing.

    Runs inside the caller's transaction. Counts, history and the mails still waiting change with
    the rows or not at all.
    """
    with transaction.atomic():
        return apply(decide(clicks), by=by)


def decide(clicks: Sequence[Click]) -> list[Decision]:
    """What the clicks come to, as far as reading tells; `apply` has the last word."""
    first = {click.submission_id: click.at for click in reversed(clicks)}
    rows = Participation.objects.filter(submission_id__in=first, state=State.PENDING)
    pending = {row.submission_id: row for row in rows.defer("sealed")}
    sent = _last_mails(pending.values())
    taken = _taken(pending.values())
    decisions = []
    for submission_id, at in reversed(first.items()):
        row = pending.get(submission_id)
        if row is None or _expired(at, row.received_at, sent.get(row.pk)):
            continue
        place = _place(row)
        decisions.append(Decision(row, at, place not in taken))
        if place is not None:
            taken.add(place)
    return decisions


def apply(decisions: Sequence[Decision], *, by: str = "supporter") -> Confirmed:
    """Write the decisions. One that somebody overtook is written as the database allows."""
    try:
        with transaction.atomic():
            _write_all(decisions)
        done = list(decisions)
    except (IntegrityError, _Overtaken):
        done = [one for decision in decisions if (one := _write_one(decision))]
    _record(done, by)
    return Confirmed(len(done), sum(decision.counted for decision in done))


def _write_all(decisions: Sequence[Decision]) -> None:
    if not decisions:
        return
    moment = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE people_participation SET state = 'confirmed', confirmed_at = %s, counted = %s"
            " WHERE id = %s AND state = 'pending'",
            [(moment(one.at), one.counted, one.row.pk) for one in decisions],
        )
        if cursor.rowcount != len(decisions):
            raise _Overtaken


def _write_one(decision: Decision) -> Decision | None:
    pending = Participation.objects.filter(pk=decision.row.pk, state=State.PENDING)
    if decision.counted:
        try:
            with transaction.atomic():
                updated = pending.update(
                    state=State.CONFIRMED, confirmed_at=decision.at, counted=True
                )
            return decision if updated else None
        except IntegrityError:
            decision = decision._replace(counted=False)
    updated = pending.update(state=State.CONFIRMED, confirmed_at=decision.at)
    return decision if updated else None


def _record(done: Sequence[Decision], by: str) -> None:
    Event.objects.bulk_create(
        Event(
            participation=one.row,
            at=one.at,
            what="confirmed",
            by=by,
            detail="" if one.counted else "duplicate",
        )
        for one in done
    )
    OutgoingMail.objects.filter(
        participation_id__in=[one.row.pk for one in done],
        sent_at=None,
        claimed_at=None,
        failed="",
    ).delete()
    count(Happened(one.row, one.at, confirmed=1) for one in done if one.counted)
    letters.follow([one.row for one in done if one.counted])
    for one in done:
        one.row.confirmed_at = one.at
    cosign.follow([one.row for one in done if one.counted])


def _last_mails(rows: Collection[Participation]) -> dict[int, datetime]:
    mails = OutgoingMail.objects.filter(participation__in=[row.pk for row in rows])
    found = mails.values_list("participation_id").annotate(last=Max("sent_at")).order_by()
    return {row_id: last for row_id, last in found if last}


def _taken(rows: Collection[Participation]) -> set[tuple[UUID, bytes] | None]:
    counted = Participation.objects.filter(
        counted=True,
        page_key__in={row.page_key for row in rows},
        email_index__in={place[1] for row in rows if (place := _place(row))},
    )
    found = counted.values_list("page_key", "email_index")
    return {(page_key, bytes(index)) for page_key, index in found if index is not None}


def _place(row: Participation) -> tuple[UUID, bytes] | None:
    return (row.page_key, bytes(row.email_index)) if row.email_index is not None else None


def _expired(at: datetime, received: datetime, mailed: datetime | None) -> bool:
    # A link lives from the mail that brought it: mail may have queued for days after a surge.
    return at > max(received, mailed or received) + timedelta(days=env.load().confirm_days)
