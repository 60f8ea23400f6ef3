"""What a loader hands over: the rows of one edition, before they meet the database.

Popolo's classes, held together by keys instead of by ids. A key names the same thing in every
edition of its source, and belongs to that source alone.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What every row says. `checked_on`: the row's own check, if not that of the whole edition."""

    key: str
    checked_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class AreaRecord(Record, frozen=True, kw_only=True):
    """A division; `key` is its OCD id. `redrawn_on`: the day from which its seats have new maps."""

    name: str
    classification: str = ""
    country: str = ""
    parent: str = ""
    redrawn_on: date | None = None


class OrganizationRecord(Record, frozen=True, kw_only=True):
    """A parliament, chamber, committee, department… `classification` says which."""

    name: str
    classification: str = ""
    parent: str = ""
    country: str = ""
    url: str = ""


class PostRecord(Record, frozen=True, kw_only=True):
    """A seat or an office. `office`: it is written to as an office, whoever holds it."""

    role: str
    kind: str
    label: str = ""
    organization: str = ""
    area: str = ""
    country: str = ""
    office: bool = False
    language: str = ""
    salutation: str = ""


class PersonRecord(Record, frozen=True, kw_only=True):
    """Somebody who holds an office. Only what concerns the office; no birthday, no home."""

    name: str
    given_name: str = ""
    family_name: str = ""
    honorific: str = ""
    party: str = ""
    other_names: str = ""
    image: str = ""
    language: str = ""
    salutation: str = ""
    identifiers: dict[str, str] = {}


class MembershipRecord(Record, frozen=True, kw_only=True):
    """That `person` holds `post`, or sits on the committee `organization` (then without a post)."""

    person: str
    post: str = ""
    organization: str = ""
    role: str = ""
    rank: int = 0


class ContactRecord(Record, frozen=True, kw_only=True):
    """One way to reach `owner`, the key of a person or a post; see `targets.Contact`."""

    owner: str
    type: str
    value: str
    label: str = ""
    note: str = ""
    hours: str = ""
    zone: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    rank: int = 0


class CrossingRecord(Record, frozen=True, kw_only=True):
    """The divisions a postcode may lie in, likeliest first; `key` is "us/94110"."""

    country: str
    postcode: str
    divisions: tuple[tuple[str, float | None], ...]


class SourceInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Where rows come from and what may be done with them.

    `vouches`: the source was checked as a whole on the edition's day. If not, only rows with a
    `checked_on` of their own count as checked.
    """

    slug: str
    name: str
    url: str = ""
    licence: str = ""
    attribution: str = ""
    country: str = ""
    vouches: bool = True


class Batch(msgspec.Struct, kw_only=True):
    """All rows of one edition. `due_on`: the day from which a newer one should be loaded."""

    as_of: date
    starts_on: date | None = None
    due_on: date | None = None
    areas: list[AreaRecord] = []
    organizations: list[OrganizationRecord] = []
    posts: list[PostRecord] = []
    people: list[PersonRecord] = []
    memberships: list[MembershipRecord] = []
    contacts: list[ContactRecord] = []
    crossings: list[CrossingRecord] = []

    def groups(self) -> Iterator[tuple[str, list[Record]]]:
        """The lists by name, in the order they are loaded."""
        for name in GROUPS:
            yield name, getattr(self, name)

    def size(self) -> int:
        return sum(len(rows) for _name, rows in self.groups())


GROUPS: Final = (
    "areas",
    "organizations",
    "posts",
    "people",
    "memberships",
    "contacts",
    "crossings",
)
