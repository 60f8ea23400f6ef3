"""From the mailbox to the records: one mail after the other, each of them once."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.db import DatabaseError, transaction

from groundswell.base import clock
from groundswell.base.breath import breathe
from groundswell.base.env import Settings
from groundswell.delivery import states
from groundswell.delivery.inbox import replies
from groundswell.delivery.inbox.imap import Imap
from groundswell.delivery.inbox.mailbox import Mail, Mailbox
from groundswell.delivery.inbox.maildir import Maildir
from groundswell.delivery.inbox.parse import Found, parse
from groundswell.delivery.models import Parcel, State
from groundswell.delivery.states import Step

FEW: Final = 100
A_DAY: Final = timedelta(days=1)
TRIES_AFTER_BOUNCES: Final = 3
# Where mail stays that is not, or not wholly, in the database.
UNKNOWN: Final = "unknown"
LARGE: Final = "large"
TROUBLE: Final = "trouble"

log = logging.getLogger("groundswell.delivery")


class Inbox:
    """Reads what has come back."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def step(self) -> bool:
        """Deal with some mails; True if there may be more. Raises ServerDown."""
        number = 0
        for mail in self._mailbox.mails(FEW):
            breathe()
            folder = self._dealt_with(mail)
            if folder:
                self._mailbox.keep(mail.name, folder)
            else:
                self._mailbox.done(mail.name)
            number += 1
        if number < FEW:
            self._mailbox.close()
        return number == FEW

    def _dealt_with(self, mail: Mail) -> str:
        """Record what a mail says; returns the folder to keep it in, empty when all is recorded."""
        try:
            return record(mail)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  one mail must not keep all others from us
            log.error("a mail in the letters' mailbox cannot be read: %s", type(error).__name__)
            return TROUBLE


def record(mail: Mail) -> str:
    """Record what a mail says; returns the folder to keep it in, empty when all is recorded."""
    found = parse(mail.raw)
    parcel = found and Parcel.objects.filter(key=found.key).first()
    if found is None or parcel is None:
        return UNKNOWN
    if found.kind in {"answer", "automatic"}:
        replies.store(parcel, mail.raw, automatic=found.kind == "automatic")
        return LARGE if mail.is_cut else ""
    with transaction.atomic():
        _note(found, parcel)
    return UNKNOWN if found.kind == "unclear" else ""


def mailbox(settings: Settings) -> Mailbox | None:
    """Where mail comes back to, as the operator has set it; None if nowhere."""
    place = settings.letters_inbox
    if place.startswith(("imap://", "imaps://")):
        return Imap(place, settings.letters_inbox_password)
    return Maildir(Path(place)) if place else None


def _note(found: Found, parcel: Parcel) -> None:
    if found.kind in {"failed", "transient"}:
        _bounce(found, parcel)
    else:
        label = "delivered" if found.kind == "delivered" else "delayed"
        label = "noted" if found.kind == "unclear" else label
        states.note([parcel], State(parcel.state), by="core", step=Step(found.words, label=label))


def _bounce(found: Found, parcel: Parcel) -> None:
    """It did not arrive after all. What they call a passing failure is tried again tomorrow."""
    if State.BOUNCED not in states.MAY_BECOME[State(parcel.state)]:
        return
    states.lock([parcel.tally_id])
    kind = "permanent" if found.kind == "failed" else "transient"
    step = Step(found.words, reference=kind)
    free = {"claim": None, "claimed_at": None}
    if not states.move([parcel], State.BOUNCED, by="core", step=step, **free):
        return
    if kind == "transient" and parcel.tries < TRIES_AFTER_BOUNCES:
        due_at = clock.now() + A_DAY
        again = Step("tried again tomorrow", label="deferred")
        states.move([parcel], State.QUEUED, by="core", step=again, due_at=due_at)
        states.wake([parcel.tally_id], due_at)
