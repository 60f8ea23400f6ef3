"""Erasing: what is left is a number without a person.

SQLite is told by the settings to overwrite what it frees. PostgreSQL's VACUUM, its write-ahead
log and all backups are the operator's, and hold sealed bytes at most.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from groundswell.campaigns.counters import WINDOW_MINUTES
from groundswell.kinds.open_letter.kind import TEXT
from groundswell.people import cosign, leaving, letters_leave
from groundswell.people.models import Consent, Event, OutgoingMail, Participation
from groundswell.people.withdraw import same_mailbox, uncount

State = Participation.State


def erase(*, submission_id: UUID, at: datetime, by: str = "supporter") -> int:
    """Erase everything this submission's mailbox sent us until `at`, on all pages; returns how many
    rows.

    The row stays, empty: it keeps the sums right, and a replay of the journal finds its place
    taken and brings nobody back. Nobody is mailed afterwards, not even about this. A second call
    changes nothing. The list of who has left (`leaving`) keeps a backup from undoing it.
    """
    with transaction.atomic():
        theirs = same_mailbox(submission_id, on_page=False, until=at).exclude(state=State.ERASED)
        rows = list(theirs.select_for_update())
        leaving.noted("erase", rows, at)
        uncount(rows)
        empty(rows, at=at, by=by)
    return len(rows)


def empty(rows: Sequence[Participation], *, at: datetime, by: str, detail: str = "") -> None:
    """Leave of each row what cannot be traced to a person: decision record 4 lists it.

    The caller holds the rows locked. A row that counts goes on counting.
    """
    _empty(rows)
    letters_leave.erased(rows, by=by)
    cosign.left(rows)
    # Which text of a letter was signed goes on being counted, and says nothing about anybody.
    counted = [row.pk for row in rows if row.counted]
    given = Consent.objects.filter(participation__in=rows)
    given.exclude(purpose=TEXT, participation__in=counted).delete()
    OutgoingMail.objects.filter(participation__in=rows).delete()
    Event.objects.filter(participation__in=rows).delete()
    Event.objects.bulk_create(
        Event(participation=row, at=at, what="erased", by=by, detail=detail) for row in rows
    )


def _empty(rows: Sequence[Participation]) -> None:
    moment = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE people_participation SET state = 'erased', sealed = %s, email_index = NULL,"
            " rank = 0, received_at = %s, confirmed_at = %s WHERE id = %s",
            [
                (
                    b"",
                    moment(_quarter_hour(row.received_at)),
                    moment(kept) if (kept := _counted_at(row)) else None,
                    row.pk,
                )
                for row in rows
            ],
        )


def _counted_at(row: Participation) -> datetime | None:
    return _quarter_hour(row.confirmed_at) if row.counted and row.confirmed_at else None


def _quarter_hour(moment: datetime) -> datetime:
    # A time to the millisecond could be matched with somebody's log; the window is what we count.
    past = timedelta(
        minutes=moment.minute % WINDOW_MINUTES,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )
    return moment - past
