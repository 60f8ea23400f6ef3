"""Sealing: what the public door writes, nobody but core can read.

Group envelope: version (1) | key id (8) | HPKE ciphertext (RFC 9180 base mode, X25519+ML-KEM-768,
HKDF-SHA256, AES-256-GCM). Field envelope: version (1) | key id (8) | nonce (12) | AES-256-GCM.
Single-shot HPKE of `cryptography` binds context through `info`; we put the purpose and place there,
so a group cannot be moved, replayed elsewhere or taken for something it is not.
"""

import hmac
import os
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

VERSION: Final = b"\x01"
KEY_ID_BYTES: Final = 8
NONCE_BYTES: Final = 12
SEED_BYTES: Final = 96  # 64 of ML-KEM-768, 32 of X25519
PUBLIC_BYTES: Final = 1184 + 32
_HEADER: Final = len(VERSION) + KEY_ID_BYTES
_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class CannotOpen(Exception):
    """The bytes were not sealed for us, here, or are damaged. Carries no plaintext and no key."""


def key_id(public: bytes) -> bytes:
    """The eight bytes by which an envelope names its key."""
    return sha256(public).digest()[:KEY_ID_BYTES]


class SealingKey:
    """The public half: all that intake ever holds. `public` is 1,216 bytes."""

    def __init__(self, public: bytes) -> None:
        if len(public) != PUBLIC_BYTES:
            raise ValueError(
                f"a public sealing key has {PUBLIC_BYTES} bytes, this has {len(public)}"
            )
        self.public = public
        self.id = key_id(public)
        self._key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:1184]),
            X25519PublicKey.from_public_bytes(public[1184:]),
        )

    def seal(self, payload: bytes, *, info: bytes) -> bytes:
        """An envelope that only the private half opens, and only with the same `info`."""
        return VERSION + self.id + _SUITE.encrypt(payload, self._key, info)


class OpeningKey:
    """The private half: core's alone. `seed` is 96 bytes."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise ValueError(f"a private sealing key has {SEED_BYTES} bytes, this has {len(seed)}")
        mlkem = MLKEM768PrivateKey.from_seed_bytes(seed[:64])
        x25519 = X25519PrivateKey.from_private_bytes(seed[64:])
        self.seed = seed
        self.public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        self.id = key_id(self.public)
        self._key = MLKEM768X25519PrivateKey(mlkem, x25519)

    @classmethod
    def generate(cls) -> "OpeningKey":
        """A new key from the system's randomness."""
        return cls(os.urandom(SEED_BYTES))

    def open(self, envelope: bytes, *, info: bytes) -> bytes:
        """The payload. Raises CannotOpen."""
        try:
            return _SUITE.decrypt(envelope[_HEADER:], self._key, info)
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("the envelope does not open") from error


def envelope_key_id(envelope: bytes) -> bytes:
    """Which key an envelope names. Raises CannotOpen for a version or length we do not know."""
    if envelope[:1] != VERSION or len(envelope) <= _HEADER:
        raise CannotOpen("not an envelope of a known version")
    return envelope[1:_HEADER]


class OpeningKeys:
    """All private sealing keys an installation still needs: rotation keeps the old ones."""

    def __init__(self, keys: list[OpeningKey]) -> None:
        self._by_id: Mapping[bytes, OpeningKey] = {key.id: key for key in keys}

    def open(self, envelope: bytes, *, info: bytes) -> bytes:
        """The payload, opened with whichever key it names. Raises CannotOpen."""
        key = self._by_id.get(envelope_key_id(envelope))
        if key is None:
            raise CannotOpen("sealed for a key this installation does not hold")
        return key.open(envelope, info=info)


class FieldCipher:
    """Personal data at rest in the database: AES-256-GCM, bound to its row by `context`.

    `keys` are 32-byte keys by id; the current one seals, all of them open.
    """

    def __init__(self, keys: Mapping[bytes, bytes], *, current: bytes) -> None:
        self._keys = {name: AESGCM(key) for name, key in keys.items()}
        self.current = current

    def seal(self, plain: bytes, *, context: bytes) -> bytes:
        """An envelope that opens only with the same `context` (the row's id)."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keys[self.current].encrypt(nonce, plain, context)
        return VERSION + self.current + nonce + sealed

    def open(self, envelope: bytes, *, context: bytes) -> bytes:
        """The plaintext. Raises CannotOpen."""
        key = self._keys.get(envelope_key_id(envelope))
        if key is None:
            raise CannotOpen("sealed with a data key this installation does not hold")
        nonce, sealed = envelope[_HEADER : _HEADER + NONCE_BYTES], envelope[_HEADER + NONCE_BYTES :]
        try:
            return key.decrypt(nonce, sealed, context)
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("the field does not open") from error


def blind_index(key: bytes, canonical: str) -> bytes:
    """32 bytes by which equal addresses are found without storing one: HMAC-SHA256.

    Addresses can be guessed, so this is only as good as the key, which is never in the database.
    """
    return hmac.digest(key, canonical.encode(), "sha256")
