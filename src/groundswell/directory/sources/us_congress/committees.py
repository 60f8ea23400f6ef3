"""Committees of Congress and who sits on them."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from groundswell.directory.records import MembershipRecord, OrganizationRecord


def key_of(code: str) -> str:
    return f"us/committee/{code}"


def organizations(committees: Iterable[dict[str, Any]]) -> Iterator[OrganizationRecord]:
    """Every committee, and below it its subcommittees."""
    for one in committees:
        parent = key_of(one["thomas_id"])
        chamber = {"house": "us/org/house", "senate": "us/org/senate"}.get(
            one["type"], "us/org/congress"
        )
        yield _organization(parent, one["name"], chamber, one.get("url", ""))
        for below in one.get("subcommittees", ()):
            name = f"{one['name']}: {below['name']}"
            yield _organization(key_of(one["thomas_id"] + below["thomas_id"]), name, parent)


def _organization(key: str, name: str, parent: str, url: str = "") -> OrganizationRecord:
    return OrganizationRecord(
        key=key, name=name, classification="committee", parent=parent, country="us", url=url
    )


def memberships(
    seats: Iterable[dict[str, Any]], known: Collection[str]
) -> Iterator[MembershipRecord]:
    """Who sits on them; members who have left since are left out."""
    met = set()
    for seat in seats:
        person = f"us/{seat['bioguide']}"
        key = f"{person}@{key_of(seat['committee'])}"
        if person in known and key not in met:
            met.add(key)
            yield MembershipRecord(
                key=key, person=person, organization=key_of(seat["committee"]),
                role=seat.get("title") or "Member", rank=seat.get("rank") or 0,
            )  # fmt: skip
