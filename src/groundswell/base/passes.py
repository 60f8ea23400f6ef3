"""The pass of a rehearsal: signed by the operator, so that no visitor can mark their own signature.

`<payload>.<signature>`, both base64url: the payload is msgpack of a Pass, the signature Ed25519
over it. Intake holds the public half alone.
"""

import base64
import binascii
import re
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HEADER: Final = "x-groundswell-rehearsal"
RUN: Final = re.compile(r"[a-z0-9-]{1,32}")
_PURPOSE: Final = b"groundswell/rehearsal/v1|"
MAX_TOKEN: Final = 512


class Pass(msgspec.Struct, frozen=True):
    """What a pass says: which rehearsal it is for, and until when it is good (ms since 1970)."""

    run: str
    until: int


def public_half(seed: bytes) -> bytes:
    """The 32 bytes that check what the 32 bytes of `seed` sign."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(one: Pass, *, seed: bytes) -> str:
    """The token of a pass. Raises ValueError for a run's name that could not be a row's."""
    if not RUN.fullmatch(one.run):
        raise ValueError(f"a run's name is like {RUN.pattern}")
    payload = msgspec.msgpack.encode(one)
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_PURPOSE + payload)
    return f"{_text(payload)}.{_text(signature)}"


def read(token: str, *, public: bytes) -> Pass | None:
    """What a token says; None for anything we did not sign. Whether it is over is for the caller.

    Costs a signature check: remember the answer.
    """
    if len(token) > MAX_TOKEN:
        return None
    payload, _, signature = token.partition(".")
    try:
        packed = _bytes(payload)
        Ed25519PublicKey.from_public_bytes(public).verify(_bytes(signature), _PURPOSE + packed)
        one = msgspec.msgpack.decode(packed, type=Pass)
    except (InvalidSignature, binascii.Error, ValueError, msgspec.MsgspecError):
        return None
    return one if RUN.fullmatch(one.run) else None


def peek(token: str) -> Pass:
    """What a token says, unchecked: for whoever carries it. Raises ValueError."""
    try:
        return msgspec.msgpack.decode(_bytes(token.partition(".")[0]), type=Pass)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
