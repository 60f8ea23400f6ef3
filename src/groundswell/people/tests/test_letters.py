"""A confirmed letter becomes parcels for the right people, once, and says what its sender wrote."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.base import wire
from groundswell.delivery import Gone, Held
from groundswell.delivery.models import Parcel
from groundswell.delivery.tests.letters import send_all, states
from groundswell.delivery.tests.mailserver import MailServer, use_settings
from groundswell.people import letter_compose, letter_pages, letters
from groundswell.people.models import Addressed, Event, OutgoingMail, Participation
from groundswell.people.tests.journal import click, sign
from groundswell.people.tests.letterpages import (
    BODY,
    FORM,
    HARBOUR,
    MAYOR,
    NORTH,
    SOUTH,
    arriving,
    campaign,
    letter_page,
    offices,
    write,
)

pytestmark = pytest.mark.django_db
WEST = "ocd-division/country:us/state:ca/cd:97"
Arrive = Callable[..., None]


@pytest.fixture
def arrive(tmp_path: Path) -> Arrive:
    return arriving(tmp_path)


def confirmed(arrive: Arrive, *written: wire.Submission) -> None:
    arrive(*written, *[click(one) for one in written])


def targets() -> list[str]:
    return sorted(Parcel.objects.values_list("target", flat=True))


def test_it_makes_no_parcel_before_the_button_is_pressed(arrive: Arrive) -> None:
    page = letter_page(campaign())
    written = write(page)
    arrive(written)
    assert targets() == []
    arrive(click(written))
    (parcel,) = Parcel.objects.all()
    assert (parcel.target, parcel.channel, parcel.state) == (HARBOUR, "email", "queued")
    assert parcel.address == "harbour@aldermere.example"
    assert parcel.submission_id == UUID(bytes=written.id)
    arrive(click(written))
    assert Parcel.objects.count() == 1


def test_it_writes_to_the_offices_and_to_ones_own(arrive: Arrive) -> None:
    page = letter_page(campaign(), keys=[HARBOUR, MAYOR], own=["house"])
    confirmed(arrive, write(page, division=NORTH), write(page, "b@example.org", division=SOUTH))
    assert targets() == [HARBOUR, HARBOUR, "test/loach", MAYOR, MAYOR, "test/weir"]


def test_it_leaves_to_the_supporter_what_only_they_can_send(arrive: Arrive) -> None:
    page = letter_page(campaign(), keys=[HARBOUR, FORM])
    confirmed(arrive, write(page))
    assert states() == {"queued": 1, "with_supporter": 1}
    assert OutgoingMail.objects.filter(template="letters").count() == 1


def test_it_writes_to_a_target_once_over_all_pages_of_a_campaign(arrive: Arrive) -> None:
    here = campaign()
    one, two = letter_page(here), letter_page(here, keys=[HARBOUR, MAYOR])
    confirmed(arrive, write(one), write(two, "Ada@Example.org"))
    assert targets() == [HARBOUR, MAYOR]
    confirmed(arrive, write(letter_page(campaign())))
    assert targets() == [HARBOUR, HARBOUR, MAYOR]


def test_it_would_write_twice_without_the_constraint(arrive: Arrive) -> None:
    here = campaign()
    one, two = letter_page(here), letter_page(here)
    written = [write(one), write(two)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(letters, "_insert", _insert_without_the_constraint)
        confirmed(arrive, *written)
    assert targets() == [HARBOUR, HARBOUR]


def _insert_without_the_constraint(claims: list[letters.Claim]) -> set[tuple[int, str]]:
    return {(one.participation, one.target) for one in claims}


def test_it_asks_the_database_nothing_more_for_petitions(arrive: Arrive) -> None:
    rows = [Participation(kind="petition", email_index=b"x") for _ in range(3)]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert letters.follow(rows) == 0
    assert len(asked) == 0


def test_it_asks_for_a_page_and_a_ward_once_for_many(arrive: Arrive) -> None:
    page = letter_page(campaign(), own=["house"])

    def cost(number: int) -> int:
        written = [write(page, f"{number}.{n}@example.org", division=NORTH) for n in range(number)]
        arrive(*written)
        with CaptureQueriesContext(connection) as asked:
            arrive(*map(click, written))
        return len(asked)

    cost(1)
    assert cost(40) <= cost(4) + 3


def test_it_holds_what_is_for_a_vacant_seat(arrive: Arrive) -> None:
    offices(north="")
    page = letter_page(campaign(), keys=[], own=["house"])
    confirmed(arrive, write(page, division=NORTH))
    (parcel,) = Parcel.objects.all()
    assert parcel.state == "held"
    assert parcel.transitions.get().words == "the seat is vacant"
    assert not OutgoingMail.objects.filter(template="letters").exists()


def test_it_says_when_nobody_is_known_there(arrive: Arrive) -> None:
    page = letter_page(campaign(), keys=[], own=["house"])
    confirmed(arrive, write(page, division=WEST))
    assert targets() == []
    event = Event.objects.get(what=letters.NOBODY)
    assert event.detail == "nobody is known there"
    offices()
    assert letters.recheck(page_key=UUID(str(page.translation_key))) == 0


def test_it_makes_up_for_a_page_that_was_gone(
    arrive: Arrive, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = letter_page(campaign())
    with monkeypatch.context() as there:
        there.setattr(letter_pages, "of", lambda _key: None)
        confirmed(arrive, write(page))
    assert targets() == []
    assert letters.recheck(page_key=UUID(str(page.translation_key))) == 1
    assert letters.recheck(page_key=UUID(str(page.translation_key))) == 0


# What it says ------------------------------------------------------------------------------------


def test_it_puts_in_who_writes_to_whom(arrive: Arrive) -> None:
    page = letter_page(campaign(), keys=[HARBOUR, MAYOR])
    confirmed(arrive, write(page, point_walk="yes", reply_to="yes"))
    letter = letter_compose.compose(Parcel.objects.get(target=MAYOR))
    assert letter.body == (
        "Dear Mayor,\n\nPlease mend the quay.\n\nI walk there {target}.\n\nAda Lovelace"
    )
    assert letter.salutation == "Dear Mayor"
    assert (letter.subject, letter.own_words, letter.reply_to) == ("The quay", 0.0, True)
    assert (letter.sender_name, letter.city, letter.email) == (
        "Ada Lovelace", "Aldermere", "ada@example.org",
    )  # fmt: skip
    neutral = letter_compose.compose(Parcel.objects.get(target=HARBOUR))
    assert neutral.body.startswith("Dear Harbour office,\n")
    assert letter.address == "mayor@aldermere.example"
    assert letter.campaign_title == "Mend the quay"


def test_it_replaces_each_mark_once_and_no_others(arrive: Arrive) -> None:
    page = letter_page(campaign())
    said = "{role} {0} {x.__class__} {{given_name}} %(name)s ${city} {city}"
    confirmed(
        arrive, write(page, body=said, given_name="{target}", city="{given_name}{salutation}")
    )
    letter = letter_compose.compose(Parcel.objects.get())
    name = "{given_name}{salutation}"
    assert letter.body == (
        "Harbour office {0} {x.__class__} {{target}} %(name)s $" + name + " " + name
    )
    assert letter.given_name == "{target}"


def test_it_lets_no_line_break_into_a_header(
    arrive: Arrive, monkeypatch: pytest.MonkeyPatch
) -> None:
    from groundswell.delivery.tests import mailserver

    page = letter_page(campaign())
    with mailserver.running(monkeypatch) as server:
        use_settings(monkeypatch, letters_per_hour=0.0, letters_per_minute=0.0)
        confirmed(
            arrive,
            write(
                page,
                subject="Quay\r\nBcc: all@example.org",
                given_name="Ada\r\nBcc: b@example.org",
                body="Hello\r\n.\r\nBcc: c@example.org",
            ),
        )
        send_all(using=letter_compose.compose)
        _arrived_once(server)
    assert states() == {"accepted": 1}


def _arrived_once(server: MailServer) -> None:
    assert server.recipients == ["harbour@aldermere.example"]
    (mail,) = server.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Quay Bcc: all@example.org"


def test_it_says_how_much_is_the_senders_own(arrive: Arrive) -> None:
    page = letter_page(campaign())
    own = "I fish there every morning and the wall is about to fall into the river."
    confirmed(arrive, write(page, body=own), write(page, "b@example.org", body=BODY + "\n" + own))
    shares = [letter_compose.compose(one).own_words for one in Parcel.objects.order_by("pk")]
    assert shares[0] == 1.0
    assert 0.5 < shares[1] < 0.8


def test_it_knows_equal_texts_and_no_edited_ones(arrive: Arrive) -> None:
    page = letter_page(campaign(), body="Please mend it.")
    same = "Please  mend it.\r\n"
    confirmed(
        arrive,
        write(page, "a@example.org", body="Please mend it."),
        write(page, "b@example.org", body=same),
        write(page, "c@example.org", body="Please mend it now."),
        write(page, "d@example.org", body="Please mend it.", subject="My quay"),
    )
    first, second, third, fourth = (bytes(one.digest) for one in Parcel.objects.order_by("pk"))
    assert len(first) == 32
    assert first == second
    assert third == fourth == b""


def test_it_takes_names_in_a_text_for_a_difference(arrive: Arrive) -> None:
    body = "I, {given_name}, ask you to mend it.\n\n{given_name} {family_name}"
    page = letter_page(campaign(), body=body)
    confirmed(
        arrive,
        write(page, body=body),
        write(page, "b@example.org", body=body, given_name="Bo"),
    )
    first, second = (bytes(one.digest) for one in Parcel.objects.order_by("pk"))
    assert first != second


def test_it_takes_the_names_below_a_text_for_none(arrive: Arrive) -> None:
    body = "Please mend it.\n\nYours,\n{given_name} {family_name}\n{postcode} {city}"
    page = letter_page(campaign(), body=body)
    confirmed(
        arrive,
        write(page, body=body),
        write(page, "b@example.org", body=body, given_name="Bo"),
    )
    first, second = (bytes(one.digest) for one in Parcel.objects.order_by("pk"))
    assert first == second


def test_it_does_not_write_to_whom_has_left_office(arrive: Arrive) -> None:
    page = letter_page(campaign(), keys=[], own=["house"])
    confirmed(arrive, write(page, division=NORTH))
    offices(north="Someone Else")
    with pytest.raises(Held, match=r"does not know them any more|in office until"):
        letter_compose.compose(Parcel.objects.get())


def test_it_knows_the_country_of_who_was_not_asked_for_it(arrive: Arrive) -> None:
    page = letter_page(campaign(), keys=[], own=["house"])
    confirmed(arrive, write(page, division=NORTH, country=""))
    assert letter_compose.compose(Parcel.objects.get()).country == "US"


def test_it_writes_nothing_for_whom_has_withdrawn(arrive: Arrive) -> None:
    page = letter_page(campaign())
    written = write(page)
    confirmed(arrive, written)
    Participation.objects.update(state="withdrawn")
    with pytest.raises(Gone, match="withdrawn"):
        letter_compose.compose(Parcel.objects.get())


def test_it_keeps_the_words_out_of_the_log(
    arrive: Arrive, caplog: pytest.LogCaptureFixture
) -> None:
    page = letter_page(campaign(), keys=[], own=["house"])
    confirmed(arrive, write(page, body="my secret", division=WEST))
    assert "my secret" not in caplog.text
    assert "ada@" not in caplog.text


def test_it_makes_no_letter_of_a_petition(arrive: Arrive) -> None:
    signed = sign()
    confirmed(arrive, signed)
    assert not Addressed.objects.exists()
