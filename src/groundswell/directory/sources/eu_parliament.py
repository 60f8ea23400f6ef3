"""The members of the European Parliament, from its Open Data Portal."""

from typing import Final

import msgspec

from groundswell.base import clock
from groundswell.directory.records import (
    Batch,
    ContactRecord,
    MembershipRecord,
    OrganizationRecord,
    PersonRecord,
    PostRecord,
    SourceInfo,
)
from groundswell.directory.sources.asking import Asking, Doubt, Fetched, Refresh, line, mail

PARLIAMENT: Final = "eu/parliament"
_PAUSE: Final = 0.65  # they allow 500 requests in five minutes
_LD: Final = "application/ld+json"
_FORMAT: Final = "format=application%2Fld%2Bjson"
_COUNTRIES: Final = {"EL": "gr", "UK": "gb"}


class _Mep(msgspec.Struct):
    identifier: str
    label: str
    family: str = msgspec.field(name="familyName", default="")
    given: str = msgspec.field(name="givenName", default="")
    country: str = msgspec.field(name="api:country-of-representation", default="")
    group: str = msgspec.field(name="api:political-group", default="")


class _Meps(msgspec.Struct):
    data: list[_Mep]


class _Detail(msgspec.Struct):
    has_email: str | list[str] | None = msgspec.field(name="hasEmail", default=None)


class _Details(msgspec.Struct):
    data: list[_Detail]


def fetch(ask: Asking) -> Fetched:
    """All members in office today, each under the country that sent them."""
    meps = ask.json(f"/api/v2/meps/show-current?{_FORMAT}&limit=1000", _Meps, accept=_LD).data
    batch, doubts = Batch(as_of=clock.now().date()), []
    batch.organizations.append(
        OrganizationRecord(
            key=PARLIAMENT,
            name="European Parliament",
            classification="parliament",
            url="https://www.europarl.europa.eu/",
        )
    )
    for number, mep in enumerate(meps, 1):
        country = _COUNTRIES.get(mep.country, mep.country.lower())
        if not (mep.identifier.isascii() and mep.identifier.isdigit() and len(country) == 2):
            doubts.append(_doubt(mep))
            continue
        detail = ask.json(f"/api/v2/meps/{mep.identifier}?{_FORMAT}", _Details, accept=_LD).data
        _member(batch, mep, country, _email(detail))
        ask.watch(number, len(meps))
        ask.pause(_PAUSE)
    return Fetched(batch=batch, doubts=doubts)


def _member(batch: Batch, mep: _Mep, country: str, email: str) -> None:
    key = f"eu/{mep.identifier}"
    post = f"{PARLIAMENT}/{mep.identifier}"
    name = line(f"{mep.given} {mep.family}", 200) if mep.family else line(mep.label, 200)
    batch.posts.append(
        PostRecord(
            key=post, role="Member of the European Parliament", kind="mep",
            organization=PARLIAMENT, area=f"ocd-division/country:{country}", country=country,
        )
    )  # fmt: skip
    batch.people.append(
        PersonRecord(
            key=key, name=name, given_name=line(mep.given, 120), family_name=line(mep.family, 120),
            party=line(mep.group, 120), identifiers={"europarl": mep.identifier},
        )
    )  # fmt: skip
    batch.memberships.append(
        MembershipRecord(key=f"{key}/seat", person=key, post=post, organization=PARLIAMENT)
    )
    page = f"https://www.europarl.europa.eu/meps/en/{mep.identifier}"
    for type_, value in (("email", email), ("url", page)):
        if value:
            batch.contacts.append(
                ContactRecord(key=f"{key}/{type_}", owner=key, type=type_, value=value)
            )


def _email(details: list[_Detail]) -> str:
    said = details[0].has_email if details else None
    return mail(said[0] if isinstance(said, list) and said else said)


def _doubt(mep: _Mep) -> Doubt:
    return Doubt(
        field="country",
        problem=f"{line(mep.label)} has no number or no country: {line(mep.country)!r}",
        remedy="look at https://www.europarl.europa.eu/meps and import them by file",
    )


SOURCE: Final = Refresh(
    info=SourceInfo(
        slug="eu_parliament",
        name="European Parliament Open Data Portal",
        url="https://data.europarl.europa.eu/",
        licence="Reuse with the source named",
        attribution="© European Union, source: European Parliament",
    ),
    fetch=fetch,
    base="https://data.europarl.europa.eu",
    least=600,
)
