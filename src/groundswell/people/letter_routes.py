"""Which way a letter takes to a decision maker, and why one must not leave at all."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import msgspec

from groundswell.campaigns import reach
from groundswell.delivery.channels.cwc import offices as congress
from groundswell.directory.targets import Contact, Target

# What Congress takes no message without, beyond name and e-mail.
CWC_FIELDS: Final = ("prefix", "street", "city", "region", "postcode")
UNKNOWN: Final = "unknown"
_CONTACT: Final = {"cwc": "cwc", "email": "email", "form": "form", "print": "address"}


class Route(msgspec.Struct, frozen=True):
    """A channel and the contact it uses, if it needs one."""

    channel: str
    contact: Contact | None = None


def choose(ways: Iterable[str], target: Target, given: Mapping[str, str]) -> Route:
    """The first of a page's ways that the office has and that the supporter's fields suffice for.

    Paper is for everybody: who has no address of any kind is left to be looked up by its sender.
    """
    for way in ways:
        contact = target.contact(_CONTACT.get(way, ""))
        if reach.takes(target, way) and (way != "cwc" or _by_congress(contact, given)):
            return Route(way, contact)
    return Route("print", target.contact("address"))


def _by_congress(contact: Contact | None, given: Mapping[str, str]) -> bool:
    """Whether Congress's gateway would take it: not every office is on it."""
    wanted = all(map(given.get, CWC_FIELDS))
    return wanted and contact is not None and congress.takes(contact.value)


def unreachable(channel: str, target: Target) -> str:
    """Why a letter cannot go this way any more, in words for an organiser; empty if it can."""
    if channel in ("cwc", "email") and not target.contact(_CONTACT[channel]):
        return "its address is marked as bouncing or wrong; correct it, then let the letter go"
    return ""


def unfit(target: Target, today: date) -> str:
    """Why nothing may go to this target now, in words for an organiser; empty if it may."""
    if target.kind == UNKNOWN:
        return "the directory does not know them any more"
    if target.vacant:
        return "the seat is vacant"
    if target.valid_to is not None and target.valid_to < today:
        return f"in office until {target.valid_to} only"
    return ""
