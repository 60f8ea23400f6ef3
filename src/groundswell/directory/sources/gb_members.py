"""The members of the House of Commons, from the UK Parliament's own Members API."""

import unicodedata
from functools import cache
from importlib import resources
from typing import Any, Final

import msgspec

from groundswell.base import clock
from groundswell.directory.fetching.connection import FetchFailed
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
from groundswell.directory.sources.asking import (
    Asking,
    Doubt,
    Fetched,
    Refresh,
    line,
    mail,
    web,
)

COMMONS: Final = "gb/commons"
SEATS: Final = 650
_PAGE: Final = 20
_PAUSE: Final = 0.1
_GB: Final = "ocd-division/country:gb/"
_PARTS: Final = {
    "eng": "England",
    "nir": "Northern Ireland",
    "sct": "Scotland",
    "wls": "Wales",
}
_TYPES: Final = {
    "website": "url",
    "x (formerly twitter)": "x",
    "facebook": "facebook",
    "instagram": "instagram",
}


class _Party(msgspec.Struct):
    name: str = ""


class _Seat(msgspec.Struct, rename="camel"):
    membership_from: str
    house: int


class _Member(msgspec.Struct, rename="camel"):
    id: int
    name_display_as: str
    name_list_as: str = ""
    name_address_as: str | None = ""
    latest_party: _Party | None = None
    latest_house_membership: _Seat | None = None
    thumbnail_url: str | None = ""


class _Item(msgspec.Struct):
    value: _Member


class _Page(msgspec.Struct, rename="camel"):
    items: list[_Item]
    total_results: int


class _Contact(msgspec.Struct, rename="camel"):
    type: str
    is_web_address: bool = False
    line1: str | None = ""
    line2: str | None = ""
    line3: str | None = ""
    line4: str | None = ""
    line5: str | None = ""
    postcode: str | None = ""
    phone: str | None = ""
    email: str | None = ""


class _Contacts(msgspec.Struct):
    value: list[_Contact]


def fetch(web_: Asking) -> Fetched:
    """All sitting members with their contacts; a seat without a member is vacant."""
    members = _members(web_)
    batch = Batch(as_of=clock.now().date())
    batch.organizations.append(
        OrganizationRecord(
            key=COMMONS,
            name="House of Commons",
            classification="chamber",
            country="gb",
            url="https://www.parliament.uk/business/commons/",
        )
    )
    _seats(batch)
    doubts = []
    for number, member in enumerate(members, 1):
        seat = _division(member)
        if seat is None:
            doubts.append(_unknown(member))
            continue
        contacts = web_.json(f"/api/Members/{member.id}/Contact", _Contacts)
        _member(batch, member, seat, contacts.value)
        web_.watch(number, len(members))
        web_.pause(_PAUSE)
    return Fetched(batch=batch, doubts=doubts)


def _members(web_: Asking) -> list[_Member]:
    found: dict[int, _Member] = {}
    total = 1
    for skip in range(0, 2 * SEATS, _PAGE):
        if skip >= total:
            break
        page = web_.json(
            f"/api/Members/Search?House=1&IsCurrentMember=true&skip={skip}&take={_PAGE}", _Page
        )
        total = page.total_results
        found.update({item.value.id: item.value for item in page.items})
        if not page.items:
            break
    if len(found) < total:
        raise FetchFailed(f"the Members API announced {total} members and gave {len(found)}")
    return list(found.values())


@cache
def constituencies() -> dict[str, str]:
    """The 650 constituencies of 2024: OCD ids by name."""
    text = resources.files(__package__).joinpath("gb_constituencies.tsv").read_text("utf-8")
    rows = [row.split("\t") for row in text.splitlines()]
    return {name: _GB + rest for name, rest in rows}


def constituency(name: str) -> str | None:
    """The OCD id of a constituency of 2024, however its accents and hyphens are written."""
    return _folded().get(_fold(name))


@cache
def _folded() -> dict[str, str]:
    return {_fold(name): division for name, division in constituencies().items()}


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold().replace("&", "and")
    return "".join(letter for letter in plain if letter.isalnum())


def _seats(batch: Batch) -> None:
    for code, country in _PARTS.items():
        batch.areas.append(
            AreaRecord(
                key=f"{_GB}part:{code}", name=country, classification="part", country="gb",
                parent=_GB.rstrip("/"),
            )
        )  # fmt: skip
    for name, division in constituencies().items():
        batch.areas.append(
            AreaRecord(
                key=division, name=name, classification="constituency", country="gb",
                parent=division.rpartition("/")[0],
            )
        )  # fmt: skip
        batch.posts.append(
            PostRecord(
                key=_post(division), role="Member of Parliament", kind="commons", label=name,
                organization=COMMONS, area=division, country="gb", language="en",
            )
        )  # fmt: skip


def _post(division: str) -> str:
    plain = unicodedata.normalize("NFKD", division.rpartition(":")[2])
    return f"{COMMONS}/{plain.encode('ascii', 'ignore').decode()}"


def _division(member: _Member) -> str | None:
    seat = member.latest_house_membership
    return constituency(line(seat.membership_from)) if seat and seat.house == 1 else None


def _unknown(member: _Member) -> Doubt:
    seat = member.latest_house_membership
    return Doubt(
        field="constituency",
        problem=f"{line(member.name_display_as)} sits for "
        f"{line(seat.membership_from) if seat else 'nowhere'}, which is no constituency of 2024",
        remedy="look at https://members.parliament.uk and import them by file",
    )


def _member(batch: Batch, member: _Member, division: str, contacts: list[_Contact]) -> None:
    key = f"gb/{member.id}"
    family, _comma, given = line(member.name_list_as).partition(", ")
    batch.people.append(
        PersonRecord(
            key=key,
            name=line(member.name_display_as, 200),
            given_name=given,
            family_name=family,
            party=line(member.latest_party.name, 120) if member.latest_party else "",
            image=web(member.thumbnail_url)[:500],
            language="en",
            identifiers={"uk_parliament": str(member.id)},
        )
    )
    batch.memberships.append(
        MembershipRecord(key=f"{key}/seat", person=key, post=_post(division), organization=COMMONS)
    )
    for contact in contacts:
        _reach(batch, key, contact)


def _reach(batch: Batch, owner: str, contact: _Contact) -> None:
    label = line(contact.type, 200)
    found: list[tuple[str, str]] = []
    if contact.is_web_address:
        type_ = _TYPES.get(label.lower())
        if type_ and web(contact.line1):
            found.append((type_, _account(type_, web(contact.line1))))
    else:
        parts: list[Any] = [
            contact.line1, contact.line2, contact.line3, contact.line4, contact.line5,
            contact.postcode,
        ]  # fmt: skip
        address = ", ".join(line(part) for part in parts if line(part))
        found += [
            ("email", mail(contact.email)),
            ("voice", line(contact.phone, 60)),
            ("address", address),
        ]
    for type_, value in found:
        rank = sum(1 for one in batch.contacts[-12:] if one.owner == owner and one.type == type_)
        if value:
            batch.contacts.append(
                ContactRecord(
                    key=f"{owner}/{type_}/{rank}", owner=owner, type=type_, value=value,
                    label=label, rank=rank,
                )
            )  # fmt: skip


def _account(type_: str, url: str) -> str:
    return url if type_ == "url" else url.rstrip("/").rpartition("/")[2].lstrip("@")


SOURCE: Final = Refresh(
    info=SourceInfo(
        slug="gb_members",
        name="UK Parliament: Members of the House of Commons",
        url="https://members-api.parliament.uk/",
        licence="Open Parliament Licence 3.0",
        attribution="Contains Parliamentary information licensed under the Open Parliament "
        "Licence v3.0.",
        country="gb",
    ),
    fetch=fetch,
    base="https://members-api.parliament.uk",
    least=600,
)
