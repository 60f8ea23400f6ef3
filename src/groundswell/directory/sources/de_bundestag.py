"""The members of the German Bundestag, from abgeordnetenwatch.de."""

import re
from datetime import date
from typing import Final

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
from groundswell.directory.sources.asking import Asking, Fetched, Refresh, line, web

BUNDESTAG: Final = "de/bundestag"
ADDRESS: Final = "Platz der Republik 1, 11011 Berlin"
_BUNDESTAG: Final = 5  # its number among their parliaments
_PAGE: Final = 1000
_PAUSE: Final = 1.0
_SEAT: Final = re.compile(r"(\d{1,3}) - (.+?)(?: \([^()]*\))?")
_PERIOD: Final = re.compile(r" \([^()]*\d{4}[^()]*\)$")


class _Named(msgspec.Struct):
    id: int
    label: str


class _Parliament(msgspec.Struct):
    current_project: _Named


class _Parliaments(msgspec.Struct):
    data: _Parliament


class _Politician(msgspec.Struct):
    id: int
    label: str
    abgeordnetenwatch_url: str | None = ""


class _Electoral(msgspec.Struct):
    constituency: _Named | None = None
    mandate_won: str | None = ""


class _Fraction(msgspec.Struct):
    fraction: _Named
    valid_from: str | None = ""
    valid_until: str | None = None


class _Mandate(msgspec.Struct):
    id: int
    politician: _Politician
    type: str = "mandate"
    end_date: str | None = None
    electoral_data: _Electoral | None = None
    fraction_membership: list[_Fraction] | None = None


class _Result(msgspec.Struct):
    total: int


class _Meta(msgspec.Struct):
    result: _Result


class _Mandates(msgspec.Struct):
    data: list[_Mandate]
    meta: _Meta


def fetch(ask: Asking) -> Fetched:
    """All members of the present Bundestag; they publish profiles, no mail addresses."""
    period = ask.json(f"/api/v2/parliaments/{_BUNDESTAG}", _Parliaments).data.current_project
    if "Bundestag" not in period.label:
        raise FetchFailed(
            f"number {_BUNDESTAG} is no longer the Bundestag but {line(period.label)}"
        )
    today = clock.now().date()
    batch = Batch(as_of=today)
    batch.organizations.append(
        OrganizationRecord(
            key=BUNDESTAG,
            name="Deutscher Bundestag",
            classification="parliament",
            country="de",
            url="https://www.bundestag.de/",
        )
    )
    seen: set[int] = set()
    for mandate in _mandates(ask, period.id):
        if mandate.politician.id not in seen and not _over(mandate, today):
            seen.add(mandate.politician.id)
            _member(batch, mandate)
    return Fetched(batch=batch)


def _mandates(ask: Asking, period: int) -> list[_Mandate]:
    found: list[_Mandate] = []
    total = 1
    while len(found) < total:
        page = ask.json(
            f"/api/v2/candidacies-mandates?parliament_period={period}&type=mandate&current_on=now"
            f"&range_start={len(found)}&range_end={_PAGE}",
            _Mandates,
        )
        total = page.meta.result.total
        found += page.data
        ask.watch(min(len(found), total), total)
        if not page.data:
            break
        ask.pause(_PAUSE)
    return found


def _over(mandate: _Mandate, today: date) -> bool:
    return bool(mandate.end_date) and str(mandate.end_date) < today.isoformat()


def _member(batch: Batch, mandate: _Mandate) -> None:
    person = mandate.politician
    key, post = f"de/{person.id}", f"{BUNDESTAG}/{person.id}"
    area, label = _division(batch, mandate.electoral_data)
    batch.posts.append(
        PostRecord(
            key=post, role="Mitglied des Deutschen Bundestages", kind="bundestag", label=label,
            organization=BUNDESTAG, area=area, country="de", language="de",
        )
    )  # fmt: skip
    batch.people.append(
        PersonRecord(
            key=key, name=line(person.label, 200), party=_party(mandate), language="de",
            identifiers={"abgeordnetenwatch": str(person.id)},
        )
    )  # fmt: skip
    batch.memberships.append(
        MembershipRecord(key=f"{key}/seat", person=key, post=post, organization=BUNDESTAG)
    )
    for type_, value in (("address", ADDRESS), ("url", web(person.abgeordnetenwatch_url))):
        if value:
            batch.contacts.append(
                ContactRecord(key=f"{key}/{type_}", owner=key, type=type_, value=value)
            )


def _division(batch: Batch, said: _Electoral | None) -> tuple[str, str]:
    """The constituency of whoever won one; the country for all others, who came by a list."""
    seat = said.constituency if said and said.mandate_won == "constituency" else None
    match = _SEAT.fullmatch(line(seat.label)) if seat else None
    if match is None:
        return "ocd-division/country:de", ""
    key, name = f"ocd-division/country:de/ed:{int(match[1])}", match[2]
    if all(area.key != key for area in batch.areas):
        batch.areas.append(
            AreaRecord(
                key=key, name=name, classification="constituency", country="de",
                parent="ocd-division/country:de",
            )
        )  # fmt: skip
    return key, name


def _party(mandate: _Mandate) -> str:
    now = [one for one in mandate.fraction_membership or () if not one.valid_until]
    return _PERIOD.sub("", line(now[-1].fraction.label, 120)) if now else ""


SOURCE: Final = Refresh(
    info=SourceInfo(
        slug="de_bundestag",
        name="abgeordnetenwatch.de: members of the Bundestag",
        url="https://www.abgeordnetenwatch.de/api",
        licence="CC0 1.0",
        attribution="abgeordnetenwatch.de",
        country="de",
    ),
    fetch=fetch,
    base="https://www.abgeordnetenwatch.de",
    least=550,
)
