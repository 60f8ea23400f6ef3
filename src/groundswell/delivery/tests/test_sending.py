"""Queued letters reach the mail server, once each, and each step is on the record."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from groundswell.base import clock
from groundswell.base.letter import Letter
from groundswell.delivery import Gone, Held, queries, services
from groundswell.delivery.channels.email.channel import Email
from groundswell.delivery.models import Parcel, TargetTally, Transition
from groundswell.delivery.post import ServerDown
from groundswell.delivery.sender import Sender
from groundswell.delivery.tests import letters, mailserver
from groundswell.delivery.tests.letters import PAGE, compose, queue, send_all, steps
from groundswell.delivery.tests.mailserver import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server, and no pace."""
    with mailserver.running(monkeypatch, letters_per_hour=0, letters_per_minute=0) as running:
        yield running


def test_it_sends_what_is_queued(server: MailServer) -> None:
    queue(5, targets=2)
    send_all()
    assert letters.states() == {"accepted": 5}
    assert sorted(server.recipients) == sorted(
        ["minister-0@rivers.example"] * 3 + ["minister-1@rivers.example"] * 2
    )
    assert TargetTally.objects.filter(wake_at=None).count() == 2


def test_it_records_each_step_with_the_servers_words(server: MailServer) -> None:
    (parcel,) = queue()
    send_all()
    assert steps(parcel) == ["queued", "sending", "accepted"]
    last = queries.history(key=parcel.key)[-1]
    assert (last.words, last.attempt, last.by) == ("250 OK", 1, "core")
    assert last.host


def test_it_makes_a_submissions_letter_to_a_target_once() -> None:
    one = letters.new()
    assert services.make([one, one]) == 1
    assert services.make([one]) == 0
    assert letters.states() == {"queued": 1}
    assert Transition.objects.count() == 1


def test_it_comes_back_later_when_the_server_says_so(server: MailServer) -> None:
    server.mood = lambda _to: "451 4.7.1 <minister-0@rivers.example> greylisted, come back"
    (parcel,) = queue()
    send_all()
    parcel.refresh_from_db()
    assert parcel.due_at > clock.now() + timedelta(minutes=3)
    assert steps(parcel) == ["queued", "sending", "deferred"]
    said = queries.history(key=parcel.key)[-1].words
    assert said == "451 4.7.1 <address> greylisted, come back"
    server.mood = lambda _to: None
    letters.later()
    send_all()
    assert letters.states() == {"accepted": 1}
    assert queries.history(key=parcel.key)[-1].attempt == 2


def test_it_gives_up_in_the_end(server: MailServer) -> None:
    server.mood = lambda _to: "451 never"
    (parcel,) = queue()
    for _ in range(12):
        letters.later()
        send_all()
    assert letters.states() == {"failed": 1}
    assert steps(parcel).count("sending") == 10
    assert queries.history(key=parcel.key)[-1].words == "given up: 451 never"


def test_it_fails_what_the_server_will_never_take(server: MailServer) -> None:
    server.mood = lambda to: "550 5.1.1 no such office" if "-1@" in to else None
    queue(4, targets=2)
    send_all()
    assert letters.states() == {"accepted": 2, "failed": 2}
    assert services.resend_failed(page_key=PAGE, by="anna") == 2
    server.mood = lambda _to: None
    send_all()
    assert letters.states() == {"accepted": 4}


def test_it_waits_without_counting_while_the_server_is_away(server: MailServer) -> None:
    server.mood = lambda _to: "421 4.3.2 closing"
    queue(20)
    sender = Sender(Email(), compose)
    with pytest.raises(ServerDown, match="421"):
        send_all(sender)
    assert letters.states() == {"queued": 20}
    with pytest.raises(ServerDown):
        send_all(sender)
    assert set(Parcel.objects.values_list("tries", flat=True)) == {0}
    tried = Transition.objects.filter(state="sending").count()
    assert tried == 21  # the second time one letter was enough to ask
    server.mood = lambda _to: None
    send_all(sender)
    assert letters.states() == {"accepted": 20}


def test_it_sends_nothing_for_whom_it_is_not_wanted_any_more(server: MailServer) -> None:
    queue(3)

    def some(parcel: Parcel) -> Letter:
        if parcel.pk == Parcel.objects.earliest("pk").pk:
            raise Gone("erased")
        if parcel.pk == Parcel.objects.latest("pk").pk:
            raise Held("the seat is vacant")
        return compose(parcel)

    send_all(using=some)
    assert letters.states() == {"withdrawn": 1, "accepted": 1, "held": 1}
    assert len(server.mails) == 1


def test_it_goes_on_when_one_letter_cannot_be_written(server: MailServer) -> None:
    first = queue(3)[0]

    def some(parcel: Parcel) -> Letter:
        if parcel.pk == first.pk:
            raise KeyError("ada@example.org")
        return compose(parcel)

    send_all(using=some)
    assert letters.states() == {"queued": 1, "accepted": 2}
    said = queries.history(key=first.key)[-1].words
    assert said == "the letter could not be written: KeyError"


def test_it_keeps_what_is_held_and_paused(server: MailServer) -> None:
    queue(4, targets=2)
    services.hold(target="xx/minister-1", by="anna", reason="wrong office")
    services.pause(page_key=PAGE, by="anna")
    send_all()
    assert not server.mails
    assert queries.totals(page_keys=[PAGE]).held == 4
    services.resume(page_key=PAGE)
    send_all()
    assert letters.states() == {"accepted": 2, "queued": 2}
    by_target = {one.target: one.counts for one in queries.per_target(page_keys=[PAGE])}
    assert (by_target["xx/minister-1"].held, by_target["xx/minister-1"].pending) == (2, 0)
    services.make([letters.new("xx/minister-1")])  # held, too
    services.release(target="xx/minister-1")
    send_all()
    assert letters.states() == {"accepted": 5}


def test_it_holds_and_releases_single_letters(server: MailServer) -> None:
    one, two = queue(2)
    assert services.hold_parcels(ids=[one.pk], by="anna", reason="a threat") == 1
    send_all()
    assert letters.states() == {"accepted": 1, "held": 1}
    assert services.hold_parcels(ids=[two.pk], by="anna") == 0
    assert services.release_parcels(ids=[one.pk, two.pk], by="anna") == 1
    send_all()
    assert letters.states() == {"accepted": 2}
    assert steps(one) == ["queued", "held", "queued", "sending", "accepted"]


def test_it_withdraws_what_has_not_left() -> None:
    one, two = queue(2)
    assert services.withdraw(submission_ids=[one.submission_id], by="supporter") == 1
    assert services.withdraw(submission_ids=[one.submission_id], by="supporter") == 0
    assert letters.states() == {"withdrawn": 1, "queued": 1}
    assert two.state == "queued"


def test_it_leaves_to_supporters_what_they_have_to_send() -> None:
    one = letters.new(channel="form")
    services.make([one])
    assert letters.states() == {"with_supporter": 1}

    def note(step: str) -> bool:
        return services.note(submission_id=one.submission_id, target=one.target, step=step)

    assert [note("opened"), note("opened"), note("sent")] == [True, False, True]
    assert not note("delivered")
    assert not services.note(submission_id=PAGE, target=one.target, step="sent")
    assert letters.states() == {"says_sent": 1}
