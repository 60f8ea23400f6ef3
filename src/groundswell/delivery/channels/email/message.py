"""A letter as bytes for the wire, with its return path."""

import base64
import quopri
import re
from email.utils import format_datetime, parseaddr
from typing import Final, NamedTuple

from groundswell.base import clock, env
from groundswell.base.letter import Letter
from groundswell.delivery import tokens
from groundswell.delivery.channels.email import body, headers

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


class Message(NamedTuple):
    """What goes to the server. `utf8`: the address can only be written with SMTPUTF8."""

    sender: str
    recipient: str
    data: bytes
    utf8: bool


def build(letter: Letter) -> Message:
    """The message. Raises SendFailed when there is nobody it could go to.

    The same letter gives the same Message-ID at each try. It is from a person, so it carries no
    Auto-Submitted (RFC 3834), no list headers and nothing that tells when it is read.
    """
    recipient = headers.checked(letter.address)
    ours = headers.checked(parseaddr(own_address())[1])
    domain = ours.rpartition("@")[2]
    inbox = bool(env.load().letters_inbox)
    answers = _answers(letter, domain, inbox=inbox)
    head = [
        ("From", headers.mailbox(_name(letter), ours)),
        ("To", headers.mailbox(letter.target_name, recipient)),
        *([("Reply-To", answers)] if answers else []),
        ("Subject", headers.text(body.subject(letter))),
        ("Date", format_datetime(clock.now())),
        ("Message-ID", f"<{letter.key.hex}@{domain}>"),
        ("MIME-Version", "1.0"),
    ]
    if _LANGUAGE.fullmatch(letter.language):
        head.append(("Content-Language", letter.language))
    return Message(
        sender=tokens.address("bounce", letter.key, domain=domain) if inbox else ours,
        recipient=recipient,
        data=_bytes(head) + _content(letter, answers=bool(answers)),
        utf8=not recipient.isascii(),
    )


def own_address() -> str:
    """The address letters come from, as the operator has set it."""
    settings = env.load()
    return settings.letters_from or settings.mail_from


def _name(letter: Letter) -> str:
    if letter.together:
        return letter.organisation_name
    return letter.sender_name or f"{letter.given_name} {letter.family_name}"


def _answers(letter: Letter, domain: str, *, inbox: bool) -> str:
    if letter.reply_to and letter.email and not letter.together:
        try:
            own = headers.checked(letter.email)
        except headers.BadAddress:
            own = ""
        # Without SMTPUTF8 on all the way it could not be written; then answers come to us.
        if own and own.isascii():
            return headers.mailbox(_name(letter), own)
    return f"<{tokens.address('reply', letter.key, domain=domain)}>" if inbox else ""


def _content(letter: Letter, *, answers: bool) -> bytes:
    own = _part(body.text(letter, answers=answers), "text/plain; charset=utf-8")
    if not letter.together:
        return own
    line = f"=_{letter.key.hex}"
    table = _part(
        "\ufeff" + body.table(letter.together),
        "text/csv; charset=utf-8; header=present",
        ("Content-Disposition", 'attachment; filename="letters.csv"'),
    )
    parts = b"".join(f"\r\n--{line}\r\n".encode() + part for part in (own, table))
    head = _bytes([("Content-Type", f'multipart/mixed;\r\n boundary="{line}"')])
    return head + b"\r\n" + parts.removeprefix(b"\r\n") + f"\r\n--{line}--\r\n".encode()


def _part(text: str, kind: str, *more: tuple[str, str]) -> bytes:
    raw = text.replace("\r\n", "\n").encode("utf-8", "replace")
    if text.isascii() and all(len(line) <= 78 for line in raw.split(b"\n")):
        way, coded = "7bit", raw
    elif sum(byte > 127 for byte in raw) * 6 < len(raw):
        way, coded = "quoted-printable", quopri.encodestring(raw)
    else:
        way, coded = "base64", base64.encodebytes(raw.replace(b"\n", b"\r\n"))
    head = [("Content-Type", kind), ("Content-Transfer-Encoding", way), *more]
    return _bytes(head) + b"\r\n" + coded.replace(b"\n", b"\r\n")


def _bytes(head: list[tuple[str, str]]) -> bytes:
    return b"".join(f"{name}: {value}\r\n".encode() for name, value in head)
