"""Mails that bring a first signatory their private link, or ask them about a new text.

Claimed before they are sent; their Message-ID follows from the link and the text, so that what is
sent once more after a crash is the same mail.
"""

from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256
from typing import Final

from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.base import clock, env
from groundswell.base.errors import SendFailed
from groundswell.campaigns.models import Signatory, SignatoryStep
from groundswell.campaigns.render_read import organisation_name
from groundswell.delivery.post import NoRoom, Post, ServerDown
from groundswell.people import open_letter_firsts as firsts

BATCH: Final = 20
CLAIM_LASTS: Final = timedelta(minutes=10)


def step() -> int:
    """Send what is due; returns how many were sent. Raises ServerDown when mail cannot go out."""
    now = clock.now()
    due = Signatory.objects.filter(mail_due_at__lte=now).filter(_free(now))
    rows = list(due.order_by("mail_due_at", "pk")[:BATCH])
    if not rows:
        return 0
    post = Post()
    try:
        return sum(_send(post, row, now) for row in rows)
    finally:
        post.close()


def message(signatory: Signatory) -> EmailMessage | None:
    """The mail; None when there is nothing to write, or nowhere to write to."""
    text, link = firsts.text_for(signatory), firsts.link(signatory)
    address = firsts.email_of(signatory)
    if text is None or not link or not address:
        return None
    with translation.override(text.language):
        said = {"name": signatory.name, "title": text.title, "link": link}
        said["site"] = organisation_name()
        asked = signatory.state == Signatory.State.SIGNED
        subject, body = _again(said) if asked else _invitation(said)
    name = sha256(f"{link}|{text.number}|{asked}".encode()).hexdigest()[:32]
    host = parseaddr(env.load().mail_from)[1].rpartition("@")[2]
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[address],
        headers={"Message-ID": f"<signatory.{name}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def _invitation(said: dict[str, str]) -> tuple[str, str]:
    body = _(
        "Hello %(name)s,\n\n%(site)s invites you to be among the first to sign the open letter "
        "“%(title)s”.\n\nOn this page, which is yours alone, you can read the letter, put right "
        "how your name stands below it, and sign or decline:\n%(link)s\n\nNothing is shown before "
        "you sign. Please do not pass the address on: whoever has it can sign in your name.\n"
    )
    return _("Will you sign “%(title)s”?") % said, body % said


def _again(said: dict[str, str]) -> tuple[str, str]:
    body = _(
        "Hello %(name)s,\n\nthe open letter “%(title)s” of %(site)s has been changed since you "
        "signed it. Your name stays with the text you signed. What was changed, and the button to "
        "sign the new text, are on your page:\n%(link)s\n"
    )
    return _("“%(title)s” has been changed") % said, body % said


def _send(post: Post, row: Signatory, now: datetime) -> int:
    own = Signatory.objects.filter(pk=row.pk)
    if not own.filter(_free(now), mail_due_at=row.mail_due_at).update(mail_claimed_at=now):
        return 0
    made = message(row)
    if made is None:
        own.update(mail_due_at=None, mail_claimed_at=None, mail_failed="nothing to send")
        return 0
    try:
        post.send(made)
    except SendFailed as error:
        due = None if error.permanent else now + CLAIM_LASTS
        own.update(mail_due_at=due, mail_claimed_at=None, mail_failed=error.reason[:64])
        return 0
    except NoRoom as error:
        own.update(mail_claimed_at=None)
        raise ServerDown(str(error)) from None
    own.update(mail_due_at=None, mail_claimed_at=None, mail_failed="", mailed_at=now)
    SignatoryStep.objects.create(signatory=row, at=now, what="mailed", by="core")
    return 1


def _free(now: datetime) -> Q:
    return Q(mail_claimed_at=None) | Q(mail_claimed_at__lte=now - CLAIM_LASTS)
