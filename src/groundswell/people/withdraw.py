"""Withdrawing: "I did not sign this", or not any more."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from groundswell.base import sealing
from groundswell.people import cosign, dedupe, keys, leaving, letters_leave, vault
from groundswell.people.counted import Happened, count
from groundswell.people.models import Consent, Event, OutgoingMail, Participation, StopList

State = Participation.State


def withdraw(*, submission_id: UUID, at: datetime, by: str = "supporter", detail: str = "") -> int:
    """Withdraw all that this submission's mailbox did on its page; returns how many rows changed.

    All, since another of its duplicates must not begin to count for somebody who has just left.
    Consents end, waiting mails go with them, and letters that have not gone out never do. What
    came after `at` stays: somebody who has signed again is not withdrawn by an old request that
    comes a second time.
    """
    with transaction.atomic():
        theirs = same_mailbox(submission_id, on_page=True, until=at).exclude(state=State.ERASED)
        # Locked, as they are now: a confirmation of this very moment must not count afterwards.
        rows = list(theirs.select_for_update())
        uncount(rows)
        changed = [row for row in rows if row.state != State.WITHDRAWN]
        leaving.noted("withdraw", changed, at)
        Participation.objects.filter(pk__in=[row.pk for row in changed]).update(
            state=State.WITHDRAWN
        )
        Event.objects.bulk_create(
            Event(participation=row, at=at, what="withdrawn", by=by, detail=detail[:200])
            for row in changed
        )
        Consent.objects.filter(participation__in=changed, withdrawn_at=None).update(withdrawn_at=at)
        drop_waiting_mails(rows)
        letters_leave.withdrawn(changed, by=by)
        cosign.left(changed)
    return len(changed)


def stop_mail(*, submission_id: UUID, at: datetime, by: str = "supporter") -> bool:
    """Send nothing more to this submission's address, from any campaign. False if it has none."""
    row = Participation.objects.filter(submission_id=submission_id).first()
    if row is None or not row.email_index:
        return False
    # By the current key, which the row itself may not have yet: see `rotate`.
    held, address = keys.data_keys(), dedupe.canonical(vault.open_row(row).email)
    index = sealing.blind_index(held.indexes[0], address)
    with transaction.atomic():
        _, new = StopList.objects.get_or_create(
            email_index=index, defaults={"at": at, "key": held.index_id}
        )
        if new:
            leaving.note([leaving.Leaver("stop", index, at, held.index_id)])
            Event.objects.create(participation=row, at=at, what="mail_stopped", by=by)
        drop_waiting_mails(same_mailbox(submission_id, on_page=False, until=at))
    return True


def same_mailbox(submission_id: UUID, *, on_page: bool, until: datetime) -> QuerySet[Participation]:
    """A submission's row and all others of its address, on its page only or on all pages, that had
    come until a moment.
    """
    own = Participation.objects.filter(submission_id=submission_id)
    row = own.defer("sealed").first()
    if row is None or not row.email_index:
        return own
    # A clock that went back must not hide from a request what it was made about.
    until = max(until, row.received_at)
    others = Q(email_index=bytes(row.email_index), received_at__lte=until)
    if on_page:
        others &= Q(page_key=row.page_key)
    return Participation.objects.filter(Q(pk=row.pk) | others).defer("sealed").order_by("pk")


def uncount(rows: Iterable[Participation]) -> None:
    """Take the rows out of the totals; one that does not count (any more) changes nothing."""
    changes: list[Happened] = []
    for row in rows:
        # Only the process whose update hits may subtract: studio and core can meet here.
        if Participation.objects.filter(pk=row.pk, counted=True).update(counted=False):
            at = row.confirmed_at or row.received_at
            changes.append(Happened(row, at, confirmed=-1))
        row.counted = False
    count(changes)


def drop_waiting_mails(rows: Iterable[Participation]) -> None:
    """Delete the rows' mails that nobody has begun to send."""
    waiting = OutgoingMail.objects.filter(sent_at=None, claimed_at=None, failed="")
    waiting.filter(participation_id__in=[row.pk for row in rows]).delete()
