"""Decision makers are found by name, place, party and committee, whatever their accents."""

from datetime import timedelta

import pytest
from django.test import Client

from groundswell.base import clock
from groundswell.directory import queries
from groundswell.studio import roles
from groundswell.studio.directory.tests import scene
from groundswell.studio.directory.tests.scene import ADAM, MARIA, MINISTRY, STATE
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob() -> Client:
    desk.furnish()
    return desk.client_of(roles.CAMPAIGNERS, name="bob")


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def found(html: str) -> list[str]:
    return [part.split('/"', maxsplit=1)[0] for part in html.split("/directory/who/")[1:]]


def test_it_says_how_to_fill_an_empty_directory(bob: Client) -> None:
    assert "The directory is empty." in text(bob, "/directory/")
    assert "Nothing was loaded yet." in text(bob, "/directory/editions/")
    assert "Nothing is about to change." in text(bob, "/directory/changes/")
    assert "No target list yet." in text(bob, "/directory/lists/")


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ["us/B001001", MARIA, "us/vacant/seat", MINISTRY, ADAM]),
        ("q=cantwell", [MARIA]),
        ("q=bohm", ["us/B001001"]),
        ("q=secretary+state", [MINISTRY]),
        ("q=nobody", []),
        ("kind=senate", [MARIA]),
        ("party=Republican", ["us/B001001"]),
        ("committee=us/committee/budget", [MARIA]),
        (f"state={STATE}&kind=house&q=smith", [ADAM]),
        ("source=test-chamber&q=smith", [ADAM]),
        ("kind=nonsense&page=x&q=smith", [ADAM]),
        ("standing=doubtful", []),
    ],
)
def test_it_finds(bob: Client, query: str, keys: list[str]) -> None:
    scene.load()
    html = text(bob, f"/directory/?{query}")
    assert sorted(found(html)) == sorted(keys)
    if not keys:
        assert "Nobody fits." in html


def test_it_turns_pages(bob: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.load()
    search = queries.search
    monkeypatch.setattr(queries, "search", lambda *words, **how: search(*words, per=2, **how))
    first, second = text(bob, "/directory/?kind=house"), text(bob, "/directory/?kind=house&page=2")
    assert "Page 1 of 2" in first
    assert 'rel="next" href="?kind=house&amp;page=2"' in first
    assert not set(found(first)) & set(found(second))


def test_it_points_at_what_is_old(bob: Client) -> None:
    scene.load(as_of=clock.now().date() - timedelta(days=200))
    html = text(bob, "/directory/?standing=unchecked")
    assert len(found(html)) == 5
    assert html.count(">Old<") == 5
    scene.load()
    assert "Nobody fits." in text(bob, "/directory/?standing=unchecked")


def test_it_tells_all_of_one(bob: Client) -> None:
    scene.load()
    html = text(bob, f"/directory/who/{MARIA}/")
    for words in (
        "Maria Cantwell", "United States Senate", "Washington", "Democrat", "+1 202-224-3441",
        "Mo-Fr 09:00-17:00", "Committee on the Budget", "Chair", "CC0", "Clerk of the chamber",
        "maria@senate.example",
    ):  # fmt: skip
        assert words in html
    assert "2201 C Street NW" in text(bob, f"/directory/who/{MINISTRY}/")
    assert "This seat gets a new map on" in text(bob, f"/directory/who/{ADAM}/")
    assert "This seat gets a new map on" not in html
    assert bob.get("/directory/who/us/nobody/").status_code == 404


def test_it_remembers_who_has_left(bob: Client) -> None:
    scene.load(as_of=clock.now().date() - timedelta(days=30))
    scene.load(people=2)
    assert "us/B001001" not in found(text(bob, "/directory/"))
    html = text(bob, "/directory/who/us/B001001/")
    assert "No longer in office" in html
    assert "Éva Böhm" in html


def test_it_tells_what_changes(bob: Client) -> None:
    scene.load()
    day = clock.now().date() + timedelta(days=42)
    words = f"United States: 1 region gets new maps on {day.day} {day:%B %Y}. 1 seat is vacant."
    assert words in text(bob, "/directory/")
    html = text(bob, "/directory/changes/")
    assert "1 region gets new maps" in html
    assert "1 vacant seat" in html


def test_it_answers_pickers(bob: Client) -> None:
    scene.load()
    said = bob.get("/directory/search.json", {"q": "cantwell"}).json()
    assert said["total"] == 1
    assert said["results"][0] == {
        "key": MARIA, "name": "Maria Cantwell", "role": "Senator",
        "organization": "United States Senate", "area": "Washington", "party": "Democrat",
        "country": "us", "vacant": False,
        "under": "Senator · United States Senate · Washington · Democrat",
    }  # fmt: skip
    known = bob.get("/directory/search.json", {"key": [ADAM, "us/gone", MARIA]}).json()
    assert [one["key"] for one in known["results"]] == [ADAM, MARIA]
    assert bob.get("/directory/search.json").json() == {"results": [], "total": 0}
