"""From waiting OutgoingMail rows to the mail server.

A few mails at a time are claimed, and their places in the addresses' daily quota taken, in one
transaction; they are sent outside of any, several at once; what was sent is written down in another
soon after. If core dies in between, the claims run out and each of these few mails is sent once
more at most for each such death, under the same Message-ID.
"""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple, cast
from uuid import UUID

import msgspec
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q, QuerySet

from groundswell.base import clock, env
from groundswell.base.breath import breathe
from groundswell.base.errors import SendFailed
from groundswell.base.sealing import CannotOpen
from groundswell.delivery.post import NoRoom, Post, Posts, ServerDown
from groundswell.people import compose, letter_mail, quota, vault
from groundswell.people.mail_words import Template
from groundswell.people.models import OutgoingMail, Participation, StopList
from groundswell.people.pages import NotPublished

CLAIM: Final = 100
CLAIM_LASTS: Final = timedelta(minutes=10)
ROUND_SECONDS: Final = 60.0  # far from CLAIM_LASTS, however slow the mail server is
SETTLE_SECONDS: Final = 0.5
NAP_SECONDS: Final = 0.1
GRACE_SECONDS: Final = 1.0  # core has not much longer to stop
MAX_TRIES: Final = 12
LONGEST_WAIT: Final = timedelta(hours=12)
A_DAY: Final = timedelta(days=1)


class Drop(msgspec.Struct, frozen=True):
    """The mail is not to be sent any more, and why, in a word."""

    reason: str


class Claimed(NamedTuple):
    """A mail that is ours for now. `reserved`: it has a place in its address's quota of `day`."""

    mail: OutgoingMail
    address: bytes
    day: date
    reserved: bool


class Sent(NamedTuple):
    """A mail that the server has taken, as what, and about which page to which address."""

    mail: OutgoingMail
    template: Template
    place: tuple[UUID, bytes]


class Handed(NamedTuple):
    """A mail that is under way to the server, and what to write down once it has it."""

    one: Claimed
    sent: Sent


class Sender:
    """Sends what is due, no faster than `mail_per_second`, until `stop` is set.

    Over several connections at once; the database is for the thread that calls us alone. Mails to
    one address go one after the other.

    `alone`: nobody else sends, so any claim that is there at the start was left by a sender that
    died, and need not run out.
    """

    def __init__(self, *, stop: threading.Event | None = None, alone: bool = False) -> None:
        self._stop = stop or threading.Event()
        self._take_over = alone
        self._posts = Posts(Post, lambda: env.load().mail_connections)
        self._left: list[Claimed] = []
        self._handed: dict[int, Handed] = {}
        self._sent: list[Sent] = []
        self._settle_at = 0.0
        self._next_at = 0.0
        self._trouble: Exception | None = None

    def send_due(self) -> int:
        """Send what is due now, a few seconds' worth at most; returns how many were dealt with.

        Raises ServerDown when the mail server is away; all that was not sent waits on.
        """
        self._bring_in()  # what the last round could not, with the database away
        if self._take_over:
            _release_stale(clock.now() + CLAIM_LASTS)
            self._take_over = False
        claimed = claim(clock.now(), limit=_few())
        self._left = list(claimed)
        try:
            self._work(until=time.monotonic() + ROUND_SECONDS)
        finally:
            self._bring_in()
            self._let_go()
        trouble, self._trouble = self._trouble, None
        if trouble:
            raise trouble
        if not claimed:
            # An idle connection is one that the server will cut in the middle of the next mail.
            self._posts.close()
        return len(claimed)

    def close(self) -> None:
        """Close the connections to the mail server."""
        self._posts.close()

    def _work(self, *, until: float) -> None:
        while (self._left or self._handed) and not self._trouble and time.monotonic() < until:
            breathe()
            if self._stop.is_set():
                break
            one = self._turn()
            if one:
                self._attempt(one)
            else:
                pause = self._next_at - time.monotonic()
                self._take_in(min(pause, NAP_SECONDS) if pause > 0 else NAP_SECONDS)

    def _turn(self) -> Claimed | None:
        """The next mail whose turn it is; None when it is time to wait."""
        if time.monotonic() < self._next_at or not self._posts.has_room():
            return None
        return next((one for one in self._left if not self._is_busy(one.address)), None)

    def _is_busy(self, address: bytes) -> bool:
        return any(handed.one.address == address for handed in self._handed.values())

    def _attempt(self, one: Claimed) -> None:
        self._left.remove(one)
        try:
            self._deal_with(one)
        except Exception:
            _later(one)
            raise

    def _deal_with(self, one: Claimed) -> None:
        # Afresh: since it was claimed, its supporter may have confirmed, left or been erased.
        row = Participation.objects.filter(mails=one.mail.pk).first()
        if row is None:
            return _release([one])
        place = (row.page_key, one.address)
        if any(sent.place == place for sent in self._sent):
            self._settle()
        try:
            personal = vault.open_row(row)
        except (vault.Gone, CannotOpen) as error:
            return _drop(one, "erased" if isinstance(error, vault.Gone) else "cannot be opened")
        template = decide(one.mail, row, personal)
        if isinstance(template, Drop):
            return _drop(one, template.reason)
        if not one.reserved:
            return _over_quota(one, row)
        try:
            message = compose.compose(one.mail, row, personal, template)
        except NotPublished:
            return _later(one)
        return self._hand(Handed(one, Sent(one.mail, template, place)), message)

    def _hand(self, handed: Handed, message: EmailMessage) -> None:
        self._posts.hand(handed.one.mail.pk, message)
        self._handed[handed.one.mail.pk] = handed
        # No credit for what was late: the pace is never exceeded, not for a moment.
        self._next_at = time.monotonic() + 1 / env.load().mail_per_second

    def _take_in(self, seconds: float) -> None:
        """Wait so long at most for an answer of the server, and do what it calls for."""
        answer = self._posts.answer(seconds)
        if answer is not None:
            self._heed(self._handed.pop(answer.key), answer.error)
        if time.monotonic() > self._settle_at:
            self._settle()

    def _heed(self, handed: Handed, error: Exception | None) -> None:
        one = handed.one
        if error is None:
            if not self._sent:
                self._settle_at = time.monotonic() + SETTLE_SECONDS
            self._sent.append(handed.sent)
        elif isinstance(error, NoRoom):
            self._left.insert(0, one)
        elif isinstance(error, SendFailed):
            _drop(one, error.reason) if error.permanent else _later(one)
        else:
            self._trouble = self._trouble or error
            _later(one, counts=not isinstance(error, ServerDown))

    def _bring_in(self) -> None:
        """Wait for what is under way, and write down what was sent."""
        began = time.monotonic()
        while self._handed:
            if self._stop.is_set() and time.monotonic() > began + GRACE_SECONDS:
                break  # the server may have these: they stay claimed for the next core
            self._take_in(NAP_SECONDS)
        self._settle()

    def _let_go(self) -> None:
        left, self._left = self._left, []
        if left:
            _release(left)

    def _settle(self) -> None:
        if self._sent:
            settle(self._sent)
            self._sent = []


def decide(mail: OutgoingMail, row: Participation, personal: vault.Personal) -> Template | Drop:
    """What to send for a mail, now that its time has come: much may have changed since."""
    if mail.template in letter_mail.TEMPLATES:
        return _about_letters(mail, row, personal)
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


def _about_letters(
    mail: OutgoingMail, row: Participation, personal: vault.Personal
) -> Template | Drop:
    template = cast("Template", mail.template)
    confirmed = row.state == Participation.State.CONFIRMED and row.email_index is not None
    if not confirmed or not letter_mail.is_needed(template, row):
        return Drop("not needed")
    return Drop("stopped") if is_stopped(personal) else template


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


def claim(now: datetime, *, limit: int = CLAIM) -> list[Claimed]:
    """Claim what is due, the longest waiting first. No two callers ever get the same mail."""
    _release_stale(now)
    due = _waiting().filter(claimed_at=None, due_at__lte=now).order_by("due_at", "pk")
    found = list(due.annotate(index=F("participation__email_index"))[:limit])
    if not found:
        return []
    with transaction.atomic():
        return [_reserved(mail, now) for mail in found if _claim_one(mail, now)]


def settle(sent: Sequence[Sent]) -> None:
    """Write down what was sent. A mail erased while under way has no row, and leaves none."""
    now = clock.now()
    with transaction.atomic():
        for template in {one.template for one in sent}:
            keys = [one.mail.pk for one in sent if one.template == template]
            mails = OutgoingMail.objects.filter(pk__in=keys)
            mails.update(template=template, sent_at=now, claimed_at=None)
            if template == "confirm":
                _plan_reminders(keys, now)


def _few() -> int:
    """A few seconds' worth: many enough to keep all connections busy, few enough to hold."""
    return max(1, min(CLAIM, round(env.load().mail_per_second * 5)))


def _reserved(mail: OutgoingMail, now: datetime) -> Claimed:
    index = bytes(getattr(mail, "index", None) or b"")
    place = quota.reserve(index=index, day=now.date())
    return Claimed(mail, index, now.date(), place)


def _claim_one(mail: OutgoingMail, now: datetime) -> bool:
    return _waiting().filter(pk=mail.pk, claimed_at=None).update(claimed_at=now) == 1


def _waiting() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(sent_at=None, failed="")


def _release_stale(now: datetime) -> None:
    lost = _waiting().filter(claimed_at__lte=now - CLAIM_LASTS)
    lost.filter(tries__gte=MAX_TRIES).update(claimed_at=None, failed="gave up: lost")
    lost.update(claimed_at=None, tries=F("tries") + 1)


def _release(claimed: Sequence[Claimed]) -> None:
    with transaction.atomic():
        _waiting().filter(pk__in=[one.mail.pk for one in claimed]).update(claimed_at=None)
        for one in claimed:
            _give_back(one)


def _give_back(one: Claimed) -> None:
    if one.reserved:
        quota.give_back(index=one.address, day=one.day)


def _plan_reminders(mails: Sequence[int], now: datetime) -> None:
    hours = env.load().remind_hours
    if not hours:
        return
    rows = Participation.objects.filter(mails__in=mails).exclude(mails__template="reminder")
    OutgoingMail.objects.bulk_create(
        OutgoingMail(participation_id=pk, template="reminder", due_at=now + timedelta(hours=hours))
        for pk in rows.values_list("pk", flat=True).distinct()
    )


def _drop(one: Claimed, reason: str) -> None:
    with transaction.atomic():
        _give_back(one)
        _own(one).update(failed=reason[:64], claimed_at=None)


def _later(one: Claimed, *, counts: bool = True) -> None:
    """Try again, later each time; in the end give up. An outage of the server does not count."""
    tries = one.mail.tries
    if counts and tries + 1 >= MAX_TRIES:
        return _drop(one, "gave up")
    wait = min(timedelta(minutes=2**tries), LONGEST_WAIT)
    with transaction.atomic():
        _give_back(one)
        _own(one).update(claimed_at=None, tries=F("tries") + int(counts), due_at=clock.now() + wait)
    return None


def _over_quota(one: Claimed, row: Participation) -> None:
    """Tomorrow, unless the address was already written to about this very page today. What was
    asked for, or is needed for the letter to arrive, is not dropped: it waits.
    """
    today = Q(mails__sent_at__gt=clock.now() - A_DAY)
    kept = one.mail.template in letter_mail.TEMPLATES
    if not kept and _same_place(row).filter(today).exists():
        return _drop(one, "limit")
    midnight = datetime.combine(one.day + A_DAY, datetime.min.time(), UTC)
    _own(one).update(claimed_at=None, due_at=midnight)
    return None


def _own(one: Claimed) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(pk=one.mail.pk)
