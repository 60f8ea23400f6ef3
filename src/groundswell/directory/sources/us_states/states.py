"""State legislators and executives from Open States, as `scripts/pack_directory` packs them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from groundswell.directory import checks
from groundswell.directory.folding import fold, slug
from groundswell.directory.records import (
    AreaRecord,
    Batch,
    ContactRecord,
    MembershipRecord,
    OrganizationRecord,
    PersonRecord,
    PostRecord,
    SourceInfo,
)
from groundswell.directory.sources import packed, us

AS_OF: Final = date(2026, 8, 5)
# Legislatures chosen in November 2026 begin to sit in the first days of January.
DUE_ON: Final = date(2027, 1, 1)
INFO: Final = SourceInfo(
    slug="us_states",
    name="American states (Open States people)",
    url="https://github.com/openstates/people",
    licence="CC0 1.0",
    attribution="Open States",
    country="us",
)
_HERE: Final = Path(__file__).parent
_UPPER: Final = {"upper": "sldu", "lower": "sldl"}
_LOWER_TITLES: Final = {
    "ca": "Assemblymember", "nj": "Assemblymember", "nv": "Assemblymember",
    "ny": "Assemblymember", "md": "Delegate", "va": "Delegate", "wv": "Delegate",
}  # fmt: skip
_EXECUTIVE: Final = {
    "governor": "Governor",
    "lt_governor": "Lieutenant Governor",
    "attorney general": "Attorney General",
    "secretary of state": "Secretary of State",
    "auditor": "Auditor",
    "treasurer": "Treasurer",
    "chief election officer": "Chief Election Officer",
}
_NETWORKS: Final = {"twitter": "x", "facebook": "facebook", "instagram": "instagram",
                    "youtube": "youtube"}  # fmt: skip


class _Seat(NamedTuple):
    """What a role's few words come to."""

    post: PostRecord
    area: AreaRecord | None
    title: str


def batch() -> Batch:
    """What ships with Groundswell."""
    made, reached = Batch(as_of=AS_OF, due_on=DUE_ON), set[str]()
    made.organizations = list(_organizations())
    posts, areas = dict[str, PostRecord](), dict[str, AreaRecord]()
    for one in _people():
        seat = _seat(us.STATES[one["state"]], one["role"])
        posts[seat.post.key] = seat.post
        if seat.area:
            areas[seat.area.key] = seat.area
        made.people.append(_person(one, seat.title))
        made.memberships.append(_membership(one, seat.post))
        owner = seat.post.key if seat.post.office else key_of(one)  # an office keeps its number
        if owner not in reached:
            made.contacts += _contacts(one, owner)
            reached.add(owner)
    made.posts, made.areas = list(posts.values()), list(areas.values())
    return made


def _people() -> Iterator[dict[str, Any]]:
    """Those who are still there first: of an office with two names, theirs is the number."""
    yield from packed.jsonl(_HERE, "legislators.jsonl.gz")
    yield from sorted(packed.jsonl(_HERE, "executives.jsonl.gz"), key=_left)


def key_of(one: dict[str, Any]) -> str:
    return f"us/{one['state']}/{one['id'].rpartition('/')[2]}"


def _organizations() -> Iterator[OrganizationRecord]:
    for state in us.STATES.values():
        for part, name in (
            ("executive", f"Government of {state.name}"),
            ("sldu", f"{state.name} Senate"),
            ("sldl", f"{state.name} {_house(state)}"),
            ("council", f"Council of the {state.name}"),
        ):
            if state.code in _where(part):
                yield OrganizationRecord(
                    key=_organization(state, part), name=name, country="us",
                    classification="executive" if part == "executive" else "chamber",
                )  # fmt: skip


def _where(part: str) -> set[str]:
    lawless = {"as", "gu", "mp", "vi"}  # none of their lawmakers is in the files
    return {
        "executive": set(us.STATES) - lawless,
        "sldu": set(us.STATES) - lawless - {"dc"},
        "sldl": set(us.STATES) - lawless - {"dc", "ne"},
        "council": {"dc"},
    }[part]


def _house(state: us.State) -> str:
    if state.code in {"ca", "nv", "ny", "wi"}:
        return "Assembly"
    if state.code == "nj":
        return "General Assembly"
    return "House of Delegates" if state.code in {"md", "va", "wv"} else "House of Representatives"


def _organization(state: us.State, part: str) -> str:
    return f"us/org/{state.code}/{part}"


def _seat(state: us.State, role: dict[str, Any]) -> _Seat:
    if role["type"] in _EXECUTIVE:
        return _office(state, role["type"])
    kind = _UPPER.get(role["type"], "council" if state.code == "dc" else "sldu")
    title = {"sldu": "Senator", "council": "Councilmember"}.get(
        kind, _LOWER_TITLES.get(state.code, "Representative")
    )
    district = role["district"]
    area = _area(state, kind, district)
    post = PostRecord(
        key=f"us/seat/{state.code}/{kind}/{slug(district)}", role=title, kind=kind,
        label=area.name if area else f"{state.name}, {district}",
        organization=_organization(state, kind), area=area.key if area else state.division,
        country="us", language="en",
    )  # fmt: skip
    return _Seat(post, area, title)


def _office(state: us.State, type_: str) -> _Seat:
    title = "Mayor" if (state.code, type_) == ("dc", "governor") else _EXECUTIVE[type_]
    post = PostRecord(
        key=f"us/office/{state.code}-{slug(title)}", role=title,
        kind="governor" if type_ == "governor" else "executive",
        label=f"{title} of {state.name}", organization=_organization(state, "executive"),
        area=state.division, country="us", office=True, language="en",
    )  # fmt: skip
    return _Seat(post, None, title)


def _area(state: us.State, kind: str, district: str) -> AreaRecord | None:
    """The seat's division; None where it is chosen by all of the state."""
    if district in {"At-Large", "Chairman"}:
        return None
    part, name = kind, f"{state.name} {'Senate' if kind == 'sldu' else 'House'} district {district}"
    if kind == "council":
        part, district = "ward", district.removeprefix("Ward ")
        name = f"{state.name}, Ward {district}"
    return AreaRecord(
        key=f"{state.division}/{part}:{_division(district)}", name=name, classification=part,
        country="us", parent=state.division,
    )  # fmt: skip


def _division(district: str) -> str:
    """The last part of an OCD id: small letters, blanks as _, what else is no letter as ~."""
    return re.sub(r"[^\w.~-]", "~", fold(district).replace(" ", "_"), flags=re.ASCII)


def _person(one: dict[str, Any], title: str) -> PersonRecord:
    family = one.get("family_name", "")
    return PersonRecord(
        key=key_of(one), name=one["name"], given_name=one.get("given_name", ""),
        family_name=family, party=us.party(one["party"]), language="en",
        salutation=f"Dear {title} {family or one['name']}",
        identifiers={"openstates": one["id"]},
    )  # fmt: skip


def _membership(one: dict[str, Any], post: PostRecord) -> MembershipRecord:
    role = one["role"]
    return MembershipRecord(
        key=f"{key_of(one)}@{post.key}", person=key_of(one), post=post.key,
        organization=post.organization, valid_from=_day(role.get("start_date")),
        valid_to=_day(role.get("end_date")),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    """A day of the files, which now and then is only a year or a month."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _contacts(one: dict[str, Any], owner: str) -> Iterator[ContactRecord]:
    numbers = dict[str, int]()
    said = dict.fromkeys((*_offices(one), *(() if _left(one) else _own(one))))
    for rank, (type_, value, label) in enumerate(row for row in said if row[1]):
        numbers[type_] = numbers.get(type_, 0) + 1
        yield ContactRecord(
            key=f"{owner}#{type_}:{numbers[type_]}", owner=owner, type=type_, value=value,
            label=label, rank=rank, zone=us.zone(value) if type_ == "voice" else "",
        )  # fmt: skip


def _left(one: dict[str, Any]) -> bool:
    """Whether they had left when the files were made: their own address says nothing any more."""
    ended = _day(one["role"].get("end_date"))
    return bool(ended and ended < AS_OF)


def _offices(one: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for office in sorted(one["offices"], key=lambda office: str(office["place"])):
        label = "District office" if office["place"].startswith("district") else "Capitol"
        for type_ in ("voice", "fax"):
            yield type_, us.phone(office.get(type_, "")), label
        yield "address", _address(office.get("address", "")), label


def _own(one: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    with suppress(checks.Wrong):
        yield "email", checks.email("email", one.get("email", "")), ""
    for url in one["links"]:
        yield "form" if url in one["forms"] else "url", url, ""
    for name, type_ in _NETWORKS.items():
        yield type_, one["ids"].get(name, ""), ""


def _address(text: str) -> str:
    """The files write an address in one line, its parts apart with semicolons."""
    return "\n".join(part.strip() for part in text.split(";") if part.strip(" ,"))
