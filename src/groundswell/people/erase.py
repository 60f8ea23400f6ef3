"""Erasing: what is left is a number without a person.

SQLite is told by the settings to overwrite what it frees. PostgreSQL's VACUUM, its write-ahead
log and all backups are the operator's, and hold sealed bytes at most.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from groundswell.campaigns.counters import WINDOW_MINUTES
from groundswell.people.models import Consent, Event, OutgoingMail, Participation
from groundswell.people.withdraw import same_mailbox, uncount

State = Participation.State


def erase(*, submission_id: UUID, at: datetime, by: str = "supporter") -> int:
    """Erase everything this submission's mailbox sent us until `at`, on all pages; returns how many
    rows.

    The row stays, empty: it keeps the sums right, and a replay of the journal finds its place
    taken and brings nobody back. Nobody is mailed afterwards, not even about this. A second call
    changes nothing.
    """
    with transaction.atomic():
        rows = list(
            same_mailbox(submission_id, on_page=False, until=at).exclude(state=State.ERASED)
        )
        uncount(rows)
        erased = [row for row in rows if _empty(row)]
        Consent.objects.filter(participation__in=erased).delete()
        OutgoingMail.objects.filter(participation__in=erased).delete()
        Event.objects.filter(participation__in=erased).delete()
        Event.objects.bulk_create(
            Event(participation=row, at=at, what="erased", by=by) for row in erased
        )
    return len(erased)


def _empty(row: Participation) -> bool:
    standing = Participation.objects.filter(pk=row.pk).exclude(state=State.ERASED)
    changed = standing.update(
        state=State.ERASED,
        sealed=b"",
        email_index=None,
        confirmed_at=None,
        rank=0,
        received_at=_quarter_hour(row.received_at),
    )
    return changed == 1


def _quarter_hour(moment: datetime) -> datetime:
    # A time to the millisecond could be matched with somebody's log; the window is what we count.
    past = timedelta(
        minutes=moment.minute % WINDOW_MINUTES,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )
    return moment - past
