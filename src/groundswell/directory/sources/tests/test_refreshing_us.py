"""Refreshing the Congress and the ZIP codes: a newer edition of what ships with Groundswell."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from groundswell.base import clock, netguard
from groundswell.directory import queries, refresh
from groundswell.directory.fetching.client import Client
from groundswell.directory.fetching.connection import FetchFailed
from groundswell.directory.models import Crossing, Edition, Person
from groundswell.directory.refresh import Report
from groundswell.directory.sources import us, us_zcta
from tests.support.answering import Route, Web, answering

pytestmark = pytest.mark.django_db
HEADER = (
    "OID_CD119_20|GEOID_CD119_20|NAMELSAD_CD119_20|AREALAND_CD119_20|AREAWATER_CD119_20|"
    "MTFCC_CD119_20|FUNCSTAT_CD119_20|OID_ZCTA5_20|GEOID_ZCTA5_20|NAMELSAD_ZCTA5_20|"
    "AREALAND_ZCTA5_20|AREAWATER_ZCTA5_20|MTFCC_ZCTA5_20|CLASSFP_ZCTA5_20|FUNCSTAT_ZCTA5_20|"
    "AREALAND_PART|AREAWATER_PART"
)
FILE = "/tab20_cd11920_zcta520_natl.txt"


@pytest.fixture
def web() -> Iterator[Web]:
    with answering() as found:
        yield found


@pytest.fixture(autouse=True)
def in_the_119th(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))


def ask(web: Web, name: str, **more: Any) -> Report:
    client = Client(agent="Test", allow=netguard.networks("127.0.0.1/32"), sleep=lambda _: None)
    options: dict[str, Any] = {"anyway": True, **more}
    return refresh.refresh(name=name, client=client, by="operator", mirror=web.url, **options)


# ZIP codes ---------------------------------------------------------------------------------------


def row(postcode: str, geoid: str, land: int, whole: int) -> str:
    return (
        f"1|{geoid}|Congressional District|9|0|G5200|N|2|{postcode}|ZCTA5 {postcode}|{whole}|0|"
        f"G6350|B5|S|{land}|0"
    )


def relationships(*rows: str, header: str = HEADER) -> dict[str, Route]:
    return {FILE: ("\ufeff" + "\r\n".join([header, *rows]) + "\r\n").encode()}


def crossing(postcode: str) -> Crossing:
    return Crossing.objects.get(key=f"us/{postcode}", current=True)


def test_it_puts_the_likeliest_district_first_and_drops_slivers(web: Web) -> None:
    web.routes.update(
        relationships(
            row("94110", "0611", 9_800, 10_000),
            row("94110", "0612", 160, 10_000),
            row("94110", "0615", 40, 10_000),
            row("99501", "0200", 5_000, 5_000),
            row("00601", "7298", 5_000, 5_000),
            row("20500", "1198", 5_000, 5_000),
            row("", "0611", 5, 0),
            row("00501", "36ZZ", 5, 10),
            row("96799", "6098", 0, 0),
        )
    )
    report = ask(web, "us_zip")
    assert report.people == 5
    assert crossing("94110").divisions == [
        ["ocd-division/country:us/state:ca/cd:11", 0.98],
        ["ocd-division/country:us/state:ca/cd:12", 0.016],
    ]
    assert crossing("99501").divisions == [["ocd-division/country:us/state:ak", 1.0]]
    assert crossing("00601").divisions == [["ocd-division/country:us/territory:pr", 1.0]]
    assert crossing("96799").divisions == [["ocd-division/country:us/territory:as", 0.0]]
    assert str(crossing("94110").valid_to) == "2027-01-02"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([row("94110", "0699", 1, 1)], "names no district"),
        ([row("94110", "9901", 1, 1)], "names no district"),
        ([row("9411", "0611", 1, 1)], "cannot be read"),
        ([row("94110", "0611", 1, 1)[:40]], "broken off"),
    ],
)
def test_it_refuses_lines_it_cannot_read(web: Web, rows: list[str], why: str) -> None:
    web.routes.update(relationships(*rows))
    with pytest.raises(FetchFailed, match=why):
        ask(web, "us_zip")
    assert not Edition.objects.exists()


@pytest.mark.parametrize("body", [b"", b"<html>gone</html>", b"\xff\xfe", HEADER[:90].encode()])
def test_it_refuses_what_is_no_relationship_file(web: Web, body: bytes) -> None:
    web.routes[FILE] = body
    with pytest.raises(FetchFailed, match="the relationship file"):
        ask(web, "us_zip")


def test_it_takes_no_country_of_one_zip_code(web: Web) -> None:
    web.routes.update(relationships(row("94110", "0611", 1, 1)))
    with pytest.raises(FetchFailed, match="only 1 postcodes came"):
        ask(web, "us_zip", anyway=False)


@pytest.mark.parametrize(
    ("day", "number", "ends"),
    [
        ("2025-01-02", 118, "2025-01-03"),
        ("2025-01-03", 119, "2027-01-03"),
        ("2027-01-02", 119, "2027-01-03"),
        ("2027-01-03", 120, "2029-01-03"),
        ("2028-12-31", 120, "2029-01-03"),
    ],
)
def test_it_knows_which_congress_sits(day: str, number: int, ends: str) -> None:
    found = us_zcta._congress(datetime.fromisoformat(day).date())
    assert (found.number, found.ends.isoformat()) == (number, ends)


def test_it_knows_the_census_bureaus_numbers() -> None:
    by_state = {code: number for number, code in us_zcta._FIPS.items() if code != "--"}
    assert set(by_state) == set(us.STATES)
    spots = {"al": "01", "ca": "06", "dc": "11", "hi": "15", "ny": "36", "pa": "42", "tx": "48"}
    assert spots.items() <= by_state.items()
    assert (by_state["wa"], by_state["wy"], by_state["va"]) == ("53", "56", "51")


# Members -----------------------------------------------------------------------------------------


def congress(*members: dict[str, Any]) -> dict[str, Route]:
    """congress-legislators' five files, as they are served."""
    first = members[0]["id"] if members else {}
    office = {"id": "X000001-springfield", "address": "1 Main St.", "suite": "Suite 2",
              "city": "Springfield", "state": "IL", "zip": "62701", "phone": "217-555-0100",
              "latitude": 39.8, "longitude": -89.6}  # fmt: skip
    committees = [{"type": "house", "name": "House Committee on Lanterns", "thomas_id": "HSLT",
                   "url": "https://lanterns.house.example/", "subcommittees": []}]  # fmt: skip
    files = {
        "legislators-current": list(members),
        "legislators-district-offices": [{"id": first, "offices": [office]}],
        "legislators-social-media": [{"id": first, "social": {"twitter": "RepInvented"}}],
        "committees-current": committees,
        "committee-membership-current": {"HSLT": [{"name": "A", "rank": 1, **first}]},
    }
    return {f"/{name}.json": json.dumps(value).encode() for name, value in files.items()}


def member(bioguide: str = "X000001", **term: Any) -> dict[str, Any]:
    last = {"type": "rep", "start": "2025-01-03", "end": "2027-01-03", "state": "IL",
            "district": 13, "party": "Democrat", "url": "https://invented.house.example",
            "phone": "202-555-0100",
            "address": "1 Rayburn House Office Building Washington DC 20515"}  # fmt: skip
    return {
        "id": {"bioguide": bioguide, "govtrack": 1, "fec": ["H0IL00000"]},
        "name": {"first": "Ina", "last": "Invented", "official_full": "Ina Invented"},
        "bio": {"birthday": "1970-01-01", "gender": "F"},
        "terms": [{"type": "rep", "start": "2023-01-03", "end": "2025-01-03"}, {**last, **term}],
    }


def test_it_takes_members_of_congress_with_their_offices(web: Web) -> None:
    web.routes.update(congress(member()))
    ask(web, "us_congress")
    found = queries.targets(["us/X000001"])["us/X000001"]
    assert (found.name, found.role) == ("Ina Invented", "Representative")
    assert found.division == "ocd-division/country:us/state:il/cd:13"
    values = {(one.type, one.value) for one in found.contacts}
    assert ("voice", "+1 202-555-0100") in values
    assert ("voice", "+1 217-555-0100") in values
    assert ("x", "RepInvented") in values


def test_it_makes_no_link_of_what_is_none(web: Web) -> None:
    web.routes.update(congress(member(url="javascript:alert(1)", contact_form="see website")))
    ask(web, "us_congress")
    found = queries.targets(["us/X000001"])["us/X000001"]
    assert not {"url", "form"} & {one.type for one in found.contacts}


@pytest.mark.parametrize(
    "change",
    [
        {"type": "gov"},
        {"type": "sen"},
        {"district": 40},
        {"state": "QQ"},
        {"district": "thirteen"},
        {"end": "soon"},
        {"start": None},
    ],
)
def test_it_refuses_members_of_another_shape(web: Web, change: dict[str, Any]) -> None:
    web.routes.update(congress(member(), member("X000002", **change)))
    with pytest.raises(FetchFailed):
        ask(web, "us_congress")
    assert not Person.objects.exists()


def test_it_takes_no_congress_of_one(web: Web) -> None:
    web.routes.update(congress(member()))
    with pytest.raises(FetchFailed, match="only 1 people came"):
        ask(web, "us_congress", anyway=False)
