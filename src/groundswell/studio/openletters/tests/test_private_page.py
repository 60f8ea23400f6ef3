"""A first signatory's own page: for whoever holds the address, and for nobody else."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from groundswell.base import env, keyring, private_link
from groundswell.campaigns import signatories
from groundswell.campaigns.models import OpenLetterPage, Signatory
from groundswell.people import open_letter_firsts as firsts
from groundswell.studio.openletters.tests import letters

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_guesses_of_other_tests() -> None:
    cache.clear()


@pytest.fixture
def letter() -> OpenLetterPage:
    return letters.make()


@pytest.fixture
def invited(letter: OpenLetterPage) -> Signatory:
    return letters.invite(letter.page_key)[0]


def address(signatory: Signatory) -> str:
    return firsts.link(signatory).removeprefix(env.load().studio_url.rstrip("/")) + "/"


def press(signatory: Signatory, do: str, **said: Any) -> Any:
    data = {"name": signatory.name, "role": "", "affiliation": "", "alt": "", "do": do} | said
    return Client(enforce_csrf_checks=True).post(address(signatory), data)


def photograph() -> bytes:
    picture = Image.new("RGB", (900, 600), "teal")
    exif = picture.getexif()
    exif[0x010F] = "SecretCamera"
    out = BytesIO()
    picture.save(out, format="JPEG", exif=exif)
    return out.getvalue()


def test_it_shows_the_text_that_would_be_signed(invited: Signatory) -> None:
    answer = Client().get(address(invited))
    page = answer.content.decode()
    assert "The river belongs to nobody. Please let it run." in page
    assert "Dear Minister," in page
    assert "Musician 1" in page
    assert "<script" not in page


def test_it_keeps_nothing_and_is_kept_by_nobody(invited: Signatory) -> None:
    answer = Client().get(address(invited))
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_it_records_revision_and_time_of_a_signature(invited: Signatory) -> None:
    before = timezone.now()
    assert press(invited, "sign", revision="1").status_code == 302
    invited.refresh_from_db()
    assert (invited.state, invited.revision, invited.language) == ("signed", 1, "en")
    assert invited.signed_at
    assert invited.signed_at >= before
    step = invited.steps.get(what="signed")
    assert (step.by, step.revision) == ("signatory", 1)


def test_it_signs_no_text_that_was_not_on_the_page(
    invited: Signatory, letter: OpenLetterPage
) -> None:
    letters.revise(letter, letters.THIRD, "Both dams now.")
    answer = press(invited, "sign", revision="1")
    assert answer.status_code == 409
    assert "Stop both dams." in answer.content.decode()
    invited.refresh_from_db()
    assert invited.state == "invited"


def test_it_lets_them_put_right_how_they_stand(invited: Signatory) -> None:
    press(invited, "sign", revision="1", name="Zoë Martel", role="Composer")
    (shown,) = signatories.first(invited.page_key)
    assert (shown.name, shown.role, shown.affiliation) == ("Zoë Martel", "Composer", "")


def test_it_says_what_is_wrong_and_loses_nothing(invited: Signatory) -> None:
    answer = press(invited, "sign", revision="1", name="", role="Composer")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Composer"' in page
    assert "This field is required." in page
    invited.refresh_from_db()
    assert invited.state == "invited"


def test_it_makes_pictures_anew(invited: Signatory) -> None:
    upload = SimpleUploadedFile("me.jpg", photograph(), content_type="image/jpeg")
    press(invited, "save", picture=upload, alt="A smile")
    invited.refresh_from_db()
    made = bytes(invited.picture)
    assert b"SecretCamera" not in made
    with Image.open(BytesIO(made)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (480, 480))
    answer = Client().get(address(invited) + "picture/")
    assert answer.content == made
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff\xe0 cut short"])
def test_it_takes_no_file_that_is_no_picture(invited: Signatory, data: bytes) -> None:
    upload = SimpleUploadedFile("me.jpg", data or b"x", content_type="image/jpeg")
    answer = press(invited, "sign", revision="1", picture=upload)
    assert answer.status_code == 422
    assert "no picture we can read" in answer.content.decode()


def test_it_lets_them_decline_and_withdraw(invited: Signatory) -> None:
    press(invited, "decline")
    invited.refresh_from_db()
    assert invited.state == "declined"
    press(invited, "sign", revision="1")
    assert len(signatories.first(invited.page_key)) == 1
    press(invited, "withdraw")
    assert signatories.first(invited.page_key) == []


def test_it_answers_alike_for_all_that_opens_nothing(invited: Signatory) -> None:
    unknown = private_link.token(
        letters.invite(invited.page_key)[0].key,
        keyring.secret(env.load().path("keys"), "session"),
        private_link.SIGNATORY,
    )
    good = address(invited)
    other = private_link.token(
        invited.link_key,  # type: ignore[arg-type]
        keyring.secret(env.load().path("keys"), "session"),
        private_link.MESSENGER,
    )
    Signatory.objects.filter(pk=invited.pk).update(expires_at=timezone.now() - timedelta(days=1))
    answers = [Client().get(place) for place in (good, f"/s/{unknown}/", f"/s/{other}/", "/s/x")]
    Signatory.objects.filter(pk=invited.pk).update(
        expires_at=None, revoked_at=timezone.now(), state="signed"
    )
    answers.append(Client().get(good))
    answers.append(press_raw(good))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert {answer["Cache-Control"] for answer in answers} == {"no-store, private"}


def press_raw(place: str) -> Any:
    return Client().post(place, {"do": "sign", "revision": "1", "name": "Somebody"})


def test_it_stops_an_old_link_when_there_is_a_new_one(invited: Signatory) -> None:
    old = address(invited)
    firsts.new_link(signatory=invited, by=letters.somebody())
    assert Client().get(old).status_code == 404
    assert Client().get(address(invited)).status_code == 200


def test_it_shows_what_changed_to_those_who_signed_before(
    invited: Signatory, letter: OpenLetterPage
) -> None:
    press(invited, "sign", revision="1")
    letter.title = "Let the whole river run"
    letters.revise(letter, letters.SECOND, "One word.")
    page = Client().get(address(invited)).content.decode()
    assert "<ins>" in page
    assert "stays with version 1" in page
    invited.refresh_from_db()
    assert invited.revision == 1
    press(invited, "sign", revision="2")
    invited.refresh_from_db()
    assert invited.revision == 2


def test_it_tells_the_robots_of_chats_nothing(invited: Signatory) -> None:
    answer = Client().get(address(invited), headers={"User-Agent": "WhatsApp/2.23.20.0"})
    assert "Let the river run" not in answer.content.decode()
    invited.refresh_from_db()
    assert invited.opened_at is None


def test_it_takes_no_form_of_another_site(invited: Signatory) -> None:
    answer = Client(headers={"Sec-Fetch-Site": "cross-site"}).post(
        address(invited), {"do": "sign", "revision": "1", "name": "Somebody"}
    )
    assert answer.status_code == 404
    invited.refresh_from_db()
    assert invited.state == "invited"
