"""Popolo JSON in and out: docs/formats/targets.md describes it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from groundswell.base.errors import Trouble
from groundswell.directory import exporting, queries, services
from groundswell.directory.importing import reading
from groundswell.directory.importing.draft import Draft
from groundswell.directory.lists import Rule
from groundswell.directory.tests.factories import load, parliament

FILES = Path(__file__).parent
SPACE = "popolo/list-vesland"


def read(whole: Any) -> Draft:
    text = whole if isinstance(whole, str) else json.dumps(whole)
    return reading.read(text.encode(), file="vesland.json")


def golden() -> dict[str, Any]:
    return dict(json.loads((FILES / "popolo.json").read_text(encoding="utf-8")))


@pytest.mark.django_db
@pytest.mark.usefixtures("on")
def test_it_reads_the_format_as_it_is_described() -> None:
    draft = read(golden())
    assert (draft.total, draft.good, draft.refusals) == (3, 3, [])
    assert draft.notes == ["read as Popolo JSON", "Ion Măr (person 3) holds no office now"]
    services.take_in(draft=draft, by="anna")
    found = {one.key: one for one in queries.search().items}
    ada = found[f"{SPACE}/p1"]
    assert (ada.name, ada.role, ada.organization) == ("Ada Bjørn", "Member", "House of Vesland")
    assert (ada.division, ada.area, ada.country) == ("ocd-division/country:zz/ed:1", "Seat 1", "zz")
    assert (ada.party, ada.kind, ada.given_name) == ("Reef Party", "legislator", "Ada")
    assert [(one.type, one.value) for one in ada.contacts] == [
        ("email", "ada@house.example"), ("voice", "+46 8 123 456 78"), ("x", "adabjorn"),
        ("url", "https://house.example/ada"),
    ]  # fmt: skip
    speaker = found[f"{SPACE}/post/speaker"]
    assert (speaker.name, speaker.party) == ("Zoë Quist", "Reef Party")
    assert speaker.contact("email") is not None
    sea = queries.evaluate(Rule(committees=(f"{SPACE}/org/sea",)))
    assert [one.name for one in sea] == ["Ada Bjørn"]


@pytest.mark.django_db
@pytest.mark.usefixtures("on")
def test_it_takes_divisions_that_another_source_has_told_of() -> None:
    load(parliament())
    whole = golden()
    whole["areas"][0]["identifiers"][0]["identifier"] = "ocd-division/country:zz/part:north/ed:1"
    services.take_in(draft=read(whole), by="anna")
    north = queries.representatives("ocd-division/country:zz/part:north/ed:1")
    assert len(north) == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("on")
def test_it_writes_what_it_can_read_again() -> None:
    load(parliament())
    text = "".join(exporting.popolo(source="vesland"))
    assert json.loads(text) == json.loads((FILES / "exported.json").read_text(encoding="utf-8"))
    back = read(text)
    assert back.refusals == []
    services.take_in(draft=back, by="anna")
    both = queries.search().items
    assert len(both) == 6
    first, second = [one for one in both if one.name == "Ada Bjørn"]
    assert (first.role, first.area, first.division) == (second.role, second.area, second.division)
    assert [one.value for one in first.contacts] == [one.value for one in second.contacts]
    assert first.party == second.party == "Reef"


@pytest.mark.django_db
@pytest.mark.usefixtures("on")
def test_it_exports_a_past_day_and_everything() -> None:
    load(parliament())
    whole = json.loads("".join(exporting.popolo()))
    assert [len(whole[kind]) for kind in ("persons", "posts", "memberships")] == [3, 3, 5]
    none = json.loads("".join(exporting.popolo(on=date(2020, 1, 1))))
    assert none["persons"] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("on")
def test_it_tells_ids_apart_that_differ_in_capitals_alone() -> None:
    house = {"id": "h", "name": "House"}
    people = [{"id": one, "name": one, "email": f"{one[0]}@x.example"} for one in ("A b", "a b")]
    seats = [{"person_id": one["id"], "organization_id": "h"} for one in people]
    whole = {"persons": people, "organizations": [house], "memberships": seats}
    services.take_in(draft=read(whole), by="anna")
    assert queries.search().total == 2


@pytest.mark.parametrize(
    ("person", "field", "problem"),
    [
        ("Ada", "persons", "no object"),
        ({"name": "Ada"}, "persons.id", "missing"),
        ({"id": "p9"}, "persons.name", "missing"),
        ({"id": "p1", "name": "Ada"}, "persons.id", "two persons"),
        ({"id": "p9", "name": ["Ada"]}, "persons.name", "no text"),
        ({"id": "p9", "name": "Ada", "email": "x"}, "persons.contact_details.value", "e-mail"),
        ({"id": "p9", "name": "Ada", "contact_details": "x"}, "persons.contact_details", "no list"),
        (
            {"id": "p9", "name": "Ada", "contact_details": [{"type": "pigeon", "value": "1"}]},
            "persons.contact_details.type", "'pigeon'",
        ),
        (
            {"id": "p9", "name": "Ada", "links": [{"url": "javascript:alert(1)"}]},
            "persons.contact_details.value", "web address",
        ),
        ({"id": "p9", "name": "=cmd()"}, "persons.name", "formula"),
    ],
)  # fmt: skip
def test_it_refuses_a_broken_person_and_takes_the_others(
    person: Any, field: str, problem: str
) -> None:
    whole = golden()
    whole["persons"].append(person)
    draft = read(whole)
    assert (draft.total, draft.good) == (4, 3)
    told = draft.refusals[0]
    assert (told.number, told.field) == (4, field)
    assert problem in told.problem
    assert len(draft.batch.people) == 3


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"person_id": "p9", "organization_id": "house"}, "no person p9"),
        ({"person_id": "p1", "organization_id": "moon"}, "no organization moon"),
        ({"person_id": "p1", "organization_id": "house", "end_date": "soon"}, "no date"),
        ({"person_id": "p1"}, "neither post"),
        ({"person_id": "p1", "role": "x", "area_id": "ocd-division/x"}, "no division id"),
        (7, "no object"),
    ],
)
def test_it_refuses_a_broken_membership(said: Any, problem: str) -> None:
    whole = golden()
    whole["memberships"].append(said)
    draft = read(whole)
    assert [problem in one.problem for one in draft.refusals] == [True]
    assert draft.refusals[0].number == 7


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "a list `persons`"),
        ('{"persons": {}}', "a list `persons`"),
        ('{"persons": [{}], "posts": 7}', "must be lists"),
        ('{"features": []}', "a list `persons`"),
    ],
)
def test_it_says_in_a_line_why_a_file_is_none(text: str, problem: str) -> None:
    with pytest.raises(Trouble, match=problem):
        read(text)
