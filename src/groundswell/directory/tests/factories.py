"""A small parliament to load: invented seats, and people who never lived."""

from datetime import date
from typing import Any

import msgspec

from groundswell.directory import services
from groundswell.directory.editions import Counts
from groundswell.directory.models import Edition
from groundswell.directory.records import (
    AreaRecord,
    Batch,
    ContactRecord,
    CrossingRecord,
    MembershipRecord,
    OrganizationRecord,
    PersonRecord,
    PostRecord,
    SourceInfo,
)

SOURCE = SourceInfo(slug="vesland", name="Parliament of Vesland", licence="CC0 1.0", country="zz")
NORTH = "ocd-division/country:zz/part:north"
SEATS = {"1": "Ada Bjørn", "2": "Zoë Quist", "3": "Ion Măr"}


def parliament(as_of: date = date(2026, 3, 1), **people: str) -> Batch:
    """A batch of three seats; `people` are other holders of a seat, or "" for a vacancy."""
    made = Batch(
        as_of=as_of,
        areas=[
            AreaRecord(key="ocd-division/country:zz", name="Vesland", classification="country",
                       country="zz"),
            AreaRecord(key=NORTH, name="The North", country="zz", parent="ocd-division/country:zz"),
            *(AreaRecord(key=f"{NORTH}/ed:{n}", name=f"Seat {n}", country="zz", parent=NORTH)
              for n in SEATS),
        ],
        organizations=[
            OrganizationRecord(key="zz/house", name="House of Vesland", classification="chamber"),
            OrganizationRecord(key="zz/sea", name="Committee on the Sea", country="zz",
                               classification="committee"),
        ],
        posts=[
            PostRecord(key=f"zz/seat/{n}", role="Member", kind="house", organization="zz/house",
                       area=f"{NORTH}/ed:{n}", country="zz")
            for n in SEATS
        ],
    )  # fmt: skip
    for number, usual in SEATS.items():
        name = people.get(f"seat{number}", usual)
        if name:
            _sit(made, number, name)
    return made


def _sit(made: Batch, number: str, name: str) -> None:
    key = f"zz/{name.split(maxsplit=1)[0].lower()}"
    given, family = name.split()
    made.people.append(
        PersonRecord(key=key, name=name, given_name=given, family_name=family,
                     party="Reef" if number == "1" else "Shore")
    )  # fmt: skip
    made.memberships.append(
        MembershipRecord(key=f"{key}@{number}", person=key, post=f"zz/seat/{number}",
                         valid_from=date(2025, 9, 1))
    )  # fmt: skip
    made.contacts.append(contact(key))
    if number in {"1", "2"}:
        made.memberships.append(
            MembershipRecord(key=f"{key}@sea", person=key, organization="zz/sea", role="Member")
        )


def contact(owner: str, **said: Any) -> ContactRecord:
    plain = ContactRecord(
        key=f"{owner}#email", owner=owner, type="email", value=f"{owner[3:]}@house.example"
    )
    return msgspec.structs.replace(plain, **said)


def crossing(postcode: str, *divisions: str, **said: Any) -> CrossingRecord:
    return CrossingRecord(
        key=f"zz/{postcode}", country="zz", postcode=postcode,
        divisions=tuple((f"{NORTH}/ed:{one}", None) for one in divisions), **said,
    )  # fmt: skip


def load(batch: Batch, source: SourceInfo = SOURCE, **more: Any) -> tuple[Edition, Counts]:
    edition, counts = services.load(source=source, batch=batch, **more)
    assert edition is not None
    return edition, counts
