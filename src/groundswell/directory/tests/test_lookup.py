"""The lookup that is published: everybody's representatives, from the lists that ship with us."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import brotli
import msgspec
import pytest
from django.db import transaction

from groundswell.directory import editions, lookup
from groundswell.directory.models import Edition
from groundswell.directory.records import (
    AreaRecord,
    Batch,
    ContactRecord,
    CrossingRecord,
    MembershipRecord,
    PersonRecord,
    PostRecord,
    SourceInfo,
)
from groundswell.directory.sources.registry import SHIPPED

US = "ocd-division/country:us"
TODAY = date(2026, 11, 22)
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The American lists, for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        for name in ("offices", "us_congress", "us_zip"):
            shipped = SHIPPED[name]
            editions.load(source=shipped.info, batch=shipped.batch())
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def files(loaded: None) -> Files:
    return dict(lookup.build("us", on=TODAY))


def read(files: Files, name: str) -> Any:
    return msgspec.json.decode(files[f"lookup/us/{name}.json"])


def row(files: Files, postcode: str) -> list[str]:
    shard = files.get(f"lookup/us/p/{postcode[:2]}.json", b"{}")
    return [one[0] for one in msgspec.json.decode(shard).get(postcode, [])]


def test_it_covers_every_postcode_and_region(files: Files) -> None:
    shards = [name for name in files if "/p/" in name]
    assert sum(len(msgspec.json.decode(files[name])) for name in shards) == 33_774
    index = read(files, "index")
    assert len(index["regions"]) == 56
    assert {f"lookup/us/r/{name.rpartition(':')[2]}.json" for name, _ in index["regions"]} == {
        name for name in files if "/r/" in name
    }
    assert list(files)[-1] == "lookup/us/index.json"


def test_it_says_how_long_it_holds(files: Files) -> None:
    index = read(files, "index")
    assert (index["format"], index["country"]) == (1, "us")
    assert index["valid_to"] == "2027-01-02"
    assert index["as_of"] == "2026-06-15"
    assert index["changes"][f"{US}/state:ca"] == "2027-01-03"
    assert len(index["changes"]) == 10
    assert index["postcode"]["take"] == 5


@pytest.mark.parametrize(
    ("postcode", "divisions"),
    [
        ("94110", [f"{US}/state:ca/cd:11"]),
        ("00601", [f"{US}/territory:pr"]),
        ("20001", [f"{US}/district:dc"]),
        ("99501", [f"{US}/state:ak"]),
        ("20500", []),
    ],
)
def test_it_leads_from_a_postcode_to_its_divisions(
    files: Files, postcode: str, divisions: list[str]
) -> None:
    assert row(files, postcode) == divisions


def test_it_keeps_what_is_split(files: Files) -> None:
    rows = [
        found
        for name in files
        if "/p/" in name
        for found in msgspec.json.decode(files[name]).values()
    ]
    split = Counter(len(found) for found in rows)
    assert (split[1], split[2], split[3]) == (26_475, 6_458, 755)
    states = [{"/".join(one[0].split("/")[:3]) for one in found} for found in rows]
    assert sum(len(found) > 1 for found in states) == 109


def test_it_names_who_represents_a_region(files: Files) -> None:
    california = read(files, "r/ca")
    whole, first, *_ = california["divisions"]
    assert whole["id"] == f"{US}/state:ca"
    assert sorted(california["people"][key]["name"] for key in whole["people"]) == [
        "Adam B. Schiff",
        "Alex Padilla",
    ]
    assert first["id"] == f"{US}/state:ca/cd:1"
    assert len(california["divisions"]) == 53
    known = {key for one in california["divisions"] for key in one["people"]}
    assert known == set(california["people"])


def test_it_says_which_seats_are_vacant(files: Files) -> None:
    vacant = [
        one["id"].removeprefix(f"{US}/state:")
        for name in files
        if "/r/" in name
        for one in msgspec.json.decode(files[name])["divisions"]
        if one.get("vacant")
    ]
    # The senators appointed in Florida and Ohio served until the election of November 2026.
    assert sorted(vacant) == ["ca/cd:14", "fl", "fl/cd:20", "ga/cd:13", "oh", "tx/cd:23"]
    gone = next(one for one in read(files, "r/ca")["divisions"] if one["id"].endswith("cd:14"))
    assert (gone["people"], gone["offices"]) == ([], ["house"])


def test_it_gives_what_a_letter_and_a_call_need(files: Files) -> None:
    (senator,) = [
        one for one in read(files, "r/ca")["people"].values() if one["name"] == "Alex Padilla"
    ]
    assert (senator["office"], senator["role"], senator["party"]) == (
        "senate",
        "Senator",
        "Democratic",
    )
    assert senator["phone"].startswith("+1")
    assert senator["zone"] == "America/New_York"
    assert senator["form"].startswith("https://")
    assert set(senator["ways"]) == {"cwc", "form", "print"}
    towns = {one["city"]: one for one in senator["offices"]}
    assert towns["San Francisco"]["zone"] == "America/Los_Angeles"
    assert round(towns["San Francisco"]["lat"]) == 38


def test_it_holds_only_what_is_said_to_be_public(files: Files) -> None:
    people = [
        person
        for name in files
        if "/r/" in name
        for person in msgspec.json.decode(files[name])["people"].values()
    ]
    assert {person["office"] for person in people} == {"senate", "house"}
    told = {key for person in people for key in person}
    assert told <= {
        "name", "role", "organization", "party", "office", "salutation", "ways", "phone", "hours",
        "zone", "form", "url", "address", "offices",
    }  # fmt: skip


def test_it_makes_the_same_files_of_the_same_rows(files: Files, loaded: None) -> None:
    assert dict(lookup.build("us", on=TODAY)) == files


def test_it_stays_small(files: Files) -> None:
    packed = {name: len(brotli.compress(data, quality=10)) for name, data in files.items()}
    assert len(files) < 200
    assert max(size for name, size in packed.items() if "/p/" in name) < 3_000
    assert max(size for name, size in packed.items() if "/r/" in name) < 8_000
    # What the door keeps decoded must hold a country.
    assert sum(map(len, files.values())) < 3_000_000


def test_it_guesses_no_district_once_the_map_is_over(loaded: None) -> None:
    later = dict(lookup.build("us", on=date(2027, 1, 3)))
    assert [name for name in later if "/p/" in name] == []
    assert "valid_to" not in read(later, "index")
    seats = read(later, "r/ca")["divisions"]
    assert [one["people"] for one in seats if one["id"].endswith("cd:11")] == [[]]


def test_it_knows_when_there_is_something_new(loaded: None) -> None:
    before = lookup.fingerprint("us", on=TODAY)
    assert lookup.fingerprint("us", on=TODAY) == before
    assert lookup.fingerprint("us", on=date(2026, 11, 23)) != before
    with transaction.atomic():
        Edition.objects.order_by("-pk").update(undone_at="2026-11-22T00:00:00Z")
        assert lookup.fingerprint("us", on=TODAY) != before
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_it_publishes_nothing_of_nobody() -> None:
    assert list(lookup.build("us")) == []


def invented() -> Batch:
    """A small country with a split postcode, an empty seat and an office with another place."""
    state = f"{US}/state:zz"
    batch = Batch(as_of=date(2026, 1, 5), areas=[AreaRecord(key=US, name="United States")])
    batch.areas += [
        AreaRecord(key=state, name="Zed", country="us", parent=US, redrawn_on=date(2027, 1, 3)),
        AreaRecord(key=f"{state}/cd:2", name="Zed’s 2nd", country="us", parent=state),
        AreaRecord(key=f"{state}/cd:10", name="Zed’s 10th", country="us", parent=state),
    ]
    batch.posts = [
        PostRecord(key="zz/s", role="Senator", kind="senate", area=state, country="us"),
        PostRecord(key="zz/2", role="Member", kind="house", area=f"{state}/cd:2", country="us"),
        PostRecord(key="zz/10", role="Member", kind="house", area=f"{state}/cd:10", country="us"),
    ]
    batch.people = [
        PersonRecord(key="zz/ada", name="Ada Fenwick", party="Tide", salutation="Dear Ms Fenwick"),
        PersonRecord(key="zz/boris", name="Boris Alder"),
    ]
    batch.memberships = [
        MembershipRecord(key="zz/ada/in", person="zz/ada", post="zz/s"),
        MembershipRecord(key="zz/boris/in", person="zz/boris", post="zz/2"),
    ]
    place = {"city": "Port Zed", "label": "Port Zed", "latitude": 41.12345, "longitude": -8.6}
    batch.contacts = [
        contact("voice", "+12025550101", hours="Mo-Fr 09:00-17:00", zone="America/New_York"),
        contact("address", "1 Capitol Square\nZed, ZZ 05601", rank=1),
        contact("form", "https://fenwick.example/contact", rank=2),
        contact("form2", "javascript:alert(1)", rank=3, type="url"),
        contact("voice2", "+12025550102", rank=4, type="voice", **place),
        contact("address2", "2 Quay", rank=5, type="address", **place),
    ]
    batch.crossings = [
        crossing("05601", (f"{state}/cd:10", 0.7004), (f"{state}/cd:2", None)),
        crossing("05602", (f"{state}/cd:99", None)),
    ]
    return batch


def contact(name: str, value: str, **more: Any) -> ContactRecord:
    words = {"type": name, **more}
    return ContactRecord(key=f"zz/ada#{name}", owner="zz/ada", value=value, **words)


def crossing(postcode: str, *divisions: tuple[str, float | None]) -> CrossingRecord:
    return CrossingRecord(
        key=f"us/{postcode}", country="us", postcode=postcode, divisions=divisions,
        valid_to=date(2027, 1, 2),
    )  # fmt: skip


@pytest.mark.django_db
def test_it_keeps_to_the_format() -> None:
    """`golden/lookup.json` is format 1 as others read it. Never make it afresh."""
    info = SourceInfo(slug="zed", name="Invented", attribution="Nobody", country="us")
    editions.load(source=info, batch=invented())
    made = {name: msgspec.json.decode(data) for name, data in lookup.build("us", on=TODAY)}
    golden = Path(__file__).parent / "golden" / "lookup.json"
    assert made == msgspec.json.decode(golden.read_bytes())
