"""The lookup's files: from a postcode to who represents it, small enough for a CDN and a phone.

`docs/formats/lookup.md` describes them. They are made from what holds on one day, hold public data
only, and are the same bytes for the same rows.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import blake2b
from itertools import groupby
from typing import Any, Final

import msgspec
from django.db.models import Count, Max

from groundswell.base import clock
from groundswell.directory import queries, reading
from groundswell.directory.lookups.country import Country
from groundswell.directory.lookups.registry import COUNTRIES
from groundswell.directory.models import Area, Correction, Edition, Report
from groundswell.directory.targets import Contact, Target

FORMAT: Final = 1
# The ways a letter may take, by the contact each needs.
_WAYS: Final = {"cwc": "cwc", "email": "email", "form": "form", "print": "address"}


class _Place(msgspec.Struct, omit_defaults=True):
    """One of somebody's offices, beside the main one."""

    city: str
    phone: str = ""
    address: str = ""
    hours: str = ""
    zone: str = ""
    lat: float | None = None
    lon: float | None = None


class _Person(msgspec.Struct, omit_defaults=True):
    name: str
    role: str
    organization: str = ""
    party: str = ""
    office: str = ""
    salutation: str = ""
    ways: list[str] = []
    phone: str = ""
    hours: str = ""
    zone: str = ""
    form: str = ""
    url: str = ""
    address: str = ""
    offices: list[_Place] = []


class _Division(msgspec.Struct, omit_defaults=True):
    id: str
    name: str
    offices: list[str]
    people: list[str]
    vacant: bool = False


class _Region(msgspec.Struct):
    region: str
    name: str
    divisions: list[_Division]
    people: dict[str, _Person]


def build(country: str, *, on: date | None = None) -> Iterator[tuple[str, bytes]]:
    """(path in the site, JSON) of each file of a country's lookup, the index last.

    Nothing at all for a country of which nobody is known. Raises KeyError for one without a lookup.
    """
    day = on or clock.now().date()
    rules = COUNTRIES[country]
    folder = f"lookup/{country}"
    held = _by_division(rules, day)
    as_of = max((who.as_of for some in held.values() for who in some if who.as_of), default=None)
    regions = _regions(rules, held, day)
    if not regions:
        return
    known = {one.id for region in regions for one in region.divisions}
    for prefix, rows in groupby(
        queries.crosswalk(country, on=day), lambda row: row[0][: rules.postcodes.shard]
    ):
        shard = {postcode: _candidates(found, known) for postcode, found in rows}
        yield f"{folder}/p/{prefix}.json", _json({code: row for code, row in shard.items() if row})
    for region in regions:
        yield f"{folder}/r/{region.region.rpartition(':')[2]}.json", _json(region)
    yield f"{folder}/index.json", _json(_index(rules, regions, day, as_of))


def fingerprint(country: str, *, on: date | None = None) -> str:
    """What changes whenever `build` may give other files; cheap enough to ask every few seconds."""
    day = on or clock.now().date()
    # An edition of any source may name somebody anew, and each day may begin or end a term.
    editions = Edition.objects.aggregate(Max("pk"), Count("pk"), Max("undone_at"))
    changed = [model.objects.aggregate(Max("pk")) for model in (Correction, Report)]
    told = f"{FORMAT} {country} {day} {editions} {changed}"
    return blake2b(told.encode(), digest_size=12).hexdigest()


def _candidates(
    found: list[tuple[str, float | None]], known: set[str]
) -> list[tuple[str] | tuple[str, float]]:
    """A postcode's row; empty, which is unknown, when it leads to a division of nobody's."""
    if not all(division in known for division, _ in found):
        return []
    return [
        (division,) if share is None else (division, round(share, 3)) for division, share in found
    ]


def _regions(rules: Country, held: dict[str, list[Target]], day: date) -> list[_Region]:
    names = dict(
        Area.objects.on(day).filter(key__in=held, country=rules.code).values_list("key", "name")
    )
    made = []
    for region, name in queries.regions(rules.code, on=day):
        inside = sorted(one for one in held if one == region or one.startswith(f"{region}/"))
        divisions = [_division(one, names.get(one, one), held[one]) for one in inside]
        if region not in held and inside:
            divisions.insert(0, _Division(id=region, name=name, offices=[], people=[]))
        people = {who.key: _person(who) for one in inside for who in held[one] if not who.vacant}
        if divisions:
            made.append(_Region(region, name, _in_order(divisions), people))
    return made


def _by_division(rules: Country, day: date) -> dict[str, list[Target]]:
    rows = reading.on(day).filter(country=rules.code, kind__in=rules.kinds)
    listed = reading.targets(rows.select_related("source").order_by("sorting", "id"), day)
    held: dict[str, list[Target]] = defaultdict(list)
    for one in sorted(listed, key=lambda who: rules.kinds.index(who.kind)):
        held[one.division].append(one)
    return held


def _in_order(divisions: Sequence[_Division]) -> list[_Division]:
    """The region first, then its districts by number."""
    return sorted(divisions, key=lambda one: [_natural(part) for part in one.id.split("/")])


def _natural(part: str) -> tuple[str, int, str]:
    kind, _, name = part.partition(":")
    return (kind, int(name), "") if name.isdecimal() else (kind, 0, name)


def _division(key: str, name: str, held: list[Target]) -> _Division:
    return _Division(
        id=key,
        name=name,
        offices=list(dict.fromkeys(who.kind for who in held)),
        people=[who.key for who in held if not who.vacant],
        vacant=any(who.vacant for who in held),
    )


def _person(who: Target) -> _Person:
    voice, address = who.contact("voice"), who.contact("address")
    form, url = who.contact("form"), who.contact("url")
    return _Person(
        name=who.name,
        role=who.role,
        organization=who.organization,
        party=who.party,
        office=who.kind,
        salutation=who.salutation,
        ways=[way for way, contact in _WAYS.items() if who.contact(contact)],
        phone=voice.value if voice else "",
        hours=voice.hours if voice else "",
        zone=voice.zone if voice else "",
        form=_web(form),
        url=_web(url),
        address=address.value if address else "",
        offices=_places(who.contacts, voice),
    )


def _web(contact: Contact | None) -> str:
    value = contact.value if contact else ""
    return value if value.startswith(("https://", "http://")) else ""


def _places(contacts: Sequence[Contact], main: Contact | None) -> list[_Place]:
    """The offices that have a telephone, but for the main one."""
    good = [one for one in contacts if one.usable]
    addresses = {(one.city, one.label): one.value for one in good if one.type == "address"}
    voices = [one for one in good if one.type == "voice" and one.city and one is not main]
    return [
        _Place(
            city=one.city,
            phone=one.value,
            address=addresses.get((one.city, one.label), ""),
            hours=one.hours,
            zone=one.zone,
            lat=_near(one.latitude),
            lon=_near(one.longitude),
        )
        for one in voices
        if main is None or one.value != main.value
    ]


def _near(degrees: float | None) -> float | None:
    """To a hundred metres, which is enough to tell the nearest office."""
    return None if degrees is None else round(degrees, 3)


def _index(
    rules: Country, regions: Sequence[_Region], day: date, as_of: date | None
) -> dict[str, Any]:
    found = queries.crosswalk_edition(rules.code, on=day)
    edition, valid_to = found or (None, None)
    changes = queries.map_changes(rules.code, on=day)
    return {
        "format": FORMAT,
        "country": rules.code,
        "as_of": as_of.isoformat() if as_of else "",
        "postcodes_as_of": edition.as_of.isoformat() if edition else "",
        **({"valid_to": valid_to.isoformat()} if valid_to else {}),
        "source": (edition.source.attribution or edition.source.name) if edition else "",
        "postcode": msgspec.to_builtins(rules.postcodes),
        "regions": [[one.region, one.name] for one in regions],
        "changes": {key: changes[key].isoformat() for key in sorted(changes)},
    }


def _json(data: Any) -> bytes:
    return msgspec.json.encode(data)
