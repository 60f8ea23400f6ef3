"""What a mail that came back is, written by machines of all ages and by whoever wants to break us.

Only mail to an address of ours that carries a good token is about a letter at all. Bounces are read
as RFC 3464 says, and those that older servers write in prose by their codes.
"""

import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from groundswell.delivery import tokens

DEEPEST: Final = 20
PROSE: Final = 20_000  # characters of a bounce without structure that are looked through
Kind = Literal["failed", "transient", "delayed", "delivered", "automatic", "answer", "unclear"]

_OURS: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_STATUS: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE: Final = re.compile(r"(?<!\d)([45])\d\d(?=[ -])")
_MACHINES: Final = re.compile(r"mailer-daemon|postmaster|mail[ -]?delivery|<>", re.IGNORECASE)
_ACTIONS: Final[Mapping[str, Kind]] = {
    "failed": "failed",
    "delayed": "delayed",
    "delivered": "delivered",
    "relayed": "delivered",
    "expanded": "delivered",
}


class Found(NamedTuple):
    """Which letter a mail is about, what it is, and the other side's words if it is a bounce."""

    key: UUID
    kind: Kind
    words: str = ""


def parse(raw: bytes) -> Found | None:
    """What a mail is; None if it is not about any letter of ours."""
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        return _found(message)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        # The library's parser gives up on some; they are for a person to look at.
        return None


def header(message: Message, name: str) -> str:
    """A header's text on one line, decoded as well as it can be, empty without it."""
    value = str(message.get(name, ""))[:2000]
    try:
        decoded = str(make_header(decode_header(value)))
    except (ValueError, LookupError):
        decoded = value
    return " ".join(decoded.split())


def text(message: Message) -> str:
    """The first plain text of a mail, empty if it has none."""
    for part in walk(message):
        if part.get_content_type() == "text/plain" and not part.is_multipart():
            return _decoded(part)
    return ""


def walk(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts of a mail from the outside in, without what lies too deep or in other mails."""
    yield message
    if depth >= DEEPEST or not message.is_multipart():
        return
    kind = message.get_content_type()
    if kind == "message/delivery-status" or (kind == "message/rfc822" and depth > 0):
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from walk(part, depth + 1)


def _found(message: Message) -> Found | None:
    ours = tokens.read(" ".join(str(v) for name in _OURS for v in message.get_all(name, [])))
    if ours is None:
        return None
    purpose, key = ours
    report = _report(message)
    if report is not None:
        # Sent to the address for answers, it is no server's.
        return report._replace(key=key) if purpose == "bounce" else Found(key, "automatic")
    if purpose == "bounce" and _is_machine(message):
        return _prose(message, key)
    return Found(key, "automatic" if _is_automatic(message) else "answer")


def _report(message: Message) -> Found | None:
    """The worst of what a delivery status says: a letter has one recipient, a forward more."""
    for part in walk(message):
        if part.get_content_type() == "message/delivery-status":
            groups = [one for one in _groups(part) if one.get("Action") or one.get("Status")]
            found = [one for group in groups[:50] if (one := _of_group(group)) is not None]
            order = ("failed", "transient", "delayed", "delivered")
            return min(found, key=lambda one: order.index(one.kind), default=None)
    return None


def _groups(part: Message) -> list[Message]:
    payload: Any = part.get_payload()
    if isinstance(payload, list):
        return [one for one in payload if isinstance(one, Message)]
    # Encoded in base64, which nobody should do and some do.
    raw: Any = part.get_payload(decode=True) or b""
    blocks = re.split(rb"\r?\n\r?\n", raw)
    return [message_from_bytes(block, policy=policy.compat32) for block in blocks]


def _of_group(group: Message) -> Found | None:
    action = header(group, "Action").lower().split(" ")[0]
    status = _STATUS.search(header(group, "Status"))
    words = header(group, "Diagnostic-Code") or header(group, "Status")
    if action in _ACTIONS:
        kind = _ACTIONS[action]
    elif status:
        kind = "delivered" if status[1] == "2" else "failed"
    else:
        return None
    if kind == "failed" and status and status[1] == "4":
        kind = "transient"
    said = words if status is None or status[0] in words else f"{status[0]} {words}"
    return Found(UUID(int=0), kind, said)


def _prose(message: Message, key: UUID) -> Found:
    words = text(message)[:PROSE]
    status = _STATUS.search(words) or _CODE.search(words)
    if status is None or status[1] == "2":
        return Found(key, "unclear", header(message, "Subject"))
    line = next((one for one in words.splitlines() if status[0] in one), status[0])
    return Found(key, "transient" if status[1] == "4" else "failed", line.strip())


def _is_machine(message: Message) -> bool:
    said = " ".join(header(message, name) for name in ("Return-Path", "From"))
    return bool(_MACHINES.search(said)) and not _is_vacation(message)


def _is_vacation(message: Message) -> bool:
    return header(message, "Auto-Submitted").lower().startswith("auto-replied")


def _is_automatic(message: Message) -> bool:
    submitted = header(message, "Auto-Submitted").lower()
    return (
        submitted not in {"", "no"}
        or header(message, "Return-Path") == "<>"
        or header(message, "Precedence").lower() in {"auto_reply", "bulk", "junk", "list"}
        or any(name in message for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response"))
    )


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")
