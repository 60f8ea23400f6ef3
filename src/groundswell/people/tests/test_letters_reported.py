"""What senders say of letters that only they can send: opened the form, sent it."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from groundswell.base import wire
from groundswell.delivery.models import Parcel
from groundswell.people import keys
from groundswell.people.models import Event
from groundswell.people.tests.journal import click, sign
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


def report(about: wire.Submission, target: str, step: str, **fields: str) -> wire.Submission:
    """What the page's script sends when somebody has opened a form, or has sent a letter."""
    said = {"ref": about.id.hex(), "target": target, "step": step} | fields
    return wire.Submission(
        id=uuid4().bytes, verb="report", kind="letter", page=about.page, lang="en",
        at=about.at, fields=said,
    )  # fmt: skip


def state_of(target: str) -> str:
    return str(Parcel.objects.get(target=target).state)


def test_it_believes_who_sends_it_themselves_and_says_so(arrive: Arrive) -> None:
    written = write(letter_page(campaign(), keys=[FORM, HARBOUR]))
    arrive(written, click(written))
    assert state_of(FORM) == "with_supporter"
    arrive(report(written, FORM, "opened"))
    assert state_of(FORM) == "opened"
    arrive(report(written, FORM, "sent"), report(written, HARBOUR, "sent"))
    assert state_of(FORM) == "says_sent"
    assert state_of(HARBOUR) == "queued"


def test_it_keeps_what_is_said_before_the_letter_is_confirmed(arrive: Arrive) -> None:
    written = write(letter_page(campaign(), keys=[FORM]))
    arrive(written, report(written, FORM, "opened"), report(written, FORM, "opened"))
    assert Event.objects.filter(what="form_opened").count() == 1
    arrive(click(written))
    assert state_of(FORM) == "opened"


def test_it_takes_a_letters_own_link_for_that_letter_alone(arrive: Arrive) -> None:
    written = write(letter_page(campaign(), keys=[FORM, MAYOR], channel="print"))
    arrive(written, click(written))
    letter = Parcel.objects.get(target=FORM)
    arrive(report(written, FORM, "sent", ref=letter.key.hex))  # the office knows that one too
    arrive(report(written, "", "sent", ref="", t=keys.make_token(written.id)))
    assert state_of(FORM) == "with_supporter"
    arrive(report(written, "", "sent", ref="", t=keys.make_token(letter.key.bytes)))
    assert (state_of(FORM), state_of(MAYOR)) == ("says_sent", "with_supporter")


@pytest.mark.parametrize(
    "fields",
    [
        {"ref": "f" * 32},
        {"ref": "not hex" * 4},
        {"ref": "", "t": "A" * 43},
        {"target": "test/nobody"},
        {"step": "accepted"},
        {"step": ""},
    ],
)
def test_it_changes_nothing_for_what_is_forged(arrive: Arrive, fields: dict[str, str]) -> None:
    written = write(letter_page(campaign(), keys=[FORM]))
    arrive(written, click(written))
    arrive(report(written, **({"target": FORM, "step": "sent"} | fields)))
    assert state_of(FORM) == "with_supporter"
    assert not Event.objects.filter(what__startswith="form").exists()


def test_it_hears_nothing_about_a_petition(arrive: Arrive) -> None:
    signed = sign()
    arrive(signed, report(signed, FORM, "sent"))
    assert not Event.objects.filter(what__startswith="form").exists()
