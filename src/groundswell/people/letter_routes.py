"""Which way a letter takes to a decision maker, and why one must not leave at all."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import msgspec

from groundswell.delivery.channels import registry
from groundswell.directory.targets import Contact, Target

# What Congress takes no message without, beyond name and e-mail.
CWC_FIELDS: Final = ("prefix", "street", "city", "region", "postcode")
# What each of a page's choices tries, in order. Paper works for everybody.
_TRIES: Final[Mapping[str, tuple[str, ...]]] = {
    "auto": ("cwc", "email", "form", "print"),
    "email": ("email", "form", "print"),
    "form": ("form", "print"),
    "print": ("print",),
    "cwc": ("cwc", "form", "print"),
    "webhook": ("webhook",),
}
UNKNOWN: Final = "unknown"
_CONTACT: Final = {"cwc": "cwc", "email": "email", "form": "form", "print": "address"}


class Route(msgspec.Struct, frozen=True):
    """A channel and the contact it uses, if it needs one."""

    channel: str
    contact: Contact | None = None


def choose(
    choice: str,
    target: Target,
    given: Mapping[str, str],
    *,
    ready: Callable[[str], bool] | None = None,
) -> Route:
    """The first way that the page allows, the office has and the supporter's fields suffice for."""
    ready = ready or is_ready
    for channel in _TRIES.get(choice, _TRIES["auto"]):
        contact = target.contact(_CONTACT.get(channel, ""))
        if channel in {"print", "webhook"}:
            return Route(channel, contact)
        if contact is None or (channel != "form" and not ready(channel)):
            continue
        if channel != "cwc" or all(given.get(name) for name in CWC_FIELDS):
            return Route(channel, contact)
    return Route("print")


def is_ready(channel: str) -> bool:
    """Whether this installation can send by that channel at all."""
    return channel in registry.CHANNELS


def unfit(target: Target, today: date) -> str:
    """Why nothing may go to this target now, in words for an organiser; empty if it may."""
    if target.kind == UNKNOWN:
        return "the directory does not know them any more"
    if target.vacant:
        return "the seat is vacant"
    if target.valid_to is not None and target.valid_to < today:
        return f"in office until {target.valid_to} only"
    return ""
