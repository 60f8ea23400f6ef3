"""How to reach a messenger's side: sealed in the row, opened only here."""

from typing import Final
from uuid import UUID

import msgspec

from groundswell.base import sealing
from groundswell.messengers.models import Messenger
from groundswell.people import keys


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """The person we write to: a manager, a relative, the messenger themselves."""

    name: str = ""
    email: str = ""
    phone: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.email or self.phone)


_encode: Final = msgspec.msgpack.Encoder().encode
_decoder: Final = msgspec.msgpack.Decoder(Contact)


def seal(contact: Contact, *, key: UUID) -> bytes:
    """The contact's envelope, which opens only in this messenger's row; nothing for nobody."""
    if not contact:
        return b""
    return keys.data_keys().cipher.seal(_encode(contact), context=key.bytes)


def open_contact(messenger: Messenger) -> Contact:
    """A messenger's contact, empty when none was given. Raises CannotOpen for a foreign row."""
    return _open(messenger, keys.data_keys().cipher)


def reseal() -> int:
    """Seal all contacts to the current data key; returns how many it sealed anew.

    May run while everything works; a run that was cut short is resumed by another.
    """
    cipher = keys.data_keys().cipher
    rows = Messenger.objects.exclude(sealed=b"").only("pk", "key", "sealed")
    return sum(_reseal(row, cipher) for row in rows.iterator())


def _open(messenger: Messenger, cipher: sealing.FieldCipher) -> Contact:
    envelope = bytes(messenger.sealed)
    if not envelope:
        return Contact()
    return _decoder.decode(cipher.open(envelope, context=messenger.key.bytes))


def _reseal(row: Messenger, cipher: sealing.FieldCipher) -> bool:
    old = bytes(row.sealed)
    if not old or sealing.envelope_key_id(old) == cipher.current:
        return False
    fresh = cipher.seal(_encode(_open(row, cipher)), context=row.key.bytes)
    # Changed since we read it: then it carries the current key already.
    return Messenger.objects.filter(pk=row.pk, sealed=old).update(sealed=fresh) == 1
