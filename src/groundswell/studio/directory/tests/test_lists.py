"""Target lists: by rule or by hand, without a script too, and seen before they are used."""

import pytest
from django.test import Client

from groundswell.campaigns.models_call import CallPage
from groundswell.directory import queries
from groundswell.directory.models import TargetList
from groundswell.people import audit
from groundswell.people.models import AuditEntry
from groundswell.studio import roles
from groundswell.studio.directory import targetlists
from groundswell.studio.directory.tests import scene
from groundswell.studio.directory.tests.scene import ADAM, MARIA, MINISTRY
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db
NEW = "/directory/lists/new/"


@pytest.fixture
def bob() -> Client:
    desk.furnish()
    scene.load()
    return desk.client_of(roles.CAMPAIGNERS, name="bob")


def held(name: str) -> list[str]:
    return [one.key for one in queries.of_list(TargetList.objects.get(name=name).pk)]


def test_it_makes_a_list_by_rule(bob: Client) -> None:
    assert "Choose something" in bob.get(NEW).content.decode()
    data = {"name": "Budget", "kinds": ["senate", "house"], "committees": ["us/committee/budget"]}
    assert bob.post(NEW, data)["Location"] == "/directory/lists/"
    assert held("Budget") == [MARIA]
    html = bob.get("/directory/lists/").content.decode()
    assert "Budget" in html
    assert "no page yet" in html
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.detail) == (audit.TARGETS, "saved")


def test_it_picks_by_hand_without_a_script(bob: Client) -> None:
    looked = bob.post(NEW, {"name": "Two", "q": "smith", "look": "1"})
    assert looked.status_code == 200
    html = looked.content.decode()
    assert f'name="keys" value="{ADAM}"' in html
    assert 'role="alert"' not in html
    again = bob.post(NEW, {"name": "Two", "q": "secretary", "look": "1", "keys": [ADAM]})
    html = again.content.decode()
    assert f'name="keys" value="{ADAM}" id="picked-1" checked' in html
    assert f'name="keys" value="{MINISTRY}"' in html
    assert "Nobody found." in bob.post(NEW, {"q": "zzz", "look": "1"}).content.decode()
    bob.post(NEW, {"name": "Two", "keys": [ADAM, MINISTRY, ADAM]})
    assert sorted(held("Two")) == sorted([ADAM, MINISTRY])
    assert TargetList.objects.get().rule["keys"] == [ADAM, MINISTRY]


def test_it_shows_who_is_meant_before_saving(bob: Client) -> None:
    html = bob.post("/directory/lists/preview/", {"kinds": ["house"]}).content.decode()
    assert "data-count>2<" in html
    assert "Éva Böhm" in html
    assert "Adam Smith" in html
    none = bob.post("/directory/lists/preview/", {"kinds": ["senate"], "parties": ["Republican"]})
    assert "Nobody fits all of this." in none.content.decode()
    assert "Choose something" in bob.post("/directory/lists/preview/").content.decode()
    shown = bob.post(NEW, {"kinds": ["senate"], "show": "1"}).content.decode()
    assert "Maria Cantwell" in shown
    assert not TargetList.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"kinds": ["senate"]}, "Give the list a name."),
        ({"name": "Empty"}, "Choose at least one kind of office, place or person."),
        ({"name": "TAKEN", "kinds": ["senate"]}, "Another list has this name."),
    ],
)
def test_it_says_what_a_list_lacks(bob: Client, data: dict[str, str], words: str) -> None:
    bob.post(NEW, {"name": "Taken", "keys": [MARIA]})
    answer = bob.post(NEW, data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert TargetList.objects.count() == 1


def test_it_changes_a_list(bob: Client) -> None:
    bob.post(NEW, {"name": "First", "keys": [MARIA]})
    row = TargetList.objects.get()
    html = bob.get(f"/directory/lists/{row.pk}/").content.decode()
    assert f'value="{MARIA}" id="picked-1" checked' in html
    bob.post(f"/directory/lists/{row.pk}/", {"name": "Second", "parties": ["Democrat"]})
    assert sorted(held("Second")) == sorted([MARIA, ADAM])
    assert bob.get("/directory/lists/999999/").status_code == 404


def test_it_deletes_only_what_no_page_uses(bob: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    bob.post(NEW, {"name": "Used", "keys": [MARIA]})
    row = TargetList.objects.get()
    page = desk.make_page(title="Ring them")
    monkeypatch.setattr(targetlists, "uses", lambda: {row.pk: [page]})
    address = f"/directory/lists/{row.pk}/delete/"
    assert "Ring them" in bob.get(address).content.decode()
    assert bob.post(address).status_code == 409
    monkeypatch.setattr(targetlists, "uses", dict)
    bob.post(address)
    assert not TargetList.objects.exists()


def test_it_finds_the_pages_that_use_a_list(bob: Client) -> None:
    bob.post(NEW, {"name": "Used", "keys": [MARIA]})
    row = TargetList.objects.get()
    campaign = desk.make_campaign("Clean air")
    page = CallPage(title="Ring them", slug="ring", locale=campaign.locale, opening="Hello",
                    say="<p>Vote yes.</p>", lists=[row.pk])  # fmt: skip
    campaign.add_child(instance=page)
    assert [one.title for one in targetlists.uses()[row.pk]] == ["Ring them"]
    assert "Ring them" in bob.get("/directory/lists/").content.decode()
