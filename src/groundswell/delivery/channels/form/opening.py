"""What a supporter needs at the office's own form: its address, and their words to take along."""

from typing import Final
from urllib.parse import urlsplit

import msgspec

from groundswell.base.letter import Letter

# What such forms ask for, in the order they mostly do.
_FIELDS: Final = (
    "prefix",
    "given_name",
    "family_name",
    "street",
    "city",
    "region",
    "postcode",
    "phone",
    "email",
    "subject",
    "body",
)


class Opening(msgspec.Struct, frozen=True):
    """The form's address, empty if there is none to trust, and what to put in: (field, value)."""

    url: str
    fields: tuple[tuple[str, str], ...]


def of(letter: Letter) -> Opening:
    """How its sender delivers this letter by the form. Nothing is sent by us."""
    said = ((name, getattr(letter, name)) for name in _FIELDS)
    return Opening(_safe(letter.form), tuple((name, value) for name, value in said if value))


def _safe(url: str) -> str:
    """The directory is edited by people: only an address of the web is ever made a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""
