"""What organisers may do with a participation. Whoever calls writes the audit entry."""

from groundswell.base import clock
from groundswell.base.errors import Refused
from groundswell.people import erase as erasing
from groundswell.people import quota, vault
from groundswell.people import withdraw as withdrawing
from groundswell.people.mail import is_stopped
from groundswell.people.models import Event, OutgoingMail, Participation


def resend_confirmation(*, participation: Participation, by: str) -> None:
    """Queue the confirmation mail once more; one that is still waiting goes out at once instead.

    Raises Refused: `too_many` when the address has had its mails for today, `invalid` when there
    is nothing to confirm or the address wants no mail.
    """
    index = participation.email_index
    if participation.state != Participation.State.PENDING or index is None:
        raise Refused("invalid")
    if is_stopped(vault.open_row(participation)):
        raise Refused("invalid")
    now = clock.now()
    if not quota.left(index=bytes(index), day=now.date()):
        raise Refused("too_many", status=429)
    waiting = OutgoingMail.objects.filter(
        participation=participation, template="confirm", sent_at=None, failed=""
    )
    if not waiting.update(due_at=now):
        OutgoingMail.objects.create(participation=participation, template="confirm", due_at=now)
    Event.objects.create(participation=participation, at=now, what="resend", by=by)


def withdraw(*, participation: Participation, by: str, reason: str = "") -> int:
    """Withdraw for a supporter: everything of that address on that page; returns how many rows."""
    return withdrawing.withdraw(
        submission_id=participation.submission_id, at=clock.now(), by=by, detail=reason
    )


def erase(*, participation: Participation, by: str) -> int:
    """Erase for a supporter: everything of that address on all pages; returns how many rows."""
    return erasing.erase(submission_id=participation.submission_id, at=clock.now(), by=by)
