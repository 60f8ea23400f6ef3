"""What was said, sealed into a row, and opened again. Nothing else here reads or writes it."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from groundswell.base import sealing
from groundswell.directline.models import Entry, Version
from groundswell.people import keys


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry keeps to itself: who was there, on both sides, and what was said."""

    ours: str = ""
    theirs: str = ""
    asked: str = ""
    said: str = ""
    next_step: str = ""


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it was told once, whole, so that two of them can be held side by side.

    `parties` are (target, name); `owner` is the organiser's name, empty without one.
    """

    way: str
    at: datetime
    campaign_key: UUID | None
    parties: list[tuple[str, str]]
    said: Said
    due_on: date | None
    owner: str = ""


_encode: Final = msgspec.msgpack.Encoder().encode
_said: Final = msgspec.msgpack.Decoder(Said)
_telling: Final = msgspec.msgpack.Decoder(Telling)


def seal(said: Said, *, key: UUID) -> bytes:
    """The envelope for the entry with this key; it opens in no other row."""
    return _cipher().seal(_encode(said), context=_entry_place(key))


def open_entry(entry: Entry, *, cipher: sealing.FieldCipher | None = None) -> Said:
    """What an entry says; nothing for an erased one. Raises CannotOpen."""
    envelope = bytes(entry.sealed)
    if not envelope:
        return Said()
    return _said.decode((cipher or _cipher()).open(envelope, context=_entry_place(entry.key)))


def seal_telling(telling: Telling, *, key: UUID, number: int) -> bytes:
    """The envelope for one version of an entry."""
    return _cipher().seal(_encode(telling), context=_version_place(key, number))


def open_version(version: Version, *, key: UUID) -> Telling:
    """How the entry with this key was told then. Raises CannotOpen."""
    place = _version_place(key, version.number)
    return _telling.decode(_cipher().open(bytes(version.sealed), context=place))


def reseal() -> int:
    """Seal every row to the current data key; returns how many were not. May be repeated, and may
    run while organisers write: a row that changes meanwhile is under the current key already.
    """
    cipher = _cipher()
    changed = 0
    for entry in Entry.objects.order_by("pk").iterator(chunk_size=100):
        changed += _again(cipher, entry, _entry_place(entry.key))
    for one in Version.objects.select_related("entry").order_by("pk").iterator(chunk_size=100):
        changed += _again(cipher, one, _version_place(one.entry.key, one.number))
    return changed


def _again(cipher: sealing.FieldCipher, row: Entry | Version, place: bytes) -> int:
    sealed = bytes(row.sealed)
    if not sealed or sealing.envelope_key_id(sealed) == cipher.current:
        return 0
    fresh = cipher.seal(cipher.open(sealed, context=place), context=place)
    rows = type(row).objects.filter(pk=row.pk, sealed=sealed)
    return rows.update(sealed=fresh)


def _entry_place(key: UUID) -> bytes:
    return b"directline|" + key.bytes


def _version_place(key: UUID, number: int) -> bytes:
    return b"directline-version|" + key.bytes + number.to_bytes(4, "big")


def _cipher() -> sealing.FieldCipher:
    return keys.data_keys().cipher
