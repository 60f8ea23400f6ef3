"""Members of Congress from congress-legislators' files, shipped or fetched: their shape is one."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from groundswell.directory.records import (
    AreaRecord,
    Batch,
    MembershipRecord,
    OrganizationRecord,
    PersonRecord,
    PostRecord,
    SourceInfo,
)
from groundswell.directory.sources import packed, us
from groundswell.directory.sources.us_congress import committees, contacts

AS_OF: Final = date(2026, 6, 15)
INFO: Final = SourceInfo(
    slug="us_congress",
    name="United States Congress (congress-legislators, contact-congress)",
    url="https://github.com/unitedstates/congress-legislators",
    licence="CC0 1.0",
    attribution="the @unitedstates project",
    country="us",
)
SENATE: Final = "us/org/senate"
HOUSE: Final = "us/org/house"
_CHAMBERS: Final = (
    ("us/org/congress", "United States Congress", ""),
    (SENATE, "United States Senate", "us/org/congress"),
    (HOUSE, "United States House of Representatives", "us/org/congress"),
)
_HERE: Final = Path(__file__).parent


class Files(msgspec.Struct, kw_only=True):
    """congress-legislators' own files, as objects; `members` is their legislators-current.

    `seats` are rows of {committee, bioguide, rank, title}; `forms` are `scripts/pack_directory`'s.
    """

    members: list[dict[str, Any]]
    offices: list[dict[str, Any]] = []
    social: list[dict[str, Any]] = []
    committees: list[dict[str, Any]] = []
    seats: list[dict[str, Any]] = []
    forms: list[dict[str, Any]] = []


def batch() -> Batch:
    """What ships with Groundswell."""
    return convert(files(), as_of=AS_OF)


def files() -> Files:
    """The shipped files, unpacked."""
    return Files(
        members=list(packed.jsonl(_HERE, "members.jsonl.gz")),
        offices=list(packed.jsonl(_HERE, "offices.jsonl.gz")),
        social=list(packed.jsonl(_HERE, "social.jsonl.gz")),
        committees=list(packed.jsonl(_HERE, "committees.jsonl.gz")),
        seats=list(packed.jsonl(_HERE, "committee-members.jsonl.gz")),
        forms=list(packed.jsonl(_HERE, "forms.jsonl.gz")),
    )


def convert(given: Files, *, as_of: date, due_on: date = us.CONGRESS_ENDS) -> Batch:
    """The rows of an edition. Seats exist whether or not somebody sits on them."""
    made = Batch(as_of=as_of, due_on=due_on, areas=list(_districts()), posts=list(_seats()))
    made.organizations = [
        OrganizationRecord(
            key=key, name=name, classification="chamber", parent=parent, country="us"
        )
        for key, name, parent in _CHAMBERS
    ]
    for member in given.members:
        made.people.append(_person(member))
        made.memberships.append(_membership(member))
    made.contacts = list(
        contacts.of(given.members, given.offices, given.social, given.forms, person=key_of)
    )
    made.organizations += committees.organizations(given.committees)
    known = {row.key for row in made.people}
    made.memberships += committees.memberships(given.seats, known)
    return made


def key_of(bioguide: str) -> str:
    return f"us/{bioguide}"


def _districts() -> Iterator[AreaRecord]:
    for state in us.STATES.values():
        for number in range(1, state.seats + 1 if state.seats > 1 else 1):
            yield AreaRecord(
                key=us.district(state, number), name=us.district_name(state, number),
                classification="cd", country="us", parent=state.division,
            )  # fmt: skip


def _seats() -> Iterator[PostRecord]:
    for state in us.STATES.values():
        for number in (0,) if state.seats == 1 else range(1, state.seats + 1):
            yield PostRecord(
                key=house_seat(state, number), role=house_role(state), kind="house",
                label=us.district_name(state, number), organization=HOUSE,
                area=us.district(state, number), country="us", language="en",
            )  # fmt: skip
        for class_ in state.classes:
            yield PostRecord(
                key=senate_seat(state, int(class_)), role="Senator", kind="senate",
                label=state.name, organization=SENATE, area=state.division, country="us",
                language="en",
            )  # fmt: skip


def house_seat(state: us.State, number: int) -> str:
    return f"us/seat/{state.code}-{0 if state.seats == 1 else number:02}"


def senate_seat(state: us.State, class_: int) -> str:
    return f"us/seat/{state.code}-s{class_}"


def house_role(state: us.State) -> str:
    """What somebody in the House is called: territories send delegates without a vote."""
    if state.code == "pr":
        return "Resident Commissioner"
    return "Representative" if state.part == "state" else "Delegate"


def _person(member: dict[str, Any]) -> PersonRecord:
    name, term = member["name"], member["terms"][-1]
    full = name.get("official_full") or f"{name['first']} {name['last']}"
    role = "Senator" if term["type"] == "sen" else house_role(us.STATES[term["state"].lower()])
    return PersonRecord(
        key=key_of(member["id"]["bioguide"]), name=full, given_name=name["first"],
        family_name=name["last"], party=us.party(term.get("party", "")), language="en",
        other_names=" ".join(filter(None, (name.get("nickname"), name.get("middle")))),
        salutation=f"Dear {role} {name['last']}",
        identifiers={
            scheme: str(member["id"][scheme])
            for scheme in ("bioguide", "wikidata")
            if scheme in member["id"]
        },
    )  # fmt: skip


def _membership(member: dict[str, Any]) -> MembershipRecord:
    term, bioguide = member["terms"][-1], member["id"]["bioguide"]
    state = us.STATES[term["state"].lower()]
    senator = term["type"] == "sen"
    post = senate_seat(state, term["class"]) if senator else house_seat(state, term["district"])
    return MembershipRecord(
        key=f"{key_of(bioguide)}@{post}", person=key_of(bioguide), post=post,
        organization=SENATE if senator else HOUSE,
        valid_from=date.fromisoformat(term["start"]),
        valid_to=date.fromisoformat(term["end"]) - timedelta(days=1),
    )  # fmt: skip


def seats_of(membership: dict[str, Iterable[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """The rows for `Files.seats` from a file committee-membership-current."""
    for committee, members in membership.items():
        for one in members:
            yield {"committee": committee, "bioguide": one["bioguide"], "rank": one.get("rank", 0),
                   "title": one.get("title", "")}  # fmt: skip
