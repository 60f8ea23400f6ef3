"""An open letter reaches those it is for once, with those who stand below it as of then."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from groundswell.base import clock
from groundswell.campaigns import counters
from groundswell.campaigns.models import Cosignature, OpenLetterPage, Signatory
from groundswell.delivery.channels.print import pack
from groundswell.delivery.channels.print.pack import Cover
from groundswell.delivery.models import Parcel
from groundswell.delivery.tests import letters as queued
from groundswell.delivery.tests import mailserver
from groundswell.delivery.tests.mailserver import MailServer
from groundswell.people import (
    cosign,
    letter_compose,
    letter_pages,
    open_letter_mail,
    open_letter_pack,
)
from groundswell.people import open_letter_firsts as firsts
from groundswell.people import open_letter_send as sending
from groundswell.people.models import AuditEntry, LetterRound
from groundswell.people.tests.letterpages import FORM, HARBOUR, MAYOR, offices
from groundswell.studio import roles
from groundswell.studio.home.tests import desk
from groundswell.studio.openletters.tests import letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mailserver.running(monkeypatch, letters_per_hour=0, letters_per_minute=0) as running:
        yield running


@pytest.fixture
def letter() -> OpenLetterPage:
    letter_pages.forget()
    page = letters.make(keys=[HARBOUR, MAYOR, FORM])
    offices()
    for one in letters.invite(page.page_key, 3, group="Musicians"):
        firsts.sign(signatory=one, revision=1, language="en")
    counters.add(
        counters.change(
            page_key=page.page_key,
            at=clock.now(),
            country="",
            language="en",
            source="",
            confirmed=1200,
        )
    )
    return page


@pytest.fixture
def alice(letter: OpenLetterPage) -> Client:
    return desk.client_of(roles.ADMINISTRATORS, name="alice")


def base(letter: OpenLetterPage) -> str:
    return f"/open-letters/{letter.page_key}/delivery/"


def send(client: Client, letter: OpenLetterPage, number: int, *targets: str) -> None:
    said = {"round": number, "target": targets or (HARBOUR, MAYOR, FORM), "way": "auto"}
    client.post(base(letter) + "send/", said)


def post() -> None:
    queued.send_all(using=letter_compose.compose)


def test_it_brings_each_the_letter_and_its_names(
    server: MailServer, alice: Client, letter: OpenLetterPage
) -> None:
    send(alice, letter, 1)
    post()
    assert sorted(server.recipients) == ["harbour@aldermere.example", "mayor@aldermere.example"]
    text = server.mails[0].get_content().replace("\r\n", "\n")
    assert server.mails[0]["Subject"] == "Let the river run"
    assert "Dear Minister," in text
    assert "The river belongs to nobody. Please let it run." in text
    assert "Musicians\n– Musician 1, Cellist, River Quartet" in text
    assert "1200 more people have signed this letter" in text
    assert letter.public_url in text
    assert queued.states() == {"accepted": 2, "with_supporter": 1}


def test_it_sends_nothing_twice_for_a_form_that_comes_twice(
    server: MailServer, alice: Client, letter: OpenLetterPage
) -> None:
    send(alice, letter, 1)
    send(alice, letter, 1)
    post()
    send(alice, letter, 1)
    post()
    assert len(server.mails) == 2
    assert LetterRound.objects.count() == 1


def test_it_sends_again_on_an_organisers_word_alone(
    server: MailServer, alice: Client, letter: OpenLetterPage
) -> None:
    send(alice, letter, 1)
    page = alice.get(base(letter)).content.decode()
    assert page.count('name="target"') == 3
    assert 'checked  id="t-1"' not in page
    assert 'name="round" value="2"' in page
    send(alice, letter, 2, MAYOR)
    send(alice, letter, 2, MAYOR)
    post()
    assert sorted(server.recipients).count("mayor@aldermere.example") == 2
    assert len({mail["Message-ID"] for mail in server.mails}) == 3
    send(alice, letter, 9)
    assert LetterRound.objects.count() == 2


def test_it_keeps_the_text_and_number_of_then_and_nobody_who_left(
    server: MailServer, alice: Client, letter: OpenLetterPage
) -> None:
    send(alice, letter, 1, MAYOR)
    letters.revise(letter, letters.THIRD, "Both dams.")
    one = Signatory.objects.order_by("position").first()
    assert one is not None
    firsts.withdraw(signatory=one)
    (late,) = letters.invite(letter.page_key)
    firsts.correct(signatory=late, name="Late Comer", role="", affiliation="", alt="")
    firsts.sign(signatory=late, revision=2, language="en")
    post()
    text = server.mails[0].get_content().replace("\r\n", "\n")
    assert "Stop the dam." in text
    assert "Stop both dams." not in text
    assert "Musician 1" not in text
    assert "Musician 2" in text
    assert "Late Comer" not in text
    assert "1200 more people" in text


def test_it_says_which_text_was_signed_where_it_was_another(
    server: MailServer, alice: Client, letter: OpenLetterPage
) -> None:
    assert "Not all signed this text" not in alice.get(base(letter)).content.decode()
    counters.add([signed(letter, "en.1", 1150)])
    letters.revise(letter, letters.THIRD, "Both dams.")
    counters.add([signed(letter, "en.2", 50)])
    firsts.sign(signatory=Signatory.objects.order_by("position")[0], revision=2, language="en")
    said = alice.get(base(letter)).content.decode()
    assert "2 of the first signatories and 1,150 of those who signed with them" in said

    send(alice, letter, 1, MAYOR)
    letters.revise(letter, letters.FIRST, "One dam again.")
    counters.add([signed(letter, "en.3", 7)])
    post()

    text = server.mails[0].get_content().replace("\r\n", "\n")
    assert "Version 2, published on" in text
    assert "– Musician 1, Cellist, River Quartet\n" in text
    assert "– Musician 2, Cellist, River Quartet (signed version 1)" in text
    assert "\nsigned this text: 50 · signed an earlier version: 1150" in text


def test_it_says_on_the_cover_which_text_was_signed(
    letter: OpenLetterPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    covers: list[Cover] = []

    def keep(cover: Cover) -> bytes:
        covers.append(cover)
        return b"%PDF-"

    monkeypatch.setattr(pack, "cover_pdf", keep)
    counters.add([signed(letter, "en.1", 1200)])
    open_letter_pack.cover(letter, by=letters.somebody())
    letter = letters.revise(letter, letters.SECOND, "A word.", small=True)
    open_letter_pack.cover(letter, by=letters.somebody())
    letter = letters.revise(letter, letters.THIRD, "Both dams.")
    open_letter_pack.cover(letter, by=letters.somebody())

    first, more = ([made.totals[n].how for made in covers] for n in (0, 1))
    assert first[0] == ""
    assert first[1].startswith("signed this text: 0 · signed it before a slip was corrected: 3")
    assert first[2] == "signed this text: 0 · signed an earlier version: 3"
    assert more[0] == "Each confirmed by the person, by e-mail."
    assert more[2].endswith("e-mail. signed this text: 0 · signed an earlier version: 1200")


def test_it_puts_those_without_a_heading_first(
    server: MailServer, alice: Client, letter: OpenLetterPage
) -> None:
    (alone,) = letters.invite(letter.page_key)
    firsts.correct(signatory=alone, name="On Her Own", role="", affiliation="", alt="")
    firsts.sign(signatory=alone, revision=1, language="en")
    send(alice, letter, 1, MAYOR)
    post()
    text = server.mails[0].get_content().replace("\r\n", "\n")
    assert "– On Her Own\n\nMusicians\n– Musician 1" in text


def signed(page: OpenLetterPage, text: str, number: int) -> counters.Change:
    return counters.Change(page.page_key, "text", text, number, number)


def test_it_holds_what_is_not_public_any_more(
    server: MailServer, alice: Client, letter: OpenLetterPage
) -> None:
    send(alice, letter, 1, MAYOR)
    letter.unpublish()
    post()
    assert queued.states() == {"held": 1}
    assert server.mails == []


def test_it_notes_a_letter_on_paper_as_handed_over(alice: Client, letter: OpenLetterPage) -> None:
    send(alice, letter, 1, FORM)
    parcel = Parcel.objects.get()
    assert "Yours to print and hand over" in alice.get(base(letter)).content.decode()
    alice.post(base(letter) + "handed/", {"id": parcel.key.hex})
    assert "Handed over" in alice.get(base(letter)).content.decode()


def test_it_stands_on_the_delivery_desk(alice: Client, letter: OpenLetterPage) -> None:
    send(alice, letter, 1)
    page = alice.get(f"/delivery/{letter.page_key}/").content.decode()
    assert "Mayor" in page
    assert "Let the river run" in alice.get("/delivery/").content.decode()


def test_it_makes_a_pack_with_all_names_that_are_shown(
    alice: Client, letter: OpenLetterPage
) -> None:
    rows = [letters.cosign(letter.page_key, n) for n in range(3)]
    cosign.follow(rows)
    numbers = [one.pk for one in Cosignature.objects.order_by("pk")]
    cosign.show(page_key=letter.page_key, numbers=numbers[:2], by=letters.somebody())
    send(alice, letter, 1, FORM)
    place = base(letter) + "pack/"
    answer = alice.post(place, {"file": "csv"})
    table = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    lines = table.lstrip("\ufeff").splitlines()
    assert lines[0] == '"No.","Name","Role","Version signed"'
    assert lines[1] == '"1","Musician 1","Cellist, River Quartet","1"'
    assert lines[4] == '"4","Given0 Family","Nurse","1"'
    assert "Given2" not in table
    for file in ("cover", "names-1", f"letter-{Parcel.objects.get().key.hex}"):
        made = alice.post(place, {"file": file})
        assert made["Content-Type"] == "application/pdf"
        assert made.content.startswith(b"%PDF-")
    assert alice.post(place, {"file": "names-9"}).status_code == 302
    assert alice.post(place, {"file": "../keys"}).status_code == 404
    assert AuditEntry.objects.filter(action="handover").count() == 4
    bob = desk.client_of(roles.CAMPAIGNERS, name="bob")
    assert bob.post(place, {"file": "csv"}).status_code == 403


def test_it_sends_nothing_that_is_not_public(alice: Client, letter: OpenLetterPage) -> None:
    letter.unpublish()
    send(alice, letter, 1)
    assert not Parcel.objects.exists()
    assert "not public yet" in alice.get(base(letter)).content.decode()


def test_it_mails_each_their_own_link(server: MailServer, letter: OpenLetterPage) -> None:
    people = letters.invite(letter.page_key, 2, email="cello@river.example")
    keys = [one.key for one in people]
    assert firsts.mail(page_key=letter.page_key, among=keys, by=letters.somebody()) == 2
    assert open_letter_mail.step() == 2
    assert open_letter_mail.step() == 0
    bodies = [mail.get_content() for mail in server.mails]
    for one, body in zip(people, bodies, strict=True):
        assert firsts.link(one) in body
        assert "Let the river run" in body


def test_it_mails_nobody_twice_from_the_list(
    server: MailServer, alice: Client, letter: OpenLetterPage
) -> None:
    place = f"/open-letters/{letter.page_key}/"
    (one, _two) = letters.invite(letter.page_key, 2, email="cello@river.example")
    assert "Mail 2 links" in alice.get(place).content.decode()
    alice.post(place + "mail/")
    alice.post(place + "mail/")
    assert open_letter_mail.step() == 2
    alice.post(place + "mail/")
    assert open_letter_mail.step() == 0
    page = alice.get(place).content.decode()
    assert "Mail 2 links" not in page
    assert len(re.findall(r"mailed \d+ \w+ \d{4}, ", page)) == 2

    one.refresh_from_db()
    firsts.new_link(signatory=one, by=letters.somebody())
    assert "Mail 1 link" in alice.get(place).content.decode()


def test_it_tries_a_mail_again_that_was_put_off(server: MailServer, letter: OpenLetterPage) -> None:
    (one,) = letters.invite(letter.page_key, email="cello@river.example")
    firsts.mail(page_key=letter.page_key, among=[one.key], by=letters.somebody())
    server.mood = lambda _to: "451 come back"
    assert open_letter_mail.step() == 0
    one.refresh_from_db()
    assert one.mail_due_at is not None
    server.mood = lambda _to: None
    firsts.mail(page_key=letter.page_key, among=[one.key], by=letters.somebody())
    assert open_letter_mail.step() == 1


def test_it_says_how_a_round_is_named(letter: OpenLetterPage) -> None:
    one = LetterRound(page_key=letter.page_key, number=1)
    two = LetterRound(page_key=letter.page_key, number=2)
    assert sending.submission_id(one) == sending.submission_id(one)
    assert sending.submission_id(one) != sending.submission_id(two)
