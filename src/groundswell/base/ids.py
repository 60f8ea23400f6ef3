"""Ids of submissions and of the links in our mails.

A submission's id follows from what the page sent, so the same request sent twice is one row
wherever it lands, even when it reaches two intake workers or a worker that has just restarted.
"""

import base64
import hmac
import secrets
from hashlib import blake2b, sha256
from struct import Struct
from typing import Final

ID_BYTES: Final = 16
LINK_BYTES: Final = 16
# Copied for each use: that takes half the time of making one.
_SUBMISSION: Final = blake2b(digest_size=ID_BYTES, person=b"gw-submission")
_KEY: Final = blake2b(digest_size=ID_BYTES, person=b"gw-key")
_THREE_LENGTHS: Final = Struct(">III")


def submission_id(*, page: str, key: bytes, body: bytes) -> bytes:
    """16 bytes that name a submission: the same page, key and body always give the same id.

    `key` is secret and random (made by the page, or by the worker for a form without a script),
    so the id tells nobody what `body` was.
    """
    name = page.encode()
    lengths = _THREE_LENGTHS.pack(len(name), len(key), len(body))
    whole = b"".join((lengths[:4], name, lengths[4:8], key, lengths[8:], body))
    digest = _SUBMISSION.copy()
    digest.update(whole)
    return digest.digest()


def key_tag(key: bytes) -> bytes:
    """16 bytes that stand for an idempotency key wherever the key itself must not be kept."""
    digest = _KEY.copy()
    digest.update(key)
    return digest.digest()


def new_key() -> bytes:
    """A fresh 256-bit idempotency key."""
    return secrets.token_bytes(32)


def text_version(*, purpose: str, text: str) -> str:
    """The version of a consent text: 12 hex digits that change whenever a word of it does."""
    return sha256(f"{purpose}\n{text}".encode()).hexdigest()[:12]


def link_token(*, secret: bytes, submission: bytes) -> str:
    """The token of the links in one participation's mails: 43 URL-safe characters.

    It carries the submission's id and a MAC over it, so nothing has to be stored to check it and
    a stolen database opens no link.
    """
    return base64.urlsafe_b64encode(submission + _mac(secret, submission)).rstrip(b"=").decode()


def read_link_token(token: str, *, secret: bytes) -> bytes | None:
    """The submission id a token was made for, or None for anything forged, cut or foreign."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    submission, mac = raw[:ID_BYTES], raw[ID_BYTES:]
    if not hmac.compare_digest(mac, _mac(secret, submission)):
        return None
    return submission


def _mac(secret: bytes, submission: bytes) -> bytes:
    return hmac.digest(secret, b"gw-link/v1" + submission, "sha256")[:LINK_BYTES]
