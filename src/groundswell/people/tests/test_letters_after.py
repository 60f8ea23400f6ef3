"""What letters' senders and the directory are told, and what happens when senders leave."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from groundswell.base import clock, wire
from groundswell.delivery import queries as delivery
from groundswell.delivery import services as parcels
from groundswell.delivery.models import Parcel, State, Transition
from groundswell.delivery.states import Step, move
from groundswell.delivery.tests.letters import send_all, states
from groundswell.delivery.tests.mailserver import MailServer, running, use_settings
from groundswell.directory import queries as directory
from groundswell.people import (
    erase,
    letter_compose,
    letters_after,
    letters_leave,
    letters_restored,
    mail,
    withdraw,
)
from groundswell.people.models import Addressed, CopyWish, OutgoingMail, Participation
from groundswell.people.tests.conftest import publish_forms_of
from groundswell.people.tests.journal import click
from groundswell.people.tests.letterpages import (
    FORM,
    HARBOUR,
    MAYOR,
    arriving,
    campaign,
    letter_page,
    write,
)

pytestmark = pytest.mark.django_db
Arrive = Callable[..., None]


@pytest.fixture
def arrive(tmp_path: Path) -> Arrive:
    return arriving(tmp_path)


def settled() -> None:
    """Make what happened so far old enough to be followed."""
    Transition.objects.update(at=clock.now() - 2 * delivery.SETTLED)


# What they are told ------------------------------------------------------------------------------


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A real mail server, for letters and mails."""
    with running(monkeypatch) as started:
        use_settings(monkeypatch, letters_per_hour=0.0, letters_per_minute=0.0)
        yield started


def send_mails() -> None:
    OutgoingMail.objects.filter(sent_at=None).update(due_at=clock.now())
    sender = mail.Sender()
    while sender.send_due():
        pass
    sender.close()


def subjects(server: MailServer) -> list[str]:
    return [str(one["Subject"]) for one in server.mails if one["To"] == "ada@example.org"]


def test_it_sends_one_copy_to_whom_asked_for_it(arrive: Arrive, server: MailServer) -> None:
    page = letter_page(campaign(), keys=[HARBOUR, MAYOR])
    publish_forms_of(UUID(str(page.translation_key)))
    asked, other = write(page, copy="yes"), write(page, "b@example.org")
    arrive(asked, other, click(asked), click(other))
    assert letters_after.step() == 0
    send_all(using=letter_compose.compose)
    assert states() == {"accepted": 4}
    settled()
    assert letters_after.step() == 4
    assert letters_after.step() == 0
    assert not CopyWish.objects.exists()
    send_mails()
    (copy,) = [one for one in server.mails if "copy" in str(one["Subject"])]
    assert copy["To"] == "ada@example.org"
    plain = copy.get_body(("plain",))
    assert plain is not None
    text = plain.get_content()
    assert "Dear Mayor," in text
    assert text.count("Please mend the quay.") == 2


def test_it_waits_with_the_copy_for_the_last_letter(arrive: Arrive, server: MailServer) -> None:
    page = letter_page(campaign(), keys=[HARBOUR, MAYOR])
    written = write(page, copy="yes")
    arrive(written, click(written))
    later = clock.now() + timedelta(days=1)
    Parcel.objects.filter(target=MAYOR).update(due_at=later)
    send_all(using=letter_compose.compose)
    settled()
    letters_after.step()
    assert CopyWish.objects.count() == 1
    parcels.hold(target=MAYOR, by="test")
    Transition.objects.create(
        parcel=Parcel.objects.get(target=HARBOUR), at=clock.now() - 2 * delivery.SETTLED,
        state=State.ACCEPTED, by="core",
    )  # fmt: skip
    letters_after.step()
    assert not CopyWish.objects.exists()


def test_it_says_what_only_the_sender_can_do(arrive: Arrive, server: MailServer) -> None:
    page = letter_page(campaign(), keys=[FORM], channel="auto")
    publish_forms_of(UUID(str(page.translation_key)))
    written = write(page)
    arrive(written, click(written))
    send_mails()
    (message,) = server.mails
    assert str(message["Subject"]).startswith("What is left to do for your letter")
    plain = message.get_body(("plain",))
    assert plain is not None
    assert "https://bridges.example/contact" in plain.get_content()
    assert "/report/?t=" in plain.get_content()


def test_it_puts_a_letter_on_paper_into_the_mail(arrive: Arrive, server: MailServer) -> None:
    page = letter_page(campaign(), keys=[MAYOR], channel="print")
    publish_forms_of(UUID(str(page.translation_key)))
    written = write(page)
    arrive(written, click(written))
    send_mails()
    (paper,) = list(server.mails[0].iter_attachments())
    assert paper.get_content_type() == "application/pdf"
    assert paper.get_payload(decode=True)[:5] == b"%PDF-"  # type: ignore[index]


def test_it_writes_no_more_to_whom_wants_no_mail(arrive: Arrive, server: MailServer) -> None:
    page = letter_page(campaign(), keys=[FORM])
    publish_forms_of(UUID(str(page.translation_key)))
    written = write(page)
    arrive(written, click(written))
    withdraw.stop_mail(submission_id=UUID(bytes=written.id), at=clock.now())
    OutgoingMail.objects.create(
        participation=Participation.objects.get(), template="letters", due_at=clock.now()
    )
    send_mails()
    assert server.mails == []


def test_it_tells_whom_a_letter_was_given_back_to(arrive: Arrive, server: MailServer) -> None:
    page = letter_page(campaign(), keys=[FORM])
    publish_forms_of(UUID(str(page.translation_key)))
    with pytest.MonkeyPatch.context() as there:
        there.setattr("groundswell.people.letter_routes.unfit", lambda _target, _day: "on leave")
        written = write(page)
        arrive(written, click(written))
    assert states() == {"held": 1}
    assert not OutgoingMail.objects.filter(template="letters").exists()
    assert parcels.release_parcels(ids=[Parcel.objects.get().pk], by="test") == 1
    assert states() == {"with_supporter": 1}
    settled()
    letters_after.step()
    settled()
    letters_after.step()
    send_mails()
    assert len(server.mails) == 1


# What the directory is told ----------------------------------------------------------------------


def bounce(words: str) -> None:
    parcel = Parcel.objects.exclude(state=State.BOUNCED).first()
    assert parcel is not None
    move([parcel], State.BOUNCED, by="core", step=Step(words))
    settled()
    letters_after.step()


def standing(target: str = HARBOUR) -> str:
    (contact,) = directory.targets([target])[target].contacts
    return contact.standing


def test_it_doubts_an_address_that_does_not_exist(arrive: Arrive) -> None:
    written = write(letter_page(campaign()))
    arrive(written, click(written))
    bounce("550 5.1.1 no such mailbox")
    assert standing() == "bounced"


def test_it_forgives_a_filter_once_or_twice(arrive: Arrive) -> None:
    page = letter_page(campaign())
    written = [write(page, f"{n}@example.org") for n in range(3)]
    arrive(*written, *map(click, written))
    bounce("550 5.7.1 looks like spam")
    bounce("552 5.2.2 mailbox full")
    assert standing() == "good"
    bounce("550 5.7.1 looks like spam")
    assert standing() == "bounced"


def test_it_forgives_an_office_that_takes_most(arrive: Arrive) -> None:
    page = letter_page(campaign())
    written = [write(page, f"{n}@example.org") for n in range(9)]
    arrive(*written, *map(click, written))
    taken = list(Parcel.objects.order_by("pk")[:5])
    move(taken, State.SENDING, by="core", step=Step(""))
    move(taken, State.ACCEPTED, by="core", step=Step("250 ok"))
    for _ in range(4):
        waiting = Parcel.objects.filter(state=State.QUEUED).first()
        assert waiting is not None
        move([waiting], State.BOUNCED, by="core", step=Step("550 5.7.1 looks like spam"))
    settled()
    letters_after.step()
    assert standing() == "good"


def test_it_holds_what_waits_for_an_address_that_bounces(
    arrive: Arrive, server: MailServer
) -> None:
    page = letter_page(campaign())
    written = [write(page, f"{n}@example.org") for n in range(2)]
    arrive(*written, *map(click, written))
    bounce("550 5.1.1 no such mailbox")
    send_all(using=letter_compose.compose)
    assert states() == {"bounced": 1, "held": 1}
    held = Parcel.objects.get(state=State.HELD).transitions.order_by("pk").last()
    assert held is not None
    assert "marked as bouncing" in held.words


# Leaving -----------------------------------------------------------------------------------------


def test_it_stops_the_letters_of_whom_withdraws(arrive: Arrive) -> None:
    here = campaign()
    page = letter_page(here)
    written = write(page, copy="yes")
    arrive(written, click(written))
    withdraw.withdraw(submission_id=UUID(bytes=written.id), at=clock.now())
    assert states() == {"withdrawn": 1}
    assert not Addressed.objects.exists()
    assert not CopyWish.objects.exists()
    again = write(page)
    arrive(again, click(again))
    assert states() == {"withdrawn": 1, "queued": 1}


def test_it_does_not_write_again_where_a_letter_has_gone_out(
    arrive: Arrive, server: MailServer
) -> None:
    page = letter_page(campaign())
    written = write(page)
    arrive(written, click(written))
    send_all(using=letter_compose.compose)
    withdraw.withdraw(submission_id=UUID(bytes=written.id), at=clock.now())
    again = write(page)
    arrive(again, click(again))
    assert states() == {"accepted": 1}


def test_it_stops_and_forgets_the_letters_of_whom_is_erased(arrive: Arrive) -> None:
    written = write(letter_page(campaign()), copy="yes")
    arrive(written, click(written))
    erase.erase(submission_id=UUID(bytes=written.id), at=clock.now())
    assert states() == {"withdrawn": 1}
    assert not Addressed.objects.exists()
    assert not CopyWish.objects.exists()
    said = " ".join(Transition.objects.values_list("words", flat=True))
    assert "@" not in said
    assert "Ada" not in said


def test_it_follows_a_mailbox_to_a_new_index(arrive: Arrive) -> None:
    one, other = write(letter_page(campaign())), write(letter_page(campaign()))
    arrive(one, click(one), other, click(other))
    row, second = Participation.objects.order_by("pk")
    letters_leave.reindexed(row, b"n" * 32)
    letters_leave.reindexed(second, b"n" * 32)
    assert {bytes(found.email_index) for found in Addressed.objects.all()} == {b"n" * 32}


# Coming back -------------------------------------------------------------------------------------


def test_it_holds_what_a_backup_brings_back(arrive: Arrive, server: MailServer) -> None:
    written = [write(letter_page(campaign()), f"{n}@example.org") for n in range(3)]
    arrive(*written, *map(click, written))
    assert letters_restored.hold() == letters_restored.held() == 3
    send_all(using=letter_compose.compose)
    assert server.mails == []
    assert letters_restored.go(by="operator") == 3
    send_all(using=letter_compose.compose)
    assert states() == {"accepted": 3}


def test_it_would_send_it_again_without_the_hold(arrive: Arrive, server: MailServer) -> None:
    written = write(letter_page(campaign()))
    arrive(written, click(written))
    send_all(using=letter_compose.compose)
    # As the backup has it: made before the letter went out.
    Parcel.objects.update(state=State.QUEUED)
    Parcel.objects.get().tally.__class__.objects.update(queued=1, accepted=0, wake_at=clock.now())
    send_all(using=letter_compose.compose)
    assert len(server.mails) == 2


def test_it_gives_up_what_a_backup_brings_back(arrive: Arrive) -> None:
    written = write(letter_page(campaign()))
    arrive(written, click(written))
    letters_restored.hold()
    assert letters_restored.drop(by="operator") == 1
    assert letters_restored.held() == 0
    assert states() == {"withdrawn": 1}


def test_it_sends_nothing_for_a_rehearsal(arrive: Arrive) -> None:
    page = letter_page(campaign())
    played = wire.Submission(
        **{name: getattr(write(page), name) for name in wire.Submission.__struct_fields__}
        | {"run": "practice"}
    )
    arrive(played, click(played))
    assert not Parcel.objects.exists()
    assert not OutgoingMail.objects.exists()
