"""Refreshing the directory from what parliaments publish, over real HTTP from this machine."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest

from groundswell.base import clock, netguard
from groundswell.base.errors import Trouble
from groundswell.directory import queries, refresh, services
from groundswell.directory.fetching.client import Client
from groundswell.directory.fetching.connection import FetchFailed
from groundswell.directory.models import ContactDetail, Edition, ImportRow, Person
from groundswell.directory.refresh import Report
from groundswell.directory.sources import asking
from groundswell.directory.sources.tests import answers
from tests.support.answering import Route, Web, answer, answering, moved

pytestmark = pytest.mark.django_db
HERE = netguard.networks("127.0.0.1/32")


@pytest.fixture
def web() -> Iterator[Web]:
    with answering() as found:
        yield found


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking.Asking, "pause", lambda _self, _seconds: None)


def ask(web: Web, name: str, **more: Any) -> Report:
    """Refresh from a small answer; `anyway` says that it may be small."""
    client = Client(agent="Test", allow=HERE, sleep=lambda _: None)
    options: dict[str, Any] = {"anyway": True, **more}
    return refresh.refresh(name=name, client=client, by="operator", mirror=web.url, **options)


def people(source: str) -> list[str]:
    found = Person.objects.filter(source__slug=source, current=True)
    return sorted(found.values_list("key", flat=True))


def contacts(owner: str) -> set[tuple[str, str]]:
    found = ContactDetail.objects.filter(owner=owner, current=True)
    return set(found.values_list("type", "value"))


def test_it_takes_the_members_of_the_house_of_commons(web: Web) -> None:
    web.routes.update(answers.gb())
    report = ask(web, "gb_members")
    assert report.edition
    assert people("gb_members") == ["gb/5000", "gb/5001", "gb/5002"]
    target = queries.targets(["gb/5001"])["gb/5001"]
    assert (target.name, target.role) == ("Member5001 Invented", "Member of Parliament")
    assert target.division == "ocd-division/country:gb/part:wls/ed:ynys_môn"
    assert (target.given_name, target.family_name) == ("Member5001", "Invented")
    assert target.as_of == clock.now().date()
    assert contacts("gb/5000") == {
        ("email", "member5000.mp@parliament.uk"),
        ("voice", "020 7219 0000"),
        ("voice", "01632 960000"),
        ("address", "House of Commons, London, SW1A 0AA"),
        ("address", "1 High Street, Somewhere, AB1 2CD"),
        ("url", "https://member.example.org/"),
        ("x", "invented_mp"),
    }


def test_it_asks_for_all_pages_and_knows_vacant_seats(web: Web) -> None:
    web.routes.update(answers.gb(45))
    report = ask(web, "gb_members")
    assert report.people == 45
    assert sum("/Search" in one.path for one in web.asked) == 3
    vacant = queries.representatives(
        "ocd-division/country:gb/part:eng/region:ukd/ed:wythenshawe_and_sale_east", ["commons"]
    )
    assert [one.vacant for one in vacant] == [True]
    assert vacant[0].key == "gb/commons/wythenshawe_and_sale_east"


def test_it_takes_canadas_members(web: Web) -> None:
    web.routes.update(answers.ca(3))
    ask(web, "ca_represent")
    target = queries.targets(["ca/110001"])["ca/110001"]
    assert target.division == "ocd-division/country:ca/ed:59001-2023"
    assert (target.area, target.language) == ("Richmond—Riding 1", "en")
    assert ("fax", "1 613 555-0100") in contacts("ca/110001")
    assert ("address", "1 Main, Richmond BC V7A 5J9") in contacts("ca/110001")


def test_it_takes_the_european_parliament(web: Web) -> None:
    web.routes.update(answers.eu(3))
    ask(web, "eu_parliament")
    greek = queries.targets(["eu/101"])["eu/101"]
    assert (greek.name, greek.country, greek.party) == ("Member101 Invented", "gr", "Greens/EFA")
    assert ("email", "member101@europarl.example.eu") in contacts("eu/101")
    assert web.asked[0].headers["Accept"] == "application/ld+json"


def test_it_takes_the_bundestag(web: Web) -> None:
    web.routes.update(answers.de(4))
    ask(web, "de_bundestag")
    found = queries.targets(["de/79000", "de/79001"])
    assert found["de/79000"].division == "ocd-division/country:de/ed:1"
    assert found["de/79000"].area == "Flensburg - Schleswig"
    assert found["de/79001"].division == "ocd-division/country:de"
    assert {one.party for one in found.values()} == {"SPD"}


def test_it_notices_when_a_number_means_another_parliament(web: Web) -> None:
    web.routes.update(answers.de(4, label="Bayern 2023 - 2028"))
    with pytest.raises(FetchFailed, match="no longer the Bundestag"):
        ask(web, "de_bundestag")


# Wikidata ----------------------------------------------------------------------------------------


def test_it_takes_who_is_in_office_by_wikidata(web: Web) -> None:
    row = answers.holder(
        "Q101", email="mailto:a@parliament.example.am", site="https://a.example.am", x="a_am",
        groupLabel="Civil Contract", districtLabel="Yerevan", phone="+374 10 000000",
    )  # fmt: skip
    web.routes.update(answers.wikidata(row, {**row, "email": "mailto:b@example.am"}))
    report = ask(web, "wikidata", country="AM")
    assert (report.people, report.source.slug) == (1, "wikidata_am")
    target = queries.targets(["wikidata/Q101"])["wikidata/Q101"]
    assert (target.name, target.country) == ("Անուն Q101", "am")
    assert contacts("wikidata/Q101") == {
        ("email", "a@parliament.example.am"),
        ("url", "https://a.example.am"),
        ("x", "a_am"),
        ("voice", "+374 10 000000"),
    }
    assert 'wdt:P297 "AM"' in unquote(web.asked[0].path)


def test_it_puts_stale_holders_to_a_person_instead_of_taking_them(web: Web) -> None:
    """The Vietnamese table's open terms of 2016, and worse."""
    old = (clock.now() - timedelta(days=10 * 365)).strftime("%Y-%m-%dT00:00:00Z")
    rows = [
        answers.holder("Q1", term="Q9002", termStart="2026-07-01T00:00:00Z", start=""),
        answers.holder("Q2", term="Q9001", termStart="2021-07-01T00:00:00Z"),
        answers.holder("Q3", start=old),
        answers.holder("Q4", start=""),
        answers.holder("Q5"),
    ]
    web.routes.update(answers.wikidata(*rows))
    report = ask(web, "wikidata", country="am")
    assert people("wikidata_am") == ["wikidata/Q1", "wikidata/Q5"]
    problems = list(ImportRow.objects.order_by("number").values_list("problem", flat=True))
    assert len(problems) == len(report.doubts) == 3
    assert "(Q2), member of the National Assembly of Armenia: of an earlier term" in problems[0]
    assert "since 2016" in problems[1]
    assert "without a first day" in problems[2]


def test_it_refuses_when_all_are_stale(web: Web) -> None:
    web.routes.update(answers.wikidata(answers.holder("Q1", start="2011-01-01T00:00:00Z")))
    with pytest.raises(FetchFailed, match="all 1 whom Wikidata names are doubtful"):
        ask(web, "wikidata", country="am")
    assert not Edition.objects.exists()


def test_it_says_that_wikidata_knows_nobody(web: Web) -> None:
    web.routes.update(answers.wikidata())
    with pytest.raises(FetchFailed, match="Wikidata names nobody in office for AZ"):
        ask(web, "wikidata", country="az")


def test_it_keeps_the_key_of_somebody_whose_item_was_merged(web: Web) -> None:
    rows = [answers.holder("Q1"), answers.holder("Q2")]
    web.routes.update(answers.wikidata(*rows))
    ask(web, "wikidata", country="am")
    rows = [answers.holder("Q1"), answers.holder("Q77")]
    web.routes.update(answers.wikidata(*rows, merged={"Q2": "Q77"}))
    ask(web, "wikidata", country="am")
    assert people("wikidata_am") == ["wikidata/Q1", "wikidata/Q2"]
    kept = Person.objects.get(key="wikidata/Q2", current=True)
    assert (kept.name, kept.identifiers) == ("Անուն Q77", {"wikidata": "Q77"})


@pytest.mark.parametrize("country", ["", "armenia", "a1", '"}'])
def test_it_asks_wikidata_for_countries_only(web: Web, country: str) -> None:
    with pytest.raises(FetchFailed, match="say which country"):
        ask(web, "wikidata", country=country)
    assert not web.asked


# What came wrong ---------------------------------------------------------------------------------


ROTTEN: list[Route] = [
    b"<!DOCTYPE html><html><title>Down for maintenance</title></html>",
    b"",
    b"{}",
    b"[]",
    b'{"items": "none", "totalResults": 1}',
    b'{"items": [{"value": {"id": "one", "nameDisplayAs": 5}}], "totalResults": 1}',
    b"\xff\xfe\x00",
    b'{"items": [], "totalResults": 650}',
    lambda to: answer(to, b"no", status=500),
    moved("https://169.254.169.254/"),
]


@pytest.mark.parametrize("route", ROTTEN)
def test_it_changes_nothing_for_a_rotten_answer(web: Web, route: Route) -> None:
    web.routes.update(answers.gb())
    ask(web, "gb_members")
    web.routes["/api/Members/Search"] = route
    with pytest.raises(FetchFailed):
        ask(web, "gb_members")
    assert len(people("gb_members")) == 3
    assert Edition.objects.count() == 1


def test_it_says_that_a_web_page_came(web: Web) -> None:
    web.routes["/api/Members/Search"] = ROTTEN[0]
    with pytest.raises(FetchFailed, match="answers with a web page instead of data"):
        ask(web, "gb_members")


@pytest.mark.parametrize(
    ("name", "routes"),
    [
        ("gb_members", answers.gb(12)),
        ("ca_represent", answers.ca(12)),
        ("eu_parliament", answers.eu(12)),
        ("de_bundestag", answers.de(12)),
    ],
)
def test_it_takes_no_parliament_of_twelve(web: Web, name: str, routes: dict[str, Route]) -> None:
    web.routes.update(routes)
    with pytest.raises(FetchFailed, match="only 12 people came"):
        ask(web, name, anyway=False)
    assert not Edition.objects.exists()


def test_it_asks_before_it_believes_that_many_have_gone(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {"ca_represent": _smaller("ca_represent")}
    monkeypatch.setattr(refresh, "SOURCES", small)
    web.routes.update(answers.ca(40))
    ask(web, "ca_represent", anyway=False)
    web.routes.update(answers.ca(31))
    with pytest.raises(FetchFailed, match="9 of the 40 people of ca_represent are missing"):
        ask(web, "ca_represent", anyway=False)
    assert len(people("ca_represent")) == 40
    ask(web, "ca_represent", anyway=True)
    assert len(people("ca_represent")) == 31


def _smaller(name: str) -> asking.Refresh:
    return msgspec.structs.replace(refresh.SOURCES[name], least=1)


# Editions ----------------------------------------------------------------------------------------


def test_it_ends_who_left_and_can_be_taken_back(web: Web) -> None:
    web.routes.update(answers.ca(10))
    ask(web, "ca_represent")
    web.routes.update(answers.ca(9))
    report = ask(web, "ca_represent")
    assert report.edition
    assert report.counts.ended
    assert len(people("ca_represent")) == 9
    services.undo(edition_id=report.edition.pk, by="operator")
    assert len(people("ca_represent")) == 10


def test_it_makes_no_edition_of_the_same_again(web: Web) -> None:
    web.routes.update(answers.ca(3))
    ask(web, "ca_represent")
    assert ask(web, "ca_represent").edition is None
    assert Edition.objects.count() == 1


def test_it_only_looks_in_a_dry_run(web: Web) -> None:
    web.routes.update(answers.ca(3))
    report = ask(web, "ca_represent", dry_run=True)
    assert (report.edition, report.people) == (None, 3)
    assert report.counts.added
    assert not Edition.objects.exists()


def test_it_keeps_a_member_it_cannot_place_for_a_person_to_look_at(web: Web) -> None:
    web.routes.update(answers.gb(2))
    odd = json.loads(json.dumps(answers._gb_member(9999, "Old Sarum")))
    page = {"items": [{"value": odd}], "totalResults": 1}
    web.routes["/api/Members/Search"] = json.dumps(page).encode()
    report = ask(web, "gb_members")
    assert "Old Sarum, which is no constituency" in report.doubts[0].problem
    assert ImportRow.objects.count() == 1


def test_it_names_all_sources_for_one_it_does_not_know(web: Web) -> None:
    with pytest.raises(Trouble, match="gb_members, "):
        ask(web, "us-senate")
