"""The federal executive, from a small file kept by hand: `data/offices.json`.

A line without `checked_on` was written from memory and shows as unchecked until somebody looks.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from groundswell.directory.folding import slug
from groundswell.directory.records import (
    Batch,
    ContactRecord,
    MembershipRecord,
    OrganizationRecord,
    PersonRecord,
    PostRecord,
    SourceInfo,
)
from groundswell.directory.sources import us

AS_OF: Final = date(2026, 11, 21)
INFO: Final = SourceInfo(
    slug="us_executive",
    name="White House and departments (kept by hand)",
    url="https://www.usa.gov/agency-index",
    licence="CC0 1.0",
    attribution="Groundswell; names of holders from congress-legislators",
    country="us",
    vouches=False,
)
_HERE: Final = Path(__file__).parent
_HOURS: Final = "Mo-Fr 09:00-17:00"


def batch() -> Batch:
    """What ships with Groundswell."""
    made = Batch(as_of=AS_OF)
    for office in json.loads((_HERE / "data" / "offices.json").read_text(encoding="utf-8")):
        post = _post(office)
        made.posts.append(post)
        made.organizations.append(_organization(office))
        made.contacts += _contacts(post.key, office["contacts"])
        if "holder" in office:
            person = _person(office["holder"])
            made.people.append(person)
            made.memberships.append(_membership(office["holder"], person, post))
    made.organizations = list({row.key: row for row in made.organizations}.values())
    return made


def _organization(office: dict[str, Any]) -> OrganizationRecord:
    name = office["organization"]
    return OrganizationRecord(
        key=f"us/org/{slug(name)}", name=name, classification="department", country="us"
    )


def _post(office: dict[str, Any]) -> PostRecord:
    return PostRecord(
        key=f"us/office/{slug(office['role'])}", role=office["role"], kind=office["kind"],
        label=office["organization"], organization=f"us/org/{slug(office['organization'])}",
        area=us.COUNTRY, country="us", office=True, language="en", salutation=office["salutation"],
        checked_on=_day(office.get("checked_on")),
    )  # fmt: skip


def _person(holder: dict[str, Any]) -> PersonRecord:
    return PersonRecord(
        key=f"us/person/{slug(holder['name'])}", name=holder["name"], given_name=holder["given"],
        family_name=holder["family"], party=holder["party"], language="en",
        checked_on=_day(holder["checked_on"]),
    )  # fmt: skip


def _membership(holder: dict[str, Any], person: PersonRecord, post: PostRecord) -> MembershipRecord:
    return MembershipRecord(
        key=f"{person.key}@{post.key}", person=person.key, post=post.key,
        organization=post.organization, valid_from=_day(holder["from"]),
        valid_to=_day(holder["to"]),
        checked_on=_day(holder["checked_on"]),
    )  # fmt: skip


def _contacts(owner: str, said: list[dict[str, Any]]) -> Iterator[ContactRecord]:
    for rank, one in enumerate(said):
        voice = one["type"] == "voice"
        yield ContactRecord(
            key=f"{owner}#{one['type']}:{slug(one.get('label', '')) or 'main'}", owner=owner,
            type=one["type"], value=us.phone(one["value"]) if voice else one["value"],
            label=one.get("label", ""), rank=rank, hours=_HOURS if voice else "",
            zone="America/New_York" if voice else "", checked_on=_day(one.get("checked_on")),
        )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
