"""Keeping the privacy page's promise: some months after a campaign has ended, nobody is left in it.

What is erased here goes on counting: the public number is history, and nobody's data. Decision
record 4 says what remains of a row and why.
"""

import logging
import time
from calendar import monthrange
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet

from groundswell.base import clock
from groundswell.base.breath import breathe
from groundswell.campaigns import queries
from groundswell.people import audit, leaving
from groundswell.people.erase import empty
from groundswell.people.models import Participation
from groundswell.people.recount import signed_pages

BATCH: Final = 500
PAUSE_SECONDS: Final = 0.05  # for whoever else waits to write

log = logging.getLogger(__name__)


def keep_promises() -> None:
    """Erase the personal data of every campaign that ended longer ago than its data is kept.

    In small transactions, each of which may be the last: the next run goes on from there. Whoever
    has left by themselves stays away, too, whatever backup the database was restored from.
    """
    again = leaving.replay()
    if again:
        log.warning("%d who had left were back, as after a restored backup: gone again", again)
    now = clock.now()
    for page_key in signed_pages():
        due = due_at(page_key=page_key)
        if due is not None and due <= now:
            _erase_page(page_key, now)


def due_at(*, page_key: UUID) -> datetime | None:
    """When a page's personal data is to be erased; None while its campaign's end is open.

    A campaign in several languages ends with the last of them, and the shortest time that any of
    them promised holds. For a page that has gone, the last signature is the end.
    """
    campaigns = queries.campaign_ends(page_key=page_key)
    if not campaigns:
        last, months = _last_signature(page_key), queries.privacy_notice().retention_months
        return months_after(last, months) if last else None
    ends = [end for end, _ in campaigns if end]
    if len(ends) < len(campaigns):
        return None
    return months_after(max(ends), min(months for _, months in campaigns))


def months_after(moment: datetime, months: int) -> datetime:
    """The same day of a later month, or that month's last if it is shorter."""
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def _last_signature(page_key: UUID) -> datetime | None:
    last: datetime | None = Participation.objects.filter(page_key=page_key).aggregate(
        last=Max("received_at")
    )["last"]
    return last


def _erase_page(page_key: UUID, now: datetime) -> None:
    named = Participation.objects.filter(page_key=page_key).exclude(
        state=Participation.State.ERASED
    )
    number = named.count()
    if not number:
        return
    log.info("erasing %d participations of %s, whose time is over", number, page_key)
    audit.record_core(action=audit.RETENTION, detail=f"page={page_key.hex} rows={number}")
    after: int | None = 0
    while after is not None:
        after = _erase_batch(named.filter(pk__gt=after), now)
        breathe()
        time.sleep(PAUSE_SECONDS)


def _erase_batch(named: QuerySet[Participation], now: datetime) -> int | None:
    """Erase some rows; returns where to go on, None at the end."""
    with transaction.atomic():
        rows = list(named.defer("sealed").order_by("pk").select_for_update()[:BATCH])
        empty(rows, at=now, by=audit.CORE, detail="retention")
    return rows[-1].pk if len(rows) == BATCH else None
