"""The addresses that mail about one letter comes back to: `bounce+<token>@` and `reply+<token>@`.

A token is the parcel's key with a MAC, in lower case letters and digits, since mail servers change
case. Nobody can make one, so a forged bounce changes nothing.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

from groundswell.base import env, keyring

Purpose = Literal["bounce", "reply"]
MAC_BYTES: Final = 10
_TOKEN: Final = re.compile(r"(bounce|reply)\+([a-z2-7]{42})@", re.IGNORECASE)


def address(purpose: Purpose, key: UUID, *, domain: str) -> str:
    """Where that kind of mail about a parcel comes back to."""
    raw = key.bytes + _mac(_secrets()[0], purpose, key.bytes)
    token = base64.b32encode(raw).decode().rstrip("=").lower()
    return f"{purpose}+{token}@{domain}"


def read(text: str) -> tuple[Purpose, UUID] | None:
    """The first address of ours in a text, and the parcel it was made for."""
    for match in _TOKEN.finditer(text):
        purpose: Purpose = "bounce" if match[1].lower() == "bounce" else "reply"
        key = _key(purpose, match[2])
        if key is not None:
            return purpose, key
    return None


def _key(purpose: Purpose, token: str) -> UUID | None:
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except binascii.Error:
        return None
    key, mac = raw[:16], raw[16:]
    for secret in _secrets():
        if hmac.compare_digest(mac, _mac(secret, purpose, key)):
            return UUID(bytes=key)
    return None


def _mac(secret: bytes, purpose: Purpose, key: bytes) -> bytes:
    return hmac.digest(secret, b"gw-letter/v1/" + purpose.encode() + key, "sha256")[:MAC_BYTES]


def _secrets() -> Sequence[bytes]:
    folder = env.load().path("keys")
    status = (folder / "core" / "link.json").stat()
    return _read(folder, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=2)
def _read(folder: Path, _changed: int, _inode: int) -> Sequence[bytes]:
    """The secrets of all links we ever sent, the current one first; read again when they change."""
    return tuple(key.raw() for key in keyring.load(folder, "link").keys)
