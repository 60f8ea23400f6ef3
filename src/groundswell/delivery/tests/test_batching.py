"""Equal letters wait for each other and go out as one; what somebody wrote goes by itself."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest

from groundswell.base import clock
from groundswell.base.letter import Letter
from groundswell.delivery import Gone, batches, queries
from groundswell.delivery.models import Parcel, Transition
from groundswell.delivery.tests import letters, mailserver
from groundswell.delivery.tests.mailserver import MailServer

pytestmark = pytest.mark.django_db
SAME = b"s" * 32


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mailserver.running(monkeypatch, letters_per_hour=0, letters_per_minute=0) as running:
        yield running


def named(parcel: Parcel) -> Letter:
    return msgspec.structs.replace(letters.compose(parcel), sender_name=f"Person {parcel.pk}")


def test_it_sends_equal_letters_as_one(server: MailServer) -> None:
    letters.queue(40, batch=True, digest=SAME)
    letters.queue(2, batch=True)
    letters.queue(3, batch=True, digest=b"o" * 32)
    letters.queue(1, batch=True, digest=b"p" * 32)
    letters.send_all(using=named)
    assert len(server.mails) == 2  # the edited ones, which do not wait
    letters.later()
    letters.send_all(using=named)
    assert letters.states() == {"accepted": 46}
    subjects = sorted(mail["Subject"] for mail in server.mails)
    assert subjects == ["Save the river"] * 3 + [
        "Save the river (3 letters)",
        "Save the river (40 letters)",
    ]
    assert Transition.objects.filter(words__startswith="with 39 others of the same").count() == 40


def test_it_leaves_out_who_has_left(server: MailServer) -> None:
    first = letters.queue(3, batch=True, digest=SAME)[0]
    letters.later()

    def some(parcel: Parcel) -> Letter:
        if parcel.pk == first.pk:
            raise Gone("erased")
        return named(parcel)

    letters.send_all(using=some)
    assert letters.states() == {"withdrawn": 1, "accepted": 2}
    (mail,) = server.mails
    (table,) = mail.iter_attachments()
    names = str(table.get_content()).split()
    assert f"Person {first.pk}" not in " ".join(names)
    assert len(str(table.get_content()).splitlines()) == 3


def test_it_keeps_the_batch_together_when_it_fails(server: MailServer) -> None:
    server.mood = lambda _to: "550 too much"
    parcels = letters.queue(5, batch=True, digest=SAME)
    letters.later()
    letters.send_all(using=named)
    assert letters.states() == {"failed": 5}
    assert queries.history(key=parcels[4].key)[-1].words == "550 too much"


def test_it_closes_windows_at_the_same_moments() -> None:
    now = clock.now()
    assert now < batches.closes(now) <= now + timedelta(hours=24)
    assert batches.closes(now) == batches.closes(batches.closes(now) - timedelta(seconds=1))
