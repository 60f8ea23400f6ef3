"""From waiting OutgoingMail rows to the mail server.

A mail is claimed by a conditional update, sent outside of any transaction, and settled after. If
core dies in between, its claim runs out and the mail is sent once more at most for each such
death, under the same Message-ID.
"""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Final, cast

import msgspec
from django.db import transaction
from django.db.models import F, Q, QuerySet

from groundswell.base import clock, env
from groundswell.base.errors import SendFailed
from groundswell.base.sealing import CannotOpen
from groundswell.people import compose, quota, vault
from groundswell.people.mail_words import Template
from groundswell.people.models import OutgoingMail, Participation, StopList
from groundswell.people.pages import NotPublished
from groundswell.people.post import Post, ServerDown

CLAIM: Final = 20
CLAIM_LASTS: Final = timedelta(minutes=10)
MAX_TRIES: Final = 12
LONGEST_WAIT: Final = timedelta(hours=12)
A_DAY: Final = timedelta(days=1)


class Drop(msgspec.Struct, frozen=True):
    """The mail is not to be sent any more, and why, in a word."""

    reason: str


class Sender:
    """Sends what is due, no faster than `mail_per_second`, until `stop` is set."""

    def __init__(self, *, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()
        self._post = Post()

    def send_due(self) -> int:
        """Send what is due now, a few seconds' worth at most; returns how many were dealt with.

        Raises ServerDown when the mail server is away; all that was not sent waits on.
        """
        mails = claim(clock.now(), limit=_few())
        for place, mail in enumerate(mails):
            if self._stop.is_set():
                _release(mails[place:])
                break
            try:
                self._deal_with(mail)
            except Exception as error:
                _release(mails[place + 1 :])
                _postpone(mail, counts=not isinstance(error, ServerDown))
                raise
        if not mails:
            # An idle connection is one that the server will cut in the middle of the next mail.
            self._post.close()
        return len(mails)

    def close(self) -> None:
        """Close the connection to the mail server."""
        self._post.close()

    def _deal_with(self, mail: OutgoingMail) -> None:
        row = mail.participation
        try:
            personal = vault.open_row(row)
        except (vault.Gone, CannotOpen) as error:
            return _drop(mail, "erased" if isinstance(error, vault.Gone) else "cannot be opened")
        template = decide(mail, row, personal)
        if isinstance(template, Drop):
            return _drop(mail, template.reason)
        return self._send(mail, row, personal, template)

    def _send(
        self, mail: OutgoingMail, row: Participation, personal: vault.Personal, template: Template
    ) -> None:
        index, now = bytes(row.email_index or b""), clock.now()
        if not quota.reserve(index=index, day=now.date()):
            return _over_quota(mail, row, now)
        try:
            began = time.monotonic()
            self._post.send(compose.compose(mail, row, personal, template))
        except SendFailed as error:
            quota.give_back(index=index, day=now.date())
            return _drop(mail, error.reason) if error.permanent else _postpone(mail)
        except NotPublished:
            quota.give_back(index=index, day=now.date())
            return _postpone(mail)
        except ServerDown:
            quota.give_back(index=index, day=now.date())
            raise
        _settle(mail, row, template)
        self._stop.wait(max(0.0, began + 1 / env.load().mail_per_second - time.monotonic()))
        return None


def decide(mail: OutgoingMail, row: Participation, personal: vault.Personal) -> Template | Drop:
    """What to send for a mail, now that its time has come: much may have changed since."""
    if row.state != Participation.State.PENDING or row.email_index is None:
        return Drop("not needed")
    if is_stopped(personal):
        return Drop("stopped")
    place = _same_place(row)
    if place.filter(counted=True).exists():
        return _already_signed(mail, place)
    if mail.template == "reminder" and _sent(place, "reminder").exists():
        return Drop("not needed")
    return cast("Template", mail.template)


def is_stopped(personal: vault.Personal) -> bool:
    """Whether the address asked for no more mail, under any index key that we still hold."""
    indexes = vault.all_indexes(personal.email)
    return StopList.objects.filter(email_index__in=indexes).exists()


def _already_signed(mail: OutgoingMail, place: QuerySet[Participation]) -> Template | Drop:
    if mail.template == "reminder":
        return Drop("not needed")
    since = clock.now() - A_DAY
    if _sent(place, "already_signed").filter(sent_at__gt=since).exists():
        return Drop("limit")
    return "already_signed"


def _same_place(row: Participation) -> QuerySet[Participation]:
    return Participation.objects.filter(page_key=row.page_key, email_index=row.email_index)


def _sent(place: QuerySet[Participation], template: str) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(
        participation__in=place, template=template, sent_at__isnull=False
    )


# Claiming and settling ---------------------------------------------------------------------------


def claim(now: datetime, *, limit: int = CLAIM) -> list[OutgoingMail]:
    """Claim what is due, the longest waiting first. No two callers ever get the same mail."""
    _release_stale(now)
    due = _waiting().filter(claimed_at=None, due_at__lte=now)
    found = list(due.select_related("participation").order_by("due_at", "pk")[:limit])
    if not found:
        return []
    with transaction.atomic():
        return [mail for mail in found if _claim_one(mail, now)]


def _few() -> int:
    """As many as are sent within the time after which core would be taken for dead."""
    return max(1, min(CLAIM, round(env.load().mail_per_second * 5)))


def _claim_one(mail: OutgoingMail, now: datetime) -> bool:
    return _waiting().filter(pk=mail.pk, claimed_at=None).update(claimed_at=now) == 1


def _waiting() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(sent_at=None, failed="")


def _release_stale(now: datetime) -> None:
    lost = _waiting().filter(claimed_at__lt=now - CLAIM_LASTS)
    lost.filter(tries__gte=MAX_TRIES).update(claimed_at=None, failed="gave up: lost")
    lost.update(claimed_at=None, tries=F("tries") + 1)


def _release(mails: list[OutgoingMail]) -> None:
    _waiting().filter(pk__in=[mail.pk for mail in mails]).update(claimed_at=None)


def _settle(mail: OutgoingMail, row: Participation, template: Template) -> None:
    now = clock.now()
    with transaction.atomic():
        # Erased while it was under way: then there is no row, and nothing to remember.
        settled = OutgoingMail.objects.filter(pk=mail.pk).update(
            template=template, sent_at=now, claimed_at=None
        )
        if settled and template == "confirm":
            _plan_reminder(row, now)


def _plan_reminder(row: Participation, now: datetime) -> None:
    hours = env.load().remind_hours
    reminded = OutgoingMail.objects.filter(participation=row, template="reminder").exists()
    if hours and not reminded:
        OutgoingMail.objects.create(
            participation=row, template="reminder", due_at=now + timedelta(hours=hours)
        )


def _drop(mail: OutgoingMail, reason: str) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(failed=reason[:64], claimed_at=None)


def _postpone(mail: OutgoingMail, *, counts: bool = True) -> None:
    """Try again, later each time; in the end give up. An outage of the server does not count."""
    if counts and mail.tries + 1 >= MAX_TRIES:
        return _drop(mail, "gave up")
    wait = min(timedelta(minutes=2**mail.tries), LONGEST_WAIT)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        claimed_at=None, tries=F("tries") + int(counts), due_at=clock.now() + wait
    )
    return None


def _over_quota(mail: OutgoingMail, row: Participation, now: datetime) -> None:
    """Tomorrow, unless the address was already written to about this very page today."""
    today = Q(mails__sent_at__gt=now - A_DAY)
    if _same_place(row).filter(today).exists():
        return _drop(mail, "limit")
    midnight = datetime.combine(now.date() + A_DAY, datetime.min.time(), UTC)
    OutgoingMail.objects.filter(pk=mail.pk).update(claimed_at=None, due_at=midnight)
    return None
