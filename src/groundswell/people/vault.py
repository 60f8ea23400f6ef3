"""The one door to personal data: sealing it into a row, and opening it again.

Whoever opens a row for an organiser writes an AuditEntry; core opens rows to send mail.
"""

from typing import Final, Protocol
from uuid import UUID

import msgspec

from groundswell.base import sealing
from groundswell.people import dedupe, keys

CLEAR: Final = frozenset({"country"})


class Personal(msgspec.Struct, frozen=True):
    """What a supporter told us about themselves: field names as in the form.

    `fields` holds no country: that is a column of the row, since the dashboard counts it.
    """

    fields: dict[str, str]

    def get(self, name: str) -> str:
        """A field's value, empty if it was not given."""
        return self.fields.get(name, "")

    @property
    def email(self) -> str:
        return self.get("email")

    @property
    def name(self) -> str:
        """The name as it is written in a mail or a list: given name first."""
        return f"{self.get('given_name')} {self.get('family_name')}".strip()


class Sealed(Protocol):
    """A row with personal data in it: a Participation."""

    submission_id: UUID
    sealed: bytes | memoryview


class Gone(Exception):
    """The row was erased: there is nothing left to open."""


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Personal)


def seal(fields: dict[str, str], *, submission_id: UUID, cipher: sealing.FieldCipher) -> bytes:
    """The fields' envelope, which opens only in this submission's row."""
    private = {name: value for name, value in fields.items() if name not in CLEAR}
    return cipher.seal(_encode(Personal(private)), context=submission_id.bytes)


def open_row(row: Sealed, *, cipher: sealing.FieldCipher | None = None) -> Personal:
    """A row's personal data. Raises Gone for an erased row, CannotOpen for a foreign one."""
    envelope = bytes(row.sealed)
    if not envelope:
        raise Gone(str(row.submission_id))
    cipher = cipher or keys.data_keys().cipher
    return _decoder.decode(cipher.open(envelope, context=row.submission_id.bytes))


def index(email: str) -> bytes:
    """The blind index that rows of this address carry."""
    return sealing.blind_index(keys.data_keys().indexes[0], dedupe.canonical(email))


def all_indexes(email: str) -> list[bytes]:
    """The blind indexes of this address under every index key that is still held."""
    address = dedupe.canonical(email)
    return [sealing.blind_index(key, address) for key in keys.data_keys().indexes]
