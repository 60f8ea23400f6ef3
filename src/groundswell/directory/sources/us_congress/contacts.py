"""How to reach members of Congress: in Washington, at home in the district, and by form."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

import msgspec

from groundswell.directory import checks
from groundswell.directory.records import ContactRecord
from groundswell.directory.sources import us

WASHINGTON: Final = "Washington, DC"
# The files name no hours; these are when congressional offices are staffed by custom.
HOURS: Final = "Mo-Fr 09:00-17:00"
_NETWORKS: Final = {
    "twitter": "x", "facebook": "facebook", "instagram": "instagram", "youtube": "youtube",
    "mastodon": "mastodon",
}  # fmt: skip
_ASKED: Final = {
    "NAME_PREFIX": "prefix",
    "NAME_FIRST": "first name",
    "NAME_LAST": "last name",
    "ADDRESS_STREET": "street",
    "ADDRESS_CITY": "city",
    "ADDRESS_STATE_POSTAL_ABBREV": "state",
    "ADDRESS_STATE_FULL": "state",
    "ADDRESS_STATE": "state",
    "ADDRESS_ZIP5": "ZIP code",
    "PHONE": "telephone",
    "EMAIL": "e-mail",
    "TOPIC": "topic",
    "SUBJECT": "subject",
    "MESSAGE": "message",
}
Key = Callable[[str], str]


def of(
    members: Iterable[dict[str, Any]],
    offices: Iterable[dict[str, Any]],
    social: Iterable[dict[str, Any]],
    forms: Iterable[dict[str, Any]],
    *,
    person: Key,
) -> Iterator[ContactRecord]:
    """Every contact of every member, those in Washington first."""
    by_form = {one["bioguide"]: one for one in forms}
    known = set()
    for member in members:
        bioguide = member["id"]["bioguide"]
        known.add(bioguide)
        yield from _ranked(_washington(person(bioguide), member, by_form.get(bioguide)), 0)
    for one in offices:
        if one["id"]["bioguide"] in known:
            owner = person(one["id"]["bioguide"])
            local = (row for office in one["offices"] for row in _local(owner, office))
            yield from _ranked(_unlike(local), 100)
    for one in social:
        if one["id"]["bioguide"] in known:
            yield from _ranked(_networks(person(one["id"]["bioguide"]), one["social"]), 900)


def _ranked(rows: Iterable[ContactRecord], start: int) -> Iterator[ContactRecord]:
    for place, row in enumerate(rows, start):
        yield msgspec.structs.replace(row, rank=place)


def _unlike(rows: Iterable[ContactRecord]) -> Iterator[ContactRecord]:
    """Two offices now and then carry one id in the files."""
    met = dict[str, int]()
    for row in rows:
        met[row.key] = met.get(row.key, 0) + 1
        number = met[row.key]
        yield row if number == 1 else msgspec.structs.replace(row, key=f"{row.key}-{number}")


def _washington(
    owner: str, member: dict[str, Any], form: dict[str, Any] | None
) -> Iterator[ContactRecord]:
    term = member["terms"][-1]
    for type_, field in (("voice", "phone"), ("fax", "fax")):
        number = us.phone(term.get(field, ""))
        if number:
            yield ContactRecord(
                key=f"{owner}#{type_}:dc", owner=owner, type=type_, value=number, label=WASHINGTON,
                hours=HOURS if type_ == "voice" else "", zone="America/New_York",
                city="Washington", latitude=38.8899, longitude=-77.0091,
            )  # fmt: skip
    if term.get("address"):
        yield ContactRecord(
            key=f"{owner}#address:dc", owner=owner, type="address",
            value=term["address"].replace(" Washington DC ", "\nWashington, DC "), label=WASHINGTON,
            city="Washington",
        )  # fmt: skip
    for url in _addresses(term.get("contact_form", ""), (form or {}).get("url", ""))[:1]:
        yield ContactRecord(
            key=f"{owner}#form",
            owner=owner,
            type="form",
            value=url,
            note=_asks(form) if form else "",
        )
    for url in _addresses(term.get("url", "")):
        yield ContactRecord(key=f"{owner}#url", owner=owner, type="url", value=url)
    yield ContactRecord(
        key=f"{owner}#cwc", owner=owner, type="cwc", value=_cwc(term),
        note="Made by rule: compare it with the list of active offices before sending.",
    )  # fmt: skip


def _addresses(*urls: str) -> list[str]:
    """Those that are web addresses: the files hold a slip of the finger now and then."""
    found = []
    for url in urls:
        with suppress(checks.Wrong):
            found.append(checks.url("url", url))
    return found


def _asks(form: dict[str, Any]) -> str:
    """What a form asks for, for whoever fills it in."""
    asked = dict.fromkeys(_ASKED[field] for field in form["required"] if field in _ASKED)
    said = [f"Asks for: {', '.join(asked)}." if asked else ""]
    said.append(f"Topics: {'; '.join(form['topics'])}." if form["topics"] else "")
    said.append("It has a CAPTCHA." if form["captcha"] else "")
    return "\n".join(filter(None, said))[:4000]


def _cwc(term: dict[str, Any]) -> str:
    """The office's code in Communicating with Congress."""
    if term["type"] == "sen":
        return f"S{term['state']}{term['class']:02}"
    return f"H{term['state']}{term['district']:02}"


def _local(owner: str, office: dict[str, Any]) -> Iterator[ContactRecord]:
    place = {
        "label": office.get("city", ""),
        "city": office.get("city", ""),
        "latitude": office.get("latitude"),
        "longitude": office.get("longitude"),
    }
    name = office["id"].partition("-")[2] or "office"
    for type_, field in (("voice", "phone"), ("fax", "fax")):
        number = us.phone(office.get(field) or "")
        if number:
            yield ContactRecord(
                key=f"{owner}#{type_}:{name}", owner=owner, type=type_, value=number,
                hours=HOURS if type_ == "voice" else "", zone=us.zone(number), **place,
            )  # fmt: skip
    if office.get("address"):
        yield ContactRecord(
            key=f"{owner}#address:{name}",
            owner=owner,
            type="address",
            value=_address(office),
            **place,
        )


def _address(office: dict[str, Any]) -> str:
    street = ", ".join(str(office[k]) for k in ("address", "suite", "building") if office.get(k))
    town = f"{office.get('city', '')}, {office.get('state', '')} {office.get('zip', '')}".strip(
        " ,"
    )
    return "\n".join(filter(None, (street, town)))


def _networks(owner: str, accounts: dict[str, Any]) -> Iterator[ContactRecord]:
    for field, type_ in _NETWORKS.items():
        if accounts.get(field):
            yield ContactRecord(
                key=f"{owner}#{type_}", owner=owner, type=type_, value=str(accounts[field])
            )
