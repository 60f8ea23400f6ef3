"""What the other rooms ask the directory."""

from collections.abc import Callable
from datetime import date

import pytest

from groundswell.directory import queries, services
from groundswell.directory.lists import Rule
from groundswell.directory.models import Edition
from groundswell.directory.sources.registry import SHIPPED
from groundswell.directory.tests.factories import NORTH, crossing, load, parliament

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on")]
US = "ocd-division/country:us"


@pytest.fixture
def congress(on: Callable[[date], None]) -> None:
    on(date(2026, 11, 22))
    for name in ("offices", "us_congress"):
        services.load(source=SHIPPED[name].info, batch=SHIPPED[name].batch())


def found(text: str = "", **rule: tuple[str, ...]) -> list[str]:
    return [one.name for one in queries.search(text, rule=Rule(**rule)).items]


def test_it_finds_people_without_their_accents() -> None:
    load(parliament())
    assert found("zoe") == found("QUIST zoë") == found("seat 2") == ["Zoë Quist"]
    assert found("bjorn") == ["Ada Bjørn"]
    assert found("nobody") == []
    assert found("100%") == found("'; drop table") == []


def test_it_narrows_by_office_committee_party_area_country_and_source() -> None:
    load(parliament())
    everyone = ["Ada Bjørn", "Ion Măr", "Zoë Quist"]
    assert found(kinds=("house",)) == everyone
    assert found(organizations=("zz/house",)) == everyone
    assert found(committees=("zz/sea",)) == ["Ada Bjørn", "Zoë Quist"]
    assert found(committees=("zz/sea",), parties=("Shore",)) == ["Zoë Quist"]
    assert found(divisions=(f"{NORTH}/ed:3",)) == ["Ion Măr"]
    assert found(divisions=(NORTH,)) == found(countries=("zz",)) == everyone
    assert found(sources=("other",)) == []


def test_it_does_not_take_a_district_for_the_one_it_begins_with() -> None:
    load(parliament())
    assert found(divisions=(f"{NORTH}/ed",)) == []


def test_it_pages() -> None:
    load(parliament())
    second = queries.search(page=2, per=2)
    assert ([one.name for one in second.items], second.total, second.pages) == (["Zoë Quist"], 3, 2)
    assert queries.search(page=99, per=2).page == 2
    assert queries.search("nobody", page=-3).page == 1


def test_it_evaluates_a_list_afresh(on: Callable[[date], None]) -> None:
    load(parliament())
    rule = Rule(parties=("Reef",), keys=("zz/ion", "zz/ada"), without=("zz/zoë",))
    made = services.create_list(name="Sea", rule=rule, by="anna")
    assert [one.key for one in queries.of_list(made.pk)] == ["zz/ada", "zz/ion"]
    on(date(2026, 5, 1))
    load(parliament(date(2026, 5, 1), seat1="Bo Reefer"))
    assert [one.key for one in queries.of_list(made.pk)] == ["zz/ion", "zz/bo"]
    assert queries.count(rule) == 2


def test_it_holds_nobody_when_a_rule_says_nothing() -> None:
    load(parliament())
    assert queries.evaluate(Rule()) == []
    assert [one.key for one in queries.evaluate(Rule(keys=("zz/ada",)))] == ["zz/ada"]


def test_it_leaves_vacant_seats_out_of_lists_and_shows_them_to_those_they_represent() -> None:
    load(parliament(seat2=""))
    assert len(queries.evaluate(Rule(kinds=("house",)))) == 2
    seat = queries.representatives(f"{NORTH}/ed:2", ("house",))[0]
    assert (seat.vacant, seat.key, seat.contacts) == (True, "zz/seat/2", ())


def test_it_tells_what_there_is_to_filter_by() -> None:
    load(parliament())
    assert [(one.value, one.count) for one in queries.options("party")] == [
        ("Reef", 1),
        ("Shore", 2),
    ]
    assert [(one.value, one.label) for one in queries.options("country")] == [("zz", "Vesland")]
    assert [(one.label, one.count) for one in queries.committees()] == [("Committee on the Sea", 2)]


def test_it_tells_all_about_one_person(on: Callable[[date], None]) -> None:
    load(parliament())
    on(date(2026, 5, 1))
    load(parliament(date(2026, 5, 1), seat1="Ada Quist"))
    told = queries.dossier("zz/ada")
    assert told is not None
    assert told.target is not None
    assert told.target.name == "Ada Quist"
    people = [one for one in told.versions if one.kind == "person"]
    assert [one.said["name"] for one in people] == ["Ada Quist", "Ada Bjørn"]
    assert people[1].valid_to == date(2026, 4, 30)
    assert told.committees == [("Committee on the Sea", "Member")]
    assert queries.dossier("zz/nobody") is None


def test_it_names_what_nobody_checked(on: Callable[[date], None]) -> None:
    load(parliament())
    assert queries.stale(days=30) == {"": 0}
    on(date(2026, 5, 1))
    assert queries.stale(days=30) == {"vesland": 3, "": 0}
    services.check(keys=["zz/ada"], by="anna")
    assert queries.stale(days=30) == {"vesland": 2, "": 0}
    assert queries.search(unchecked_days=30).total == 2
    assert queries.targets(["zz/ada"])["zz/ada"].as_of == date(2026, 5, 1)


def test_it_crosses_postcodes_while_their_map_holds() -> None:
    batch = parliament()
    batch.crossings = [
        crossing("100", "1", "2", valid_to=date(2026, 12, 31)),
        crossing("099", "3", valid_to=date(2026, 12, 31)),
    ]
    load(batch)
    assert list(queries.crosswalk("zz")) == [
        ("099", [(f"{NORTH}/ed:3", None)]),
        ("100", [(f"{NORTH}/ed:1", None), (f"{NORTH}/ed:2", None)]),
    ]
    assert list(queries.crosswalk("zz", on=date(2027, 1, 1))) == []
    assert queries.crosswalk_edition("zz") == (Edition.objects.get(), date(2026, 12, 31))
    assert queries.regions("zz") == [(NORTH, "The North")]


@pytest.mark.usefixtures("congress")
def test_it_knows_who_represents_an_american_district() -> None:
    eleventh = queries.representatives(f"{US}/state:ca/cd:11", ("house", "senate"))
    assert [one.key for one in eleventh] == ["us/P000197", "us/P000145", "us/S001150"]
    assert eleventh[0].valid_to == date(2027, 1, 2)
    vacant = queries.representatives(f"{US}/state:ca/cd:14", ("house",))[0]
    assert (vacant.vacant, vacant.ended_on) == (True, None)
    pr = queries.representatives(f"{US}/territory:pr", ("house", "senate"))
    assert [(one.key, one.role) for one in pr] == [("us/H001103", "Resident Commissioner")]
    alaska = queries.representatives(f"{US}/state:ak", ("house", "senate"))
    assert sorted(one.kind for one in alaska) == ["house", "senate", "senate"]


@pytest.mark.usefixtures("congress")
def test_it_names_no_senator_whose_term_has_ended() -> None:
    ohio = queries.representatives(f"{US}/state:oh", ("senate",))
    assert [(one.key, one.ended_on) for one in ohio if one.vacant] == [
        ("us/seat/oh-s3", date(2026, 11, 2))
    ]
    assert len([one for one in ohio if not one.vacant]) == 1


@pytest.mark.usefixtures("congress")
def test_it_names_nobody_once_the_congress_is_over() -> None:
    after = queries.representatives(f"{US}/state:ca/cd:11", ("house",), on=date(2027, 1, 3))
    assert [(one.key, one.vacant) for one in after] == [("us/seat/ca-11", True)]
    assert len(queries.map_changes("us")) == 10
    due = queries.overdue(today=date(2027, 1, 3))
    assert [one.source.slug for one in due] == ["us_congress"]


@pytest.mark.usefixtures("congress")
def test_it_evaluates_a_committee_of_the_senate() -> None:
    relations = queries.evaluate(Rule(committees=("us/committee/SSFR",)))
    assert len(relations) == 22
    assert {one.kind for one in relations} == {"senate"}
    assert len(queries.evaluate(Rule(divisions=(f"{US}/state:ca",), kinds=("house",)))) == 51
