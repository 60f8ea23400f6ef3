"""Invented decision makers, loaded as any source is: two senators, a representative, a minister."""

from datetime import date
from typing import Final

from groundswell.directory import editions
from groundswell.directory.records import (
    AreaRecord,
    Batch,
    ContactRecord,
    CrossingRecord,
    MembershipRecord,
    PersonRecord,
    PostRecord,
    SourceInfo,
)

STATE: Final = "ocd-division/country:us/state:vt"
DISTRICT: Final = f"{STATE}/cd:1"
MINISTER: Final = "test/minister"
_PEOPLE: Final = {
    "test/senator-1": ("Ada Fenwick", "Senator", "senate", STATE),
    "test/senator-2": ("Boris Alder", "Senator", "senate", STATE),
    "test/member": ("Cora Lindqvist", "Representative", "house", DISTRICT),
    MINISTER: ("Marta Quill", "Minister of Harbours", "minister", ""),
}


def load() -> None:
    """Make them known, with a postcode that leads to the first three."""
    info = SourceInfo(slug="test", name="Invented offices", country="us")
    batch = Batch(as_of=date(2026, 1, 5))
    batch.areas = [
        AreaRecord(key="ocd-division/country:us", name="United States", country="us"),
        AreaRecord(key=STATE, name="Vermont", country="us", parent="ocd-division/country:us"),
        AreaRecord(key=DISTRICT, name="Vermont at large", country="us", parent=STATE),
    ]
    batch.crossings = [
        CrossingRecord(key="us/05601", country="us", postcode="05601", divisions=((DISTRICT, 1.0),))
    ]
    for key, (name, role, kind, area) in _PEOPLE.items():
        country = "us" if area else "gb"
        given, family = name.split()
        post = f"{key}/post"
        batch.posts.append(PostRecord(key=post, role=role, kind=kind, area=area, country=country))
        batch.people.append(
            PersonRecord(
                key=key, name=name, given_name=given, family_name=family,
                salutation=f"Dear {role} {family}",
            )
        )  # fmt: skip
        batch.memberships.append(MembershipRecord(key=f"{key}/in", person=key, post=post))
        batch.contacts += _contacts(key)
    editions.load(source=info, batch=batch, by="test")


def _contacts(key: str) -> list[ContactRecord]:
    office = f"{key.partition('/')[2]}@office.example"
    rows = {
        "email": {"value": office},
        "voice": {
            "value": "+1 202 555 0101", "hours": "Mo-Fr 09:00-17:00", "zone": "America/New_York",
        },
        "address": {"value": "1 Capitol Square\nMontpelier, VT 05601"},
    }  # fmt: skip
    return [
        ContactRecord(key=f"{key}/{way}", owner=key, type=way, **words)  # type: ignore[arg-type]
        for way, words in rows.items()
    ]
