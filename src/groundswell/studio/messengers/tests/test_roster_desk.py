"""The roster at the desk: adding, changing, grouping, importing, and who may."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groundswell.base import clock
from groundswell.messengers import contact, services
from groundswell.messengers.models import Group, Messenger
from groundswell.messengers.services import Person
from groundswell.messengers.tests import people
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def furnished() -> None:
    desk.furnish()


@pytest.fixture
def bob() -> Client:
    return desk.client_of("Campaigners", name="bob")


@pytest.fixture
def mona() -> Client:
    return desk.client_of("Moderators", name="mona")


def person(**changes: Any) -> dict[str, Any]:
    """What the form posts for somebody with one account."""
    said = {
        "name": "Mira Solenne",
        "role": "Singer",
        "languages": "Vietnamese, en",
        "time_zone": "asia/ho chi minh",
        "contact_name": "Ilo Vance",
        "contact_email": "ilo@example.org",
        "accounts-TOTAL_FORMS": "2",
        "accounts-INITIAL_FORMS": "0",
        "accounts-0-network": "instagram",
        "accounts-0-handle": "@mira",
        "accounts-0-followers": "189M",
        "accounts-0-click_share": "0.4",
        "accounts-1-network": "",
    }
    return said | changes


def test_it_adds_somebody(bob: Client) -> None:
    answer = bob.post(reverse("messengers_new"), person())
    row = Messenger.objects.get()
    assert answer["Location"] == reverse("messengers_one", args=[row.key])
    assert (row.languages, row.time_zone) == (["vi", "en"], "Asia/Ho_Chi_Minh")
    assert contact.open_contact(row).email == "ilo@example.org"
    (profile,) = row.profiles.all()
    assert (profile.handle, profile.followers, profile.click_share) == ("mira", 189_000_000, 0.004)
    page = bob.get(answer["Location"]).content.decode()
    for words in ("189,000,000", "Vietnamese", "ilo@example.org", "Instagram"):
        assert words in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Write the messenger"),
        ({"name": "M" * 121}, "at most 120"),
        ({"languages": "klingonese"}, "no language “klingonese”"),
        ({"time_zone": "Middle Earth"}, "no such place"),
        ({"contact_email": "ilo at example"}, "valid email"),
        ({"accounts-0-followers": "plenty"}, "Write it like"),
        ({"accounts-0-network": ""}, "Choose the network"),
        ({"accounts-0-click_share": "140"}, "less than or equal to 100"),
        ({"accounts-0-handle": "https://no place/"}, "Instagram: Enter a valid URL"),
        ({"accounts-1-network": "instagram", "accounts-1-handle": "mira"}, "there twice"),
    ],
)
def test_it_says_what_is_wrong_and_loses_nothing(
    bob: Client, changes: dict[str, str], words: str
) -> None:
    answer = bob.post(reverse("messengers_new"), person(role="Singer & poet", **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Singer &amp; poet" in page
    assert not Messenger.objects.exists()


def test_it_changes_and_keeps_the_day_of_followers(bob: Client) -> None:
    row = people.messenger()
    row.profiles.update(followers_on="2026-01-02")
    address = reverse("messengers_edit", args=[row.key])
    shown = bob.get(address).content.decode()
    assert "189,000,000" in shown
    assert "English, French" in shown
    bob.post(
        address,
        person(
            **{
                "accounts-INITIAL_FORMS": "2",
                "accounts-0-handle": "mirasolenne",
                "accounts-0-followers": "189,000,000",
                "accounts-1-network": "x",
                "accounts-1-handle": "mira",
                "accounts-1-followers": "3M",
            }
        ),
    )
    days = {one.network: (one.followers, str(one.followers_on)) for one in row.profiles.all()}
    assert days["instagram"] == (189_000_000, "2026-01-02")
    assert days["x"][0] == 3_000_000
    assert days["x"][1] != "2026-01-02"


def test_it_finds_and_archives(bob: Client) -> None:
    row = people.messenger()
    people.messenger("Tomas Aldair", accounts=())
    page = bob.get(reverse("messengers_roster"), {"q": "solenne"}).content.decode()
    assert "Mira Solenne" in page
    assert "Tomas" not in page
    bob.post(reverse("messengers_archive", args=[row.key]), follow=True)
    assert "Mira Solenne" not in bob.get(reverse("messengers_roster")).content.decode()
    again = bob.get(reverse("messengers_roster"), {"archived": "on"}).content.decode()
    assert "Mira Solenne" in again


def test_it_shows_strange_filters_everything(bob: Client) -> None:
    people.messenger()
    answer = bob.get(reverse("messengers_roster"), {"group": "x'--", "language": "\x00"})
    assert answer.status_code == 200
    assert "Mira Solenne" in answer.content.decode()


def test_it_escapes_what_organisers_write(bob: Client) -> None:
    row = people.messenger("<img src=x>", role="<b>Singer</b>", notes="<script>1</script>")
    for name, args in (("messengers_roster", []), ("messengers_one", [row.key])):
        page = bob.get(reverse(name, args=args)).content.decode()
        assert "<img src=x>" not in page
        assert "<script>1" not in page


def test_it_makes_and_dissolves_groups(bob: Client) -> None:
    bob.post(reverse("messengers_group_add"), {"name": "River Choir", "kind": "coalition"})
    group = Group.objects.get()
    twice = bob.post(reverse("messengers_group_add"), {"name": "River Choir", "kind": "other"})
    assert twice.status_code == 422
    bob.post(reverse("messengers_group", args=[group.pk]), {"name": "Choir", "kind": "family"})
    group.refresh_from_db()
    assert (group.name, group.kind) == ("Choir", "family")
    people.messenger(groups=(group.pk,))
    bob.post(reverse("messengers_group_delete", args=[group.pk]))
    assert Messenger.objects.count() == 1


def test_it_imports_what_is_good_and_names_what_is_not(bob: Client) -> None:
    people.messenger()
    rows = (
        "name,languages,x_followers\n"
        "Mira Solenne,vi,5M\nTomas Aldair,klingon,many\nAda Brook,en,12\n"
    )
    file = BytesIO(rows.encode())
    file.name = "roster.csv"
    address = reverse("messengers_import")
    seen = bob.post(address, {"file": file})
    page = seen.content.decode()
    assert seen.status_code == 200
    assert "“klingon” is no language" in page
    assert "x_followers" in page
    assert Messenger.objects.count() == 1
    done = bob.post(address, {"text": rows, "load": "yes"}, follow=True).content.decode()
    assert "1 messenger is new." in done
    assert "1 was brought up to date." in done
    assert set(Messenger.objects.values_list("name", flat=True)) == {"Mira Solenne", "Ada Brook"}


@pytest.mark.parametrize("text", ["", "nonsense", "name\n", "\x00\x01", 'name\n"open'])
def test_it_refuses_what_is_no_roster(bob: Client, text: str) -> None:
    answer = bob.post(reverse("messengers_import"), {"text": text, "load": "yes"})
    assert answer.status_code in {200, 422}
    assert not Messenger.objects.exists()


def test_it_gives_an_example_that_it_reads(bob: Client) -> None:
    example = bob.get(reverse("messengers_example")).content.decode("utf-8-sig")
    bob.post(reverse("messengers_import"), {"text": example, "load": "yes"})
    row = Messenger.objects.get()
    assert {one.network for one in row.profiles.all()} == {"instagram", "x"}


def test_it_lets_moderators_look_and_no_more(mona: Client) -> None:
    row = people.messenger()
    page = mona.get(reverse("messengers_one", args=[row.key])).content.decode()
    assert "Mira Solenne" in page
    assert "ilo@example.org" not in page
    assert mona.get(reverse("messengers_new")).status_code == 403
    assert mona.get(reverse("messengers_edit", args=[row.key])).status_code == 403
    assert mona.post(reverse("messengers_archive", args=[row.key])).status_code == 403
    assert mona.post(reverse("messengers_group_add"), {"name": "A"}).status_code == 403


def test_it_shows_strangers_nothing() -> None:
    row = people.messenger()
    for name, args in (("messengers", []), ("messengers_one", [row.key])):
        assert Client().get(reverse(name, args=args)).status_code == 302


def test_it_keeps_a_contact_that_it_cannot_open(bob: Client) -> None:
    row = people.messenger()
    other = people.messenger("Ada Brook")
    Messenger.objects.filter(pk=row.pk).update(sealed=other.sealed)
    shown = bob.get(reverse("messengers_one", args=[row.key])).content.decode()
    assert "cannot be opened with the keys" in shown
    bob.post(reverse("messengers_edit", args=[row.key]), person())
    rows = "name\nMira Solenne\n"
    answer = bob.post(reverse("messengers_import"), {"text": rows, "load": "yes"}, follow=True)
    assert "Nothing is loaded" in answer.content.decode()
    row.refresh_from_db()
    assert bytes(row.sealed) == bytes(other.sealed)


def test_it_knows_no_such_messenger(bob: Client) -> None:
    assert bob.get(reverse("messengers_one", args=[people.CAMPAIGN])).status_code == 404
    services.archive(messenger=people.messenger())
    assert "roster is empty" not in bob.get(reverse("messengers_roster")).content.decode()


def test_it_shows_what_the_clock_shows_where_they_are(
    bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.add_messenger(person=Person(name="Ani Sarian", time_zone="Asia/Yerevan"), by="bob")
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 22, 5, 33, tzinfo=UTC))

    assert "Sun 09:33" in bob.get(reverse("messengers_roster")).content.decode()
