"""A small published lookup, and a letter page that asks for who represents a postcode.

The people are those of the lists of 2026; a lookup holds nothing about anybody but office holders.
"""

import json
import os
from pathlib import Path
from typing import Any, Final

from groundswell.base.wire import FieldSpec, PageSpec
from groundswell.intake.tests.site_factory import MESSAGES, spec, write_page

US: Final = "ocd-division/country:us"
CA: Final = f"{US}/state:ca"
KY: Final = f"{US}/state:ky"
TN: Final = f"{US}/state:tn"
AK: Final = f"{US}/state:ak"
PR: Final = f"{US}/territory:pr"
DC: Final = f"{US}/district:dc"
CD11: Final = f"{CA}/cd:11"
CD14: Final = f"{CA}/cd:14"
CD15: Final = f"{CA}/cd:15"
REFILL: Final = (
    "<!doctype html><title>Write</title>\x02summary\x03<form method=post>"
    '<input name=email value="\x02value:email\x03">\x02error:email\x03'
    '<input name=postcode value="\x02value:postcode\x03">\x02error:postcode\x03'
    '<fieldset id="f-division">\x02error:division\x03\x02regions:division\x03'
    "\x02choices:division\x03</fieldset>\x02error:target\x03\x02choices:target\x03</form>"
)
WORDS: Final = {
    **MESSAGES,
    "choose_one": "Please choose who represents you.",
    "unknown_postcode": "We do not know this postcode.",
    "map_expired": "The list is being renewed.",
    "postcode_short": "A digit is missing: it has {limit}.",
    "postcode_syntax": "Please check this postcode.",
    "other_region": "This postcode lies in another state.",
    "seat_vacant": "The seat is empty.",
    "place:where": "Where do you live?",
    "place:who": "Who represents you?",
    "place:choose": "Please choose",
    "place:elsewhere": "Somewhere else",
    "place:vacant": "this seat is empty at the moment",
    "place:changes": "The new map holds from {date}.",
}
INDEX: Final[dict[str, Any]] = {
    "format": 1,
    "country": "us",
    "as_of": "2026-06-15",
    "valid_to": "2199-01-02",
    "source": "public lists",
    "postcode": {"pattern": r"^\d{5}(?:-?\d{4})?$", "take": 5, "shard": 3, "name": "ZIP code"},
    "regions": [
        [AK, "Alaska"],
        [CA, "California"],
        [DC, "District of Columbia"],
        [KY, "Kentucky"],
        [PR, "Puerto Rico"],
        [TN, "Tennessee"],
    ],
    "changes": {CA: "2027-01-03"},
}
POSTCODES: Final[dict[str, list[list[Any]]]] = {
    "94110": [[CD11, 0.98]],
    "94014": [[CD15, 0.7], [CD11, 0.3]],
    "94005": [[CD14]],
    "42223": [[f"{KY}/cd:1", 0.6], [f"{TN}/cd:7", 0.4]],
    "00601": [[PR]],
    "20001": [[DC]],
    "99501": [[AK]],
}


def person(name: str, office: str, party: str = "Democrat", phone: str = "") -> dict[str, str]:
    role = {"senate": "Senator", "house": "Representative"}[office]
    return {"name": name, "role": role, "party": party, "office": office, "phone": phone}


def division(name: str, title: str, *people: str, offices: str = "house") -> dict[str, Any]:
    row: dict[str, Any] = {"id": name, "name": title, "offices": offices.split()}
    row["people"] = list(people)
    return row if people or not offices else {**row, "vacant": True}


def regions() -> list[dict[str, Any]]:
    """Each region's file."""
    return [california(), *across_a_line(), *with_one_seat()]


def california() -> dict[str, Any]:
    """Two senators, two representatives and an empty seat."""
    return {
        "region": CA,
        "name": "California",
        "divisions": [
            division(CA, "California", "us/P000145", "us/S001150", offices="senate"),
            division(CD11, "California's 11th district", "us/P000197"),
            division(CD14, "California's 14th district"),
            division(CD15, "California's 15th district", "us/M001225"),
        ],
        "people": {
            "us/P000145": person("Alex Padilla", "senate", phone="202-224-3553"),
            "us/S001150": person("Adam Schiff", "senate", phone="202-224-3841"),
            "us/P000197": person("Nancy Pelosi", "house", phone="202-225-4965"),
            "us/M001225": person("Kevin Mullin", "house", phone="202-225-3531"),
        },
    }


def across_a_line() -> list[dict[str, Any]]:
    """Two states that share a postcode."""
    rows = (
        (KY, "Kentucky", "1", ("us/P000603", "Rand Paul"), ("us/C001108", "James Comer")),
        (TN, "Tennessee", "7", ("us/B001243", "Marsha Blackburn"), ("us/V000139", "Matt Van Epps")),
    )
    return [
        {
            "region": state,
            "name": name,
            "divisions": [
                division(state, name, senator[0], offices="senate"),
                division(f"{state}/cd:{number}", f"{name}'s district {number}", member[0]),
            ],
            "people": {
                senator[0]: person(senator[1], "senate", "Republican"),
                member[0]: person(member[1], "house", "Republican"),
            },
        }
        for state, name, number, senator, member in rows
    ]


def with_one_seat() -> list[dict[str, Any]]:
    """Regions that are a division themselves."""
    rows = (
        (PR, "Puerto Rico", "us/H001103", "Pablo José Hernández"),
        (DC, "District of Columbia", "us/N000147", "Eleanor Holmes Norton"),
        (AK, "Alaska", "us/B001323", "Nicholas J. Begich III"),
    )
    return [
        {
            "region": one,
            "name": name,
            "divisions": [division(one, name, key)],
            "people": {key: person(holder, "house")},
        }
        for one, name, key, holder in rows
    ]


def letter_spec(*, required: bool = True, kinds: tuple[str, ...] = (), **changes: Any) -> PageSpec:
    """A letter's page; `kinds` are the kinds of office it is for."""
    values: dict[str, Any] = {
        "kind": "letter",
        "fields": (
            FieldSpec("email", "email", required=True, max=254),
            FieldSpec("postcode", "postcode", required=required, max=12),
            FieldSpec("division", "division", required=required, choices=kinds, lookup="us"),
            FieldSpec("region", "choice", choices=("CA", "KY", "TN", "TX", "AE")),
            FieldSpec("country", "country", max=2),
        ),
        "messages": WORDS,
        **changes,
    }
    return spec(**values)


def call_spec(**changes: Any) -> PageSpec:
    """A call's page: one of its own targets, or somebody who represents the caller."""
    fields = (
        FieldSpec("postcode", "postcode", max=12),
        FieldSpec("division", "division", required=True, lookup="us"),
        FieldSpec("target", "target", required=True, choices=("us/office/x",), lookup="us"),
    )
    return letter_spec(kind="call", fields=fields, **changes)


def write_lookup(folder: Path, **index: Any) -> None:
    """Publish the lookup into a site."""
    _write(folder, "index", {**INDEX, **index})
    shards: dict[str, dict[str, Any]] = {}
    for postcode, rows in POSTCODES.items():
        shards.setdefault(postcode[:3], {})[postcode] = rows
    for name, shard in shards.items():
        _write(folder, f"p/{name}", shard)
    for region in regions():
        _write(folder, f"r/{region['region'].rpartition(':')[2]}", region)


def damage(folder: Path, name: str, data: bytes | None) -> None:
    """Put something else in the place of a lookup file, or nothing at all."""
    file = folder / "site/public/lookup/us" / name
    for twin in (file, *(Path(f"{file}{end}") for end in (".br", ".zst", ".gz"))):
        twin.unlink(missing_ok=True)
    if data is not None:
        file.write_bytes(data)
        os.utime(file)


def _write(folder: Path, name: str, data: Any) -> None:
    write_page(folder, f"/lookup/us/{name}.json", json.dumps(data))
