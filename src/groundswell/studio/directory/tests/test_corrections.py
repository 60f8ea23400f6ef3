"""Setting details right: with a note, checked, kept beside the old, and on the record."""

import pytest
from django.test import Client

from groundswell.directory import queries
from groundswell.directory.models import ContactDetail, Correction
from groundswell.people import audit
from groundswell.people.models import AuditEntry
from groundswell.studio import roles
from groundswell.studio.directory.tests import scene
from groundswell.studio.directory.tests.scene import MARIA, MINISTRY
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db
VOICE = f"{MARIA}#voice"
FIELDS = {
    "label": "", "hours": "Mo-Fr 09:00-17:00", "zone": "America/New_York", "city": "Washington",
}  # fmt: skip


@pytest.fixture
def bob() -> Client:
    desk.furnish()
    scene.load()
    return desk.client_of(roles.CAMPAIGNERS, name="bob")


def test_it_sets_a_number_right_with_a_note(bob: Client) -> None:
    row = scene.contact(VOICE)
    address = f"/directory/contact/{row.pk}/"
    assert "+1 202-224-3441" in bob.get(address).content.decode()
    data = FIELDS | {"value": "202 224 0000", "why": "rang <b>them</b>"}
    assert bob.post(address, data)["Location"] == f"/directory/who/{MARIA}/"
    html = bob.get(f"/directory/who/{MARIA}/").content.decode()
    assert "+1 202-224-0000" in html
    assert "<del><bdi>+1 202-224-3441</bdi></del>" in html
    assert "rang &lt;b&gt;them&lt;/b&gt;" in html
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.object, entry.detail) == (audit.CORRECT, MARIA, "contact: value")
    assert ContactDetail.objects.filter(key=VOICE).count() == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"why": ""}, "Say why, or where you have it from."),
        ({"value": "call me"}, "no telephone number"),
        ({"value": ""}, "This field is required."),
        ({"zone": "Mars/Olympus"}, "no time zone"),
        ({"hours": "mornings"}, "no opening hours"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_what_was_typed(
    bob: Client, change: dict[str, str], words: str
) -> None:
    address = f"/directory/contact/{scene.contact(VOICE).pk}/"
    data = FIELDS | {"value": "+1 202-224-3442", "why": "their page"} | change
    answer = bob.post(address, data)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert words in html
    for value in data.values():
        assert value in html
    assert not Correction.objects.exists()
    assert not AuditEntry.objects.exists()


def test_it_changes_nothing_where_nothing_differs(bob: Client) -> None:
    data = FIELDS | {"value": "+1 202-224-3441", "why": "same"}
    answer = bob.post(f"/directory/contact/{scene.contact(VOICE).pk}/", data, follow=True)
    assert "Nothing was different" in answer.content.decode()
    assert not Correction.objects.exists()


def test_it_sets_a_salutation_right(bob: Client) -> None:
    address = f"/directory/correct/{MARIA}/"
    html = bob.get(address).content.decode()
    assert 'value="Maria Cantwell"' in html
    data = {
        "name": "Maria Cantwell", "family_name": "Cantwell", "party": "Democrat",
        "salutation": "Dear Senator Cantwell,", "why": "as her office writes it",
    }  # fmt: skip
    assert bob.post(address, data).status_code == 302
    assert queries.targets([MARIA])[MARIA].salutation == "Dear Senator Cantwell,"
    office = f"/directory/correct/{MINISTRY}/"
    assert "Secretary of State" in bob.get(office).content.decode()
    assert bob.get("/directory/correct/us/nobody/").status_code == 404


def test_it_marks_a_number_wrong_and_good_again(bob: Client) -> None:
    row = scene.contact(VOICE)
    bob.post(f"/directory/contact/{row.pk}/standing/", {"what": "wrong"})
    assert scene.contact(VOICE).standing == "wrong"
    html = bob.get(f"/directory/who/{MARIA}/").content.decode()
    assert "It works" in html
    assert f"/directory/who/{MARIA}/" in bob.get("/directory/?standing=doubtful").content.decode()
    bob.post(f"/directory/contact/{row.pk}/standing/", {"what": "good"})
    assert scene.contact(VOICE).standing == "good"
    assert [one.detail for one in AuditEntry.objects.order_by("pk")] == [
        "voice is wrong", "voice is good",
    ]  # fmt: skip


def test_it_knows_no_other_standing(bob: Client) -> None:
    address = f"/directory/contact/{scene.contact(VOICE).pk}/standing/"
    assert bob.post(address, {"what": "haunted"}).status_code == 404
    assert bob.get(address).status_code == 405
    assert bob.post("/directory/contact/999999/standing/", {"what": "wrong"}).status_code == 404


def test_it_notes_that_all_was_checked(bob: Client) -> None:
    answer = bob.post(f"/directory/check/{MARIA}/", follow=True)
    html = answer.content.decode()
    assert "checked today and found right" in html
    assert "Checked and found right" in html
    assert AuditEntry.objects.get().detail == "checked"


def test_it_adds_a_number_that_outlives_the_next_edition(bob: Client) -> None:
    address = f"/directory/add/{MARIA}/"
    assert "Add a number or an address" in bob.get(address).content.decode()
    data = {"type": "voice", "value": "(253) 572-3636", "label": "Tacoma", "note": "their page"}
    assert bob.post(address, data).status_code == 302
    scene.load(people=2)
    html = bob.get(f"/directory/who/{MARIA}/").content.decode()
    assert "+1 253-572-3636" in html
    assert "Tacoma" in html
    assert "their page" in html
    target = queries.targets([MARIA])[MARIA]
    assert [one.value for one in target.contacts if one.type == "voice"] == [
        "+1 202-224-3441", "+1 253-572-3636",
    ]  # fmt: skip
    assert AuditEntry.objects.get().detail == "added voice"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": "ring me"}, "no telephone number"),
        ({"value": "+1 202-224-3441"}, "it is there already"),
        ({"note": ""}, "Say why, or where you have it from."),
        ({"type": "pigeon"}, "pigeon is not one of the available choices"),
    ],
)
def test_it_says_what_is_wrong_with_what_is_added(
    bob: Client, change: dict[str, str], words: str
) -> None:
    data = {"type": "voice", "value": "+1 253-572-3636", "note": "their page"} | change
    answer = bob.post(f"/directory/add/{MARIA}/", data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert len(queries.targets([MARIA])[MARIA].contacts) == 2
