"""The ticket of one telephone call: all that the voice process needs to lead somebody through it.

It stands in the addresses that we give to Twilio: `<MAC and packed ticket>` in base64url. Its key
follows from Twilio's auth token, which core and the voice process hold anyway, so there is no other
secret to keep; and it names no supporter.
"""

import base64
import binascii
import hmac
import zlib
from typing import Final

import msgspec

MAX_TOKEN: Final = 3_400  # Twilio takes addresses of 4,000 characters
MAX_CALLEES: Final = 8
_MAC_BYTES: Final = 16
_PURPOSE: Final = b"groundswell/ticket/v1|"


class Callee(msgspec.Struct, frozen=True, array_like=True):
    """One decision maker: key, name as it is said, and number in E.164."""

    key: str
    name: str
    number: str


class Said(msgspec.Struct, frozen=True, array_like=True):
    """What the supporter hears, in the page's language; `{name}` is whom we connect them with."""

    greeting: str
    again: str
    connecting: str
    goodbye: str


class Ticket(msgspec.Struct, frozen=True, array_like=True):
    """One call: `bridge` names it, `until` is ms since 1970, `page` 32 hex digits as on the wire.

    `number` is ours, which those who are called see.
    """

    bridge: bytes
    until: int
    page: str
    lang: str
    number: str
    said: Said
    callees: tuple[Callee, ...]


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Ticket)


def sign(ticket: Ticket, *, secret: str) -> str:
    """The token of a ticket. Raises ValueError for one that no address could carry."""
    packed = zlib.compress(_encode(ticket), 9)
    token = base64.urlsafe_b64encode(_mac(packed, secret) + packed).rstrip(b"=").decode()
    if len(token) > MAX_TOKEN:
        raise ValueError("the ticket is too long for an address")
    return token


def read(token: str, *, secret: str, now: int) -> Ticket | None:
    """The ticket of a token; None for one we did not make, or whose time is over."""
    if len(token) > MAX_TOKEN:
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        mac, packed = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, _mac(packed, secret)):
            return None
        ticket = _decoder.decode(zlib.decompress(packed))
    except (binascii.Error, ValueError, zlib.error, msgspec.MsgspecError):
        return None
    return ticket if now < ticket.until else None


def _mac(packed: bytes, secret: str) -> bytes:
    key = hmac.digest(secret.encode(), _PURPOSE, "sha256")
    return hmac.digest(key, packed, "sha256")[:_MAC_BYTES]
