"""The token of a private page: whoever holds it is the person we gave it to, and has no account.

`base64url(key || MAC)`: the 16 bytes of a row's key, and 16 of HMAC-SHA256 over the purpose and the
key. The MAC is checked before anybody looks for a row, so guessing costs no query and tells
nothing; whether the link has run out or was revoked stands in the row.
"""

import base64
import binascii
import hmac
from typing import Final
from uuid import UUID

MESSENGER: Final = "messenger"
SIGNATORY: Final = "signatory"
TOKEN_CHARS: Final = 43
_KEY_BYTES: Final = 16
_MAC_BYTES: Final = 16
_PREFIX: Final = b"groundswell/private-link/v1|"


def token(key: UUID, secret: bytes, purpose: str) -> str:
    """The token that `read` turns back into `key`, with the same secret and purpose alone."""
    raw = key.bytes + _mac(key.bytes, secret, purpose)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read(token: str, secret: bytes, purpose: str) -> UUID | None:
    """The key of a token we made; None for anything else, whatever is wrong with it."""
    raw = _bytes(token)
    key, mac = raw[:_KEY_BYTES], raw[_KEY_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, secret, purpose)):
        return None
    return UUID(bytes=key)


def _bytes(token: str) -> bytes:
    """What a token holds; empty for one that is not of our form, letter by letter."""
    if len(token) != TOKEN_CHARS or not token.isascii():
        return b""
    try:
        raw = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except binascii.Error:
        return b""
    # The last letter carries two bits that decoding drops: one link has one spelling.
    return raw if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == token else b""


def _mac(key: bytes, secret: bytes, purpose: str) -> bytes:
    derived = hmac.digest(secret, _PREFIX + purpose.encode(), "sha256")
    return hmac.digest(derived, key, "sha256")[:_MAC_BYTES]
