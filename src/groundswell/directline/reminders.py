"""Mails that remind an organiser of a next step, once for each day it is due and whose it is.

The mail says that something is due, and where; what it is stays sealed here. A reminder is claimed
before it is sent and its Message-ID follows from what it is about, so that when core dies between
the two, what is sent once more is the same mail.
"""

from datetime import date, datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256
from typing import Any, Final

from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from groundswell.base import clock, env
from groundswell.base.errors import SendFailed
from groundswell.delivery.post import NoRoom, Post, ServerDown
from groundswell.directline import queries
from groundswell.directline.models import Entry
from groundswell.people.queries import may

BATCH: Final = 20
MORNING: Final = 7  # o'clock where the organisation is: nobody is woken by us
CLAIM_LASTS: Final = timedelta(minutes=10)


def step() -> int:
    """Send what is due; returns how many were sent. Raises ServerDown when mail cannot go out."""
    now = clock.now()
    post = Post()
    try:
        return sum(_remind(post, entry, now) for entry in _due(now))
    finally:
        post.close()


def _due(now: datetime) -> list[Entry]:
    here = timezone.localtime(now, timezone.get_default_timezone())
    last = here.date() if here.hour >= MORNING else here.date() - timedelta(days=1)
    rows = queries.pending().filter(reminded_at=None, due_on__lte=last, owner__is_active=True)
    rows = rows.filter(_free(now)).exclude(owner__email="").select_related("owner")
    # Whoever lost the role since is told nothing.
    found = list(rows.order_by("due_on", "pk")[: BATCH * 5])
    return [one for one in found if may(one.owner, queries.READ)][:BATCH]


def _free(now: datetime) -> Q:
    return Q(remind_claimed_at=None) | Q(remind_claimed_at__lte=now - CLAIM_LASTS)


def _remind(post: Post, entry: Entry, now: datetime) -> int:
    if not claim(entry, now):
        return 0
    own = Entry.objects.filter(pk=entry.pk, remind_claimed_at=now)
    try:
        post.send(message(entry))
    except SendFailed as error:
        # A full mailbox passes; an address that is no good stays so until somebody changes it.
        own.update(reminded_at=now if error.permanent else None)
        return 0
    except NoRoom as error:
        own.update(remind_claimed_at=None)
        raise ServerDown(str(error)) from None
    except ServerDown:
        # It may have taken the mail all the same: the claim runs out first.
        raise
    return own.update(reminded_at=now, remind_claimed_at=None)


def claim(entry: Entry, now: datetime) -> bool:
    """Take one reminder for ourselves. Of all who try, one succeeds."""
    rows = queries.pending().filter(
        pk=entry.pk, reminded_at=None, due_on=entry.due_on, owner=entry.owner_id
    )
    return rows.filter(_free(now)).update(remind_claimed_at=now) == 1


def message(entry: Entry) -> EmailMessage:
    """The mail. It names nobody and repeats nothing: mailboxes are read by others."""
    settings = env.load()
    owner: Any = entry.owner
    day = entry.due_on or date.min
    address = f"{settings.studio_url.rstrip('/')}/direct-line/{entry.key}/"
    body = _(
        "Hello %(name)s,\n\n"
        "a next step of yours on the direct line was due on %(day)s:\n%(address)s\n\n"
        "What it is about is shown there, after you have logged in. Mark it as done, or give it"
        " another day, and you will hear no more of it.\n"
    ) % {
        "name": owner.get_short_name() or owner.get_username(),
        "day": date_format(day, "j F Y"),
        "address": address,
    }
    host = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    return EmailMessage(
        subject=_("A next step of yours is due"),
        body=body,
        to=[owner.email],
        headers={
            "Message-ID": f"<{_name(entry)}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def _name(entry: Entry) -> str:
    text = f"{entry.key}|{entry.due_on}|{entry.owner_id}"
    return f"next-step.{sha256(text.encode()).hexdigest()[:32]}"
