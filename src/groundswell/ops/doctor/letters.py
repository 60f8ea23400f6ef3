"""The mailbox that bounces and answers to letters come back to: it can be read."""

from collections.abc import Iterator
from typing import Final

from groundswell.delivery.inbox import reading
from groundswell.delivery.post import ServerDown
from groundswell.ops.doctor.finding import Finding, Host, setting

SUBJECT: Final = "letters"


def check(host: Host) -> Iterator[Finding]:
    """It is there, and lets us in."""
    mailbox = reading.mailbox(host.settings)
    if mailbox is None:
        yield Finding(
            "note",
            SUBJECT,
            "nobody reads what comes back for letters: bounces and answers are not seen here",
            f"set {setting('letters_inbox')} to a Maildir or an IMAP mailbox that takes all mail to"
            " `bounce+…` and `reply+…` at the domain letters come from",
        )
        return
    try:
        next(mailbox.mails(1), None)
    except ServerDown as error:
        yield Finding(
            "wrong",
            SUBJECT,
            f"the mailbox for answers cannot be read: {error}",
            f"look at {setting('letters_inbox')} and {setting('letters_inbox_password')}",
        )
    else:
        yield Finding("ok", SUBJECT, "the mailbox for bounces and answers can be read")
    finally:
        mailbox.close()
