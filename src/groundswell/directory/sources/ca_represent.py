"""The members of Canada's House of Commons, from Open North's Represent."""

import re
from typing import Final

import msgspec

from groundswell.base import clock
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

COMMONS: Final = "ca/commons"
_PAGE: Final = 200
_PAUSE: Final = 1.1  # they ask for no more than 60 requests a minute
_RIDING: Final = re.compile(r"/boundaries/federal-electoral-districts-2023[a-z-]*/(\d{5})/?")
_MEMBER: Final = re.compile(r"\((\d{1,9})\)/?$")


class _Office(msgspec.Struct):
    type: str | None = ""
    tel: str | None = ""
    fax: str | None = ""
    postal: str | None = ""


class _Related(msgspec.Struct):
    boundary_url: str | None = ""


class _Person(msgspec.Struct):
    name: str
    elected_office: str
    district_name: str
    related: _Related
    url: str | None = ""
    first_name: str | None = ""
    last_name: str | None = ""
    party_name: str | None = ""
    email: str | None = ""
    photo_url: str | None = ""
    offices: list[_Office] | None = None
    extra: dict[str, object] | None = None


class _Meta(msgspec.Struct):
    total_count: int


class _Page(msgspec.Struct):
    objects: list[_Person]
    meta: _Meta


def fetch(ask: Asking) -> Fetched:
    """All members with their offices in Ottawa and at home."""
    batch, doubts = Batch(as_of=clock.now().date()), []
    batch.organizations.append(
        OrganizationRecord(
            key=COMMONS,
            name="House of Commons of Canada",
            classification="chamber",
            country="ca",
            url="https://www.ourcommons.ca/",
        )
    )
    for person in _people(ask):
        riding = _RIDING.search(person.related.boundary_url or "")
        number = _MEMBER.search(person.url or "")
        if riding and number:
            _member(batch, person, riding[1], number[1])
        else:
            doubts.append(_doubt(person))
    return Fetched(batch=batch, doubts=doubts)


def _people(ask: Asking) -> list[_Person]:
    found: list[_Person] = []
    total = 1
    while len(found) < total:
        page = ask.json(
            f"/representatives/house-of-commons/?limit={_PAGE}&offset={len(found)}", _Page
        )
        total = page.meta.total_count
        found += page.objects
        ask.watch(min(len(found), total), total)
        if not page.objects:
            break
        ask.pause(_PAUSE)
    return found


def _member(batch: Batch, person: _Person, riding: str, number: str) -> None:
    key, post = f"ca/{number}", f"{COMMONS}/{riding}"
    division = f"ocd-division/country:ca/ed:{riding}-2023"
    batch.areas.append(
        AreaRecord(
            key=division, name=line(person.district_name), classification="riding", country="ca",
            parent="ocd-division/country:ca",
        )
    )  # fmt: skip
    batch.posts.append(
        PostRecord(
            key=post, role="Member of Parliament", kind="ca_commons",
            label=line(person.district_name), organization=COMMONS, area=division, country="ca",
        )
    )  # fmt: skip
    batch.people.append(
        PersonRecord(
            key=key, name=line(person.name, 200), given_name=line(person.first_name, 120),
            family_name=line(person.last_name, 120), party=line(person.party_name, 120),
            image=web(person.photo_url)[:500], language=_language(person),
            identifiers={"ourcommons": number},
        )
    )  # fmt: skip
    batch.memberships.append(
        MembershipRecord(key=f"{key}/seat", person=key, post=post, organization=COMMONS)
    )
    _contacts(batch, key, person)


def _contacts(batch: Batch, key: str, person: _Person) -> None:
    found = [("email", mail(person.email), "", 0), ("url", web(person.url), "", 0)]
    for rank, office in enumerate(person.offices or ()):
        label = "Ottawa" if office.type == "legislature" else "constituency office"
        lines = [line(part) for part in (office.postal or "").splitlines()]
        found += [
            ("voice", line(office.tel, 60), label, rank),
            ("fax", line(office.fax, 60), label, rank),
            ("address", ", ".join(filter(None, lines)), label, rank),
        ]
    batch.contacts += [
        ContactRecord(
            key=f"{key}/{type_}/{rank}", owner=key, type=type_, value=value, label=label, rank=rank
        )
        for type_, value, label, rank in found
        if value
    ]


def _language(person: _Person) -> str:
    said = (person.extra or {}).get("preferred_languages")
    only = said[0] if isinstance(said, list) and len(said) == 1 else ""
    return {"English": "en", "French": "fr"}.get(str(only), "")


def _doubt(person: _Person) -> Doubt:
    return Doubt(
        field="district",
        problem=f"{line(person.name)} ({line(person.district_name)}) has no riding of 2023 or no "
        "number of the House",
        remedy="look at https://www.ourcommons.ca and import them by file",
    )


SOURCE: Final = Refresh(
    info=SourceInfo(
        slug="ca_represent",
        name="Represent: Members of Canada's House of Commons",
        url="https://represent.opennorth.ca/",
        licence="Open Government Licence (Canada)",
        attribution="Open North's Represent, from the House of Commons",
        country="ca",
    ),
    fetch=fetch,
    base="https://represent.opennorth.ca",
    least=300,
)
