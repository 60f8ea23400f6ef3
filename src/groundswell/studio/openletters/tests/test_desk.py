"""The desk: inviting, ordering, asking again; names shown and hidden; who may do which."""

from typing import Any

import pytest
from django.test import Client

from groundswell.campaigns import signatories
from groundswell.campaigns.models import Cosignature, OpenLetterPage, PendingPublish, Signatory
from groundswell.people import cosign
from groundswell.people import open_letter_firsts as firsts
from groundswell.people.models import AuditEntry, Participation
from groundswell.studio import roles
from groundswell.studio.home.tests import desk
from groundswell.studio.openletters.tests import letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter() -> OpenLetterPage:
    return letters.make()


@pytest.fixture
def bob(letter: OpenLetterPage) -> Client:
    return desk.client_of(roles.CAMPAIGNERS, name="bob")


@pytest.fixture
def mona(letter: OpenLetterPage) -> Client:
    return desk.client_of(roles.MODERATORS, name="mona")


def base(letter: OpenLetterPage) -> str:
    return f"/open-letters/{letter.page_key}/"


def waiting(letter: OpenLetterPage, number: int, **fields: Any) -> list[Cosignature]:
    rows = [letters.cosign(letter.page_key, n, **fields) for n in range(number)]
    cosign.follow(rows)
    return list(Cosignature.objects.order_by("pk"))


def test_it_invites_many_from_a_spreadsheet(bob: Client, letter: OpenLetterPage) -> None:
    rows = "Organisation\tName\trole\nRiver Quartet\tAda Brook\tCellist\n\tBasil Loach\t\n"
    assert bob.post(base(letter) + "add/", {"rows": rows, "many": "1"}).status_code == 302
    made = list(Signatory.objects.order_by("position").values_list("name", "role", "affiliation"))
    assert made == [("Ada Brook", "Cellist", "River Quartet"), ("Basil Loach", "", "")]
    page = bob.get(base(letter)).content.decode()
    assert "Ada Brook" in page
    assert signatories.first(letter.page_key) == []


def test_it_names_the_line_that_is_wrong_and_adds_nobody(
    bob: Client, letter: OpenLetterPage
) -> None:
    rows = "Ada Brook;Cellist;;;ada@river.example\nBasil Loach;;;;not an address\n"
    answer = bob.post(base(letter) + "add/", {"rows": rows, "many": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 2" in page
    assert "Ada Brook;Cellist" in page
    assert not Signatory.objects.exists()


def test_it_moves_people_without_a_script(bob: Client, letter: OpenLetterPage) -> None:
    one, two, three = letters.invite(letter.page_key, 3)

    def order() -> list[str]:
        return list(Signatory.objects.order_by("position").values_list("name", flat=True))

    bob.post(base(letter) + "order/", {"up": three.key.hex})
    assert order() == [one.name, three.name, two.name]
    bob.post(base(letter) + "order/", {"move": two.key.hex, f"to-{two.key.hex}": "1"})
    assert order() == [two.name, one.name, three.name]
    bob.post(base(letter) + "order/", {"down": three.key.hex})
    assert order() == [two.name, one.name, three.name]


def test_it_shows_and_copies_and_revokes_a_link(bob: Client, letter: OpenLetterPage) -> None:
    (one,) = letters.invite(letter.page_key)
    place = f"{base(letter)}first/{one.key}/"
    assert firsts.link(one) in bob.get(place).content.decode()
    bob.post(place + "do/", {"do": "revoke"})
    one.refresh_from_db()
    assert firsts.link(one) == ""
    page = bob.get(place).content.decode()
    assert "No link works" in page
    assert "The link was revoked" in page


def test_it_keeps_forty_with_the_text_each_signed(bob: Client, letter: OpenLetterPage) -> None:
    people = letters.invite(letter.page_key, 40, email="musician@river.example")
    for one in people[:10]:
        firsts.sign(signatory=one, revision=1, language="en")
    letters.revise(letter, letters.THIRD, "Both dams, not one.")
    for one in people[10:30]:
        firsts.sign(signatory=one, revision=2, language="en")
    assert signatories.numbers(letter.page_key).first_by_revision == {1: 10, 2: 20}
    page = bob.get(base(letter)).content.decode()
    assert "10 people signed an earlier text." in page
    assert page.count("Version 1") == 10
    asking = bob.get(base(letter) + "ask-again/").content.decode()
    assert asking.count("signed version 1") == 10
    keys = [one.key.hex for one in people[:4]] + [people[20].key.hex]
    bob.post(base(letter) + "ask-again/", {"key": keys, "mail": "1"})
    assert Signatory.objects.filter(asked_revision=2).count() == 4
    assert Signatory.objects.exclude(mail_due_at=None).count() == 4
    # Nobody was moved: asking changes nothing that was signed.
    assert signatories.numbers(letter.page_key).first_by_revision == {1: 10, 2: 20}
    firsts.sign(signatory=people[0], revision=2, language="en")
    assert signatories.numbers(letter.page_key).first_by_revision == {1: 9, 2: 21}


def test_it_asks_nobody_about_a_slip_of_the_pen(bob: Client, letter: OpenLetterPage) -> None:
    (one,) = letters.invite(letter.page_key)
    firsts.sign(signatory=one, revision=1, language="en")
    letters.revise(letter, letters.SECOND, "A missing word.", small=True)
    assert firsts.behind(page_key=letter.page_key) == []
    assert firsts.ask_again(page_key=letter.page_key, among=[one.key], by=letters.somebody()) == 0
    assert "a small correction" in bob.get(base(letter)).content.decode()


def test_it_shows_names_only_after_somebody_has_looked(
    mona: Client, letter: OpenLetterPage
) -> None:
    one, two = waiting(letter, 2)
    assert (one.name, signatories.shown(letter.page_key)) == ("", [])
    page = mona.get(base(letter) + "public/").content.decode()
    assert "Given0 Family" in page
    mona.post(base(letter) + "public/decide/", {"number": [one.pk, two.pk], "do": "show"})
    assert [view.name for view in signatories.shown(letter.page_key)] == [
        "Given0 Family",
        "Given1 Family",
    ]
    one.refresh_from_db()
    assert (one.decided_by, one.role, one.revision) == ("mona", "Nurse", 1)
    assert AuditEntry.objects.filter(action="show", organiser="mona").exists()


def test_it_hides_with_a_reason_and_takes_it_back(mona: Client, letter: OpenLetterPage) -> None:
    (one,) = waiting(letter, 1)
    decide = base(letter) + "public/decide/"
    mona.post(decide, {"number": one.pk, "do": "show"})
    mona.post(decide, {"number": one.pk, "do": "hide"})
    one.refresh_from_db()
    assert one.state == "shown"  # no reason, no hiding
    mona.post(decide, {"number": one.pk, "do": "hide", "reason": "not a name"})
    one.refresh_from_db()
    assert (one.state, one.name, one.reason) == ("hidden", "", "not a name")
    assert "not a name" in AuditEntry.objects.get(action="hide").detail
    assert Participation.objects.get().counted
    mona.post(decide, {"number": one.pk, "do": "put_back"})
    one.refresh_from_db()
    assert (one.state, one.reason) == ("waiting", "")


def test_it_points_at_links_and_shouting_and_decides_nothing(
    mona: Client, letter: OpenLetterPage
) -> None:
    (one,) = waiting(letter, 1, given_name="BUY NOW", family_name="www.cheap.example")
    assert one.hints.split() == ["link"]
    assert cosign.hints("ANNA MARIA GRANT", "") == ("shouting",)
    assert cosign.hints("محمد علي", "طبيب") == ()
    assert one.state == "waiting"
    page = mona.get(base(letter) + "public/?hinted=1").content.decode()
    assert "a link or an address" in page
    assert "BUY NOW" not in mona.get(base(letter) + "public/?hinted=0").content.decode()


def test_it_shows_at_once_only_names_with_nothing_unusual(
    mona: Client, letter: OpenLetterPage
) -> None:
    named = letters.cosign(letter.page_key, 0, given_name="<b>Bold</b>", family_name="Hale")
    cosign.follow([named, letters.cosign(letter.page_key, 1, given_name="Ada", family_name="Hale")])
    odd, plain = Cosignature.objects.order_by("pk")
    assert odd.hints == "markup"
    page = mona.get(base(letter) + "public/").content.decode()
    assert "checked" not in page
    assert "Show the 1 name with nothing unusual" in page

    said = {"number": odd.pk, "plain": plain.pk, "do": "show_plain"}
    mona.post(base(letter) + "public/decide/", said)

    assert list(Cosignature.objects.order_by("pk").values_list("state", flat=True)) == [
        "waiting",
        "shown",
    ]


def test_it_publishes_again_after_a_decision(mona: Client, letter: OpenLetterPage) -> None:
    (one,) = waiting(letter, 1)
    PendingPublish.objects.all().delete()
    mona.post(base(letter) + "public/decide/", {"number": one.pk, "do": "show"})
    assert PendingPublish.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (roles.CAMPAIGNERS, "public/", 403),
        (roles.CAMPAIGNERS, "flags/", 403),
        (roles.CAMPAIGNERS, "add/", 200),
        (roles.CAMPAIGNERS, "delivery/", 200),
        (roles.MODERATORS, "public/", 200),
        (roles.MODERATORS, "flags/", 200),
        (roles.MODERATORS, "add/", 403),
        (roles.MODERATORS, "ask-again/", 403),
        (roles.MODERATORS, "links.csv", 403),
        (roles.MODERATORS, "", 200),
        (roles.ADMINISTRATORS, "public/", 200),
        (roles.ADMINISTRATORS, "add/", 200),
    ],
)
def test_it_lets_each_role_do_its_part(
    letter: OpenLetterPage, role: str, path: str, status: int
) -> None:
    assert desk.client_of(role).get(base(letter) + path).status_code == status


def test_it_shows_no_private_link_to_moderators(mona: Client, letter: OpenLetterPage) -> None:
    (one,) = letters.invite(letter.page_key)
    page = mona.get(f"{base(letter)}first/{one.key}/").content.decode()
    assert "/s/" not in page
    assert mona.post(f"{base(letter)}first/{one.key}/do/", {"do": "link"}).status_code == 403


def test_it_erases_somebody_entirely(bob: Client, letter: OpenLetterPage) -> None:
    (one,) = letters.invite(letter.page_key)
    firsts.sign(signatory=one, revision=1, language="en")
    place = f"{base(letter)}first/{one.key}/remove/"
    assert "for good" in bob.get(place).content.decode()
    bob.post(place)
    assert not Signatory.objects.exists()
    assert signatories.first(letter.page_key) == []


def test_it_lists_open_letters(bob: Client, letter: OpenLetterPage) -> None:
    letters.invite(letter.page_key)
    assert "Let the river run" in bob.get("/open-letters/").content.decode()
    assert bob.get("/open-letters/00000000-0000-0000-0000-000000000000/").status_code == 404
