"""What other rooms see of the directory: a decision maker one can write to or call, now."""

from datetime import date

import msgspec


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """One way to reach a decision maker.

    `type`: email, voice, fax, address, url, form (an official contact form), cwc (the office's code
    in Communicating with Congress), or the name of a network (x, facebook, instagram, youtube,
    mastodon), whose value is then the account's name. `note` of a form lists what it requires.
    `standing`: good, doubted (strangers say that it is wrong; an organiser is to look), bounced,
    wrong. `hours`: as in OpenStreetMap, "Mo-Fr 09:00-17:00", in `zone`.
    """

    type: str
    value: str
    label: str = ""
    note: str = ""
    standing: str = "good"
    hours: str = ""
    zone: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    id: int = 0

    @property
    def usable(self) -> bool:
        """Whether it is still used. What anybody may say without a name takes no contact away."""
        return self.standing in ("good", "doubted")


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A person in an office, an office whose holder is not named, or a seat that is vacant.

    `key` is stable over editions: at most 120 of A-Z a-z 0-9 . / _ -. `kind` is the class of the
    office: senate, house, sldu, sldl, executive, department, minister, mayor… `division` is an OCD
    id. `as_of` is the day its data was last checked, None for what nobody has checked yet;
    `valid_to` the last day it holds. `vacant`: nobody is known to hold the seat; if `ended_on` is
    set, a term ended on that day and its source has not said yet who came after.
    """

    key: str
    name: str
    role: str
    organization: str = ""
    country: str = ""
    division: str = ""
    area: str = ""
    party: str = ""
    language: str = ""
    salutation: str = ""
    given_name: str = ""
    family_name: str = ""
    kind: str = ""
    contacts: tuple[Contact, ...] = ()
    as_of: date | None = None
    valid_to: date | None = None
    vacant: bool = False
    ended_on: date | None = None
    source: str = ""

    def contact(self, type: str) -> Contact | None:  # noqa: A002
        """The first contact of that type that is of use, or None."""
        return next((c for c in self.contacts if c.type == type and c.usable), None)
