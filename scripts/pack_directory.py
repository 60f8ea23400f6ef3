"""Make the data files the directory ships from folders fetched by hand (for developers).

    .venv/bin/python scripts/pack_directory.py FOLDER

FOLDER holds the repositories' files as each `sources/<dataset>/data/SOURCE.txt` names them. What we
do not need, and what may be somebody's home, never gets into the package.
"""

import csv
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parents[1] / "src/groundswell/directory/sources"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGE = (("ca", "Canada"), ("in", "India"), ("us", "United States"))  # their files are too large
SHARED_BY = 5  # so many must have a post code in common before it counts as a seat of government


def write(dataset: str, name: str, text: str) -> None:
    target = HERE / dataset / "data" / name
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{target.relative_to(HERE)}: {target.stat().st_size:,} bytes")


def lines(items: Iterable[Any]) -> str:
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    return "".join(f"{dump(item)}\n" for item in items)


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 (a safe loader)


def congress(folder: Path) -> None:
    here = folder / "congress-legislators"
    for name, file in (
        ("offices", "legislators-district-offices"),
        ("social", "legislators-social-media"),
        ("committees", "committees-current"),
    ):
        write("us_congress", f"{name}.jsonl.gz", lines(read(here / f"{file}.yaml")))
    members = [
        {
            "id": {key: one["id"][key] for key in ("bioguide", "wikidata") if key in one["id"]},
            "name": one["name"],
            "terms": one["terms"][-1:],
        }
        for one in read(here / "legislators-current.yaml")
    ]
    write("us_congress", "members.jsonl.gz", lines(members))
    seats = read(here / "committee-membership-current.yaml")
    kept = (
        {
            "committee": name,
            "bioguide": one["bioguide"],
            "rank": one["rank"],
            "title": one.get("title", ""),
        }
        for name, some in seats.items()
        for one in some
    )
    write("us_congress", "committee-members.jsonl.gz", lines(kept))


def forms(folder: Path) -> None:
    made = []
    for path in sorted((folder / "contact-congress-senate/members").glob("*.yaml")):
        try:
            made.append(
                form(path.stem, read(path)["contact_form"], path.read_text(encoding="utf-8"))
            )
        except yaml.YAMLError:
            print(f"{path.name} is not valid YAML: left out")
    write("us_congress", "forms.jsonl.gz", lines(made))


def form(bioguide: str, said: dict[str, Any], text: str) -> dict[str, Any]:
    visits = [url for step in said["steps"] for url in [step.get("visit")] if url]
    fields = [
        one
        for step in said["steps"]
        for kind in ("fill_in", "select", "check", "choose")
        for one in step.get(kind) or ()
        if str(one.get("value", "")).startswith("$")
    ]
    topics = next((one.get("options") for one in fields if one["value"] == "$TOPIC"), None) or []
    return {
        "bioguide": bioguide,
        "url": visits[0] if visits else "",
        "required": list(dict.fromkeys(one["value"][1:] for one in fields if one.get("required"))),
        "topics": [str(topic) for topic in topics if str(topic).strip()][:60],
        "captcha": "captcha" in text.lower(),
    }


def states(folder: Path) -> None:
    here = folder / "openstates-people"
    for name, file in (("legislators", "legislature"), ("executives", "executive")):
        people = [json.loads(line) for line in (here / f"{file}.jsonl").read_text().splitlines()]
        seats = seats_of_government(people)
        write("us_states", f"{name}.jsonl.gz", lines(official(one, seats) for one in people))


def official(one: dict[str, Any], seats: set[tuple[str, str]]) -> dict[str, Any]:
    kept = {
        key: one[key]
        for key in ("id", "name", "given_name", "family_name", "email")
        if one.get(key)
    }
    offices = [office(where, one["_state"], seats) for where in one.get("offices", ())]
    newest = max(
        one["roles"], key=lambda role: (not role.get("end_date"), role.get("end_date", ""))
    )
    return {
        **kept,
        "state": one["_state"],
        "party": next((party["name"] for party in one.get("party", ())), ""),
        "role": newest,
        "offices": [where for where in offices if where],
        "links": [
            link["url"]
            for link in one.get("links", ())
            if str(link.get("note", "")).lower()
            in {"homepage", "website", "webform", "contact form"}
        ],
        "forms": [
            link["url"]
            for link in one.get("links", ())
            if str(link.get("note", "")).lower() in {"webform", "contact form"}
        ],
        "ids": one.get("ids", {}),
    }


def office(where: dict[str, Any], state: str, seats: set[tuple[str, str]]) -> dict[str, Any] | None:
    """Numbers of offices; an address only at the seat of government. Nothing of a home."""
    place = where.get("classification", "")
    if place in {"home", "primary"}:
        return None
    kept = {key: where[key] for key in ("voice", "fax") if where.get(key)}
    if place.startswith("capitol") and (state, zip5(where)) in seats:
        kept["address"] = where["address"]
    return {"place": place, **kept} if kept else None


def seats_of_government(people: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """(state, ZIP) that enough capitol addresses share: none of those is a home."""
    counted = Counter(
        (one["_state"], zip5(where))
        for one in people
        for where in one.get("offices", ())
        if where.get("classification", "").startswith("capitol")
    )
    many = min(SHARED_BY, max(1, len(people) // 1000))
    return {place for place, number in counted.items() if place[1] and number >= many}


def zip5(where: dict[str, Any]) -> str:
    found = re.findall(r"\b(\d{5})(?:-\d{4})?\W*$", where.get("address", ""))
    return found[-1] if found else ""


def postcodes(folder: Path) -> None:
    text = (folder / "us-derived/zip_cd119.tsv").read_text(encoding="utf-8")
    write("us_zip", "zip_cd119.tsv.gz", text)


def countries(folder: Path) -> None:
    rows = [[f"ocd-division/country:{code}", name] for code, name in LARGE]
    for path in sorted((folder / "ocd-division-ids").glob("country-??.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            whole = (row for row in csv.DictReader(file) if row["id"].count("/") == 1)
            rows += [[row["id"], row["name"]] for row in whole]
    write("offices", "countries.tsv.gz", "".join("\t".join(row) + "\n" for row in sorted(rows)))


if __name__ == "__main__":
    source = Path(sys.argv[1])
    for pack in (congress, forms, states, postcodes, countries):
        pack(source)
