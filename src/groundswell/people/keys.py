"""Core's and studio's keys in memory, read again when a key file has changed."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from groundswell.base import env, ids, keyring, sealing


class DataKeys(msgspec.Struct, frozen=True):
    """What core and studio share: personal data at rest, and the blind index (current first).

    `index_id` names the current index key.
    """

    cipher: sealing.FieldCipher
    indexes: tuple[bytes, ...]
    index_id: str


_FILES: Final = ("data/data.json", "data/index.json")
_lock = threading.Lock()
_held: dict[Path, tuple[object, DataKeys]] = {}


def data_keys() -> DataKeys:
    """The data keys, as they are on disk now. Raises KeyFileError."""
    folder = env.load().path("keys")
    stamp = tuple(_stamp(folder / name) for name in _FILES)
    with _lock:
        held = _held.get(folder)
        if held is None or held[0] != stamp:
            held = _held[folder] = (stamp, _read(folder))
        return held[1]


def opening_keys() -> sealing.OpeningKeys:
    """Core's private sealing keys, read afresh. Raises KeyFileError."""
    return keyring.opening_keys(env.load().path("keys"))


def sealing_key() -> sealing.SealingKey:
    """Core's public key, read afresh. Raises KeyFileError."""
    return keyring.sealing_key(env.load().path("keys"))


def link_secrets() -> tuple[bytes, ...]:
    """All secrets that sent links may have been made with, the current one first."""
    return tuple(key.raw() for key in keyring.load(env.load().path("keys"), "link").keys)


def make_token(submission: bytes) -> str:
    """The token for the links in one participation's mails."""
    return ids.link_token(secret=link_secrets()[0], submission=submission)


def read_token(token: str, secrets: Sequence[bytes]) -> bytes | None:
    """The submission a token was made for, or None: forged, cut or foreign."""
    for secret in secrets:
        submission = ids.read_link_token(token, secret=secret)
        if submission is not None:
            return submission
    return None


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


def _read(folder: Path) -> DataKeys:
    indexes = keyring.load(folder, "index").keys
    return DataKeys(
        keyring.field_cipher(folder), tuple(key.raw() for key in indexes), indexes[0].id
    )
