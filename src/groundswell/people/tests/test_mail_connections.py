"""Mails leave over several connections at once, and every guard holds over all of them."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.utils import timezone

from groundswell.base import wire
from groundswell.base.breath import Stopping
from groundswell.delivery import post
from groundswell.delivery.post import ServerDown
from groundswell.delivery.tests.mailserver import use_settings
from groundswell.delivery.tests.slow_mailserver import SlowServer, slow
from groundswell.people import drain, mail, vault
from groundswell.people.models import MailDay, OutgoingMail, Participation
from groundswell.people.tests.journal import click, sign, write

pytestmark = pytest.mark.django_db

Arrive = Callable[..., None]
TOO_MANY = b"421 4.7.0 too many connections from your host\r\n"


@pytest.fixture
def arrive(tmp_path: Path) -> Arrive:
    """Drain submissions as they come from intake."""

    def drained(*submissions: wire.Submission) -> None:
        drain.drain(write(tmp_path, list(submissions)))

    return drained


@pytest.fixture
def far(published: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowServer]:
    """A mail server that takes its time with each command."""
    with slow(monkeypatch) as server:
        yield server


def crowd(number: int) -> list[wire.Submission]:
    return [sign(f"p{one}@example.org") for one in range(number)]


def names(number: int) -> list[str]:
    return sorted(f"p{one}@example.org" for one in range(number))


def send_all(sender: mail.Sender | None = None) -> None:
    sender = sender or mail.Sender()
    try:
        while sender.send_due():
            pass
    finally:
        sender.close()


def assert_nothing_is_claimed() -> None:
    assert not OutgoingMail.objects.exclude(claimed_at=None).exists()
    assert sum(MailDay.objects.values_list("sent", flat=True)) == sent_ones().count()


def sent_ones() -> "QuerySet[OutgoingMail]":
    return OutgoingMail.objects.exclude(sent_at=None)


@pytest.mark.parametrize("most", [1, 2, 4])
def test_it_sends_as_many_at_once_as_it_may_and_no_more(
    arrive: Arrive, far: SlowServer, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    use_settings(monkeypatch, mail_connections=most)
    far.held = lambda: far.most < most
    arrive(*crowd(20))
    send_all()
    assert sorted(far.recipients) == names(20)
    assert far.most == most
    assert len(far.sessions) == most
    assert_nothing_is_claimed()


def test_it_opens_one_connection_for_one_mail(arrive: Arrive, far: SlowServer) -> None:
    arrive(sign())
    send_all()
    assert len(far.sessions) == 1


def test_it_asks_a_server_that_is_away_once_a_round(
    arrive: Arrive, published: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(*crowd(10))
    with slow(monkeypatch, room=0, words=TOO_MANY) as server:
        with pytest.raises(ServerDown, match="421"):
            send_all()
        assert server.refused == 1
    assert_nothing_is_claimed()


def test_it_closes_what_nobody_needs_any_more(
    arrive: Arrive, far: SlowServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_settings(monkeypatch, mail_connections=1)
    monkeypatch.setattr(post, "IDLE_SECONDS", -1.0)
    arrive(*crowd(3))
    send_all()
    assert len(far.sessions) == 3


# A server with less room than we would take ------------------------------------------------------


def too_narrow(monkeypatch: pytest.MonkeyPatch, arrive: Arrive, words: bytes) -> SlowServer:
    """What a server saw that lets in two at once, when four would send."""
    arrive(*crowd(20))
    with slow(monkeypatch, room=2, words=words) as server:
        server.held = lambda: server.most < 2 or not server.refused
        send_all()
        return server


@pytest.mark.parametrize("words", [TOO_MANY, b"", b"554 no service\r\n"])
def test_it_goes_on_with_fewer_connections(
    arrive: Arrive, published: None, monkeypatch: pytest.MonkeyPatch, words: bytes
) -> None:
    server = too_narrow(monkeypatch, arrive, words)
    assert sorted(server.recipients) == names(20)
    assert server.most == 2
    assert server.refused <= 2  # and does not try again at once
    assert set(OutgoingMail.objects.values_list("tries", flat=True)) == {0}
    assert_nothing_is_claimed()


def test_it_would_stop_if_it_took_that_for_an_outage(
    arrive: Arrive, published: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post.Posts, "_judged", lambda _self, error: ServerDown(*error.args))
    with pytest.raises(ServerDown, match="421"):
        too_narrow(monkeypatch, arrive, TOO_MANY)


def test_it_goes_on_with_fewer_when_told_so_at_the_first_mail(
    arrive: Arrive, far: SlowServer
) -> None:
    welcome: set[object] = set()

    def admit(session: object) -> bool:
        if len(welcome) < 2:
            welcome.add(session)
        return session in welcome

    far.welcome = admit
    far.held = lambda: far.most < 2 or not far.refused
    arrive(*crowd(20))
    send_all()
    assert sorted(far.recipients) == names(20)
    assert len(far.sessions) == 2


def test_it_tries_more_again_after_a_while(
    arrive: Arrive, far: SlowServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "FEWER_SECONDS", -1.0)
    far.welcome = lambda session: session in far.sessions or not far.sessions or far.refused >= 3
    far.held = lambda: far.most < 4
    arrive(*crowd(20))
    send_all()
    assert sorted(far.recipients) == names(20)
    assert far.most == 4


# One mail's trouble, and everybody's -------------------------------------------------------------


def test_it_stops_for_all_when_one_connection_finds_the_server_down(
    arrive: Arrive, far: SlowServer
) -> None:
    far.mood = lambda to: "421 good-bye" if to == "p9@example.org" else None
    arrive(*crowd(60))
    with pytest.raises(ServerDown, match="421"):
        send_all()
    assert 9 <= len(far.recipients) < 20
    assert sorted(far.recipients) == sorted(sent_addresses())
    assert set(OutgoingMail.objects.values_list("tries", flat=True)) == {0}
    assert_nothing_is_claimed()


def sent_addresses() -> list[str]:
    rows = Participation.objects.filter(mails__in=sent_ones())
    return [vault.open_row(row).email for row in rows]


def test_it_fails_one_mail_and_sends_the_others(arrive: Arrive, far: SlowServer) -> None:
    answers = {"p3@example.org": "550 unknown", "p5@example.org": "451 later"}
    far.mood = answers.get
    far.held = lambda: far.most < 2
    arrive(*crowd(12))
    send_all()
    assert sorted(far.recipients) == [one for one in names(12) if one not in answers]
    assert OutgoingMail.objects.get(failed="smtp 550").sent_at is None
    assert OutgoingMail.objects.get(tries=1).due_at > timezone.now()
    assert_nothing_is_claimed()


# The same address --------------------------------------------------------------------------------


def sign_again_twice(arrive: Arrive) -> None:
    """After another's mail, two more wait for somebody who has confirmed."""
    signed = sign()
    arrive(*crowd(1), signed, click(signed), sign(), sign("ADA+again@example.org"))


def test_it_writes_to_one_address_one_mail_after_the_other(arrive: Arrive, far: SlowServer) -> None:
    sign_again_twice(arrive)
    send_all()
    assert len(far.mails) == 2
    assert OutgoingMail.objects.filter(failed="limit").count() == 1


def test_it_would_write_twice_if_it_did_not_wait(
    arrive: Arrive, far: SlowServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail.Sender, "_is_busy", lambda _self, _address: False)
    far.held = lambda: far.most < 2
    sign_again_twice(arrive)
    send_all()
    assert len(far.mails) == 3


def test_it_writes_down_the_one_before_it_decides_on_the_other(
    arrive: Arrive, far: SlowServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "SETTLE_SECONDS", 1000.0)
    sign_again_twice(arrive)
    send_all()
    assert len(far.mails) == 2


class Forgetful(mail.Sender):
    """Writes nothing down before its round is over."""

    working = False

    def _work(self, *, until: float) -> None:
        self.working = True
        super()._work(until=until)
        self.working = False

    def _settle(self) -> None:
        if not self.working:
            super()._settle()


def test_it_would_write_twice_if_it_had_forgotten_the_first(
    arrive: Arrive, far: SlowServer
) -> None:
    sign_again_twice(arrive)
    send_all(Forgetful())
    assert len(far.mails) == 3


# The pace ----------------------------------------------------------------------------------------


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When each mail was handed to a connection."""
    times: list[float] = []
    hand = post.Posts.hand

    def noted(self: post.Posts[EmailMessage, None], key: int, message: EmailMessage) -> None:
        times.append(time.monotonic())
        hand(self, key, message)

    monkeypatch.setattr(post.Posts, "hand", noted)
    return times


def shortest_gap(times: list[float]) -> float:
    return min(after - before for before, after in pairwise(times))


PACE = 4.0


def test_it_keeps_one_pace_over_all_connections(
    arrive: Arrive, far: SlowServer, monkeypatch: pytest.MonkeyPatch, handed: list[float]
) -> None:
    use_settings(monkeypatch, mail_per_second=PACE)
    arrive(*crowd(5))
    send_all()
    assert len(handed) == 5
    assert shortest_gap(handed) >= 1 / PACE


class Hasty(mail.Sender):
    """Has no pace."""

    def _turn(self) -> mail.Claimed | None:
        self._next_at = 0.0
        return super()._turn()


def test_it_would_send_in_bursts_without_the_pace(
    arrive: Arrive, far: SlowServer, monkeypatch: pytest.MonkeyPatch, handed: list[float]
) -> None:
    use_settings(monkeypatch, mail_per_second=PACE)
    arrive(*crowd(20))
    send_all(Hasty())
    assert shortest_gap(handed) < 1 / PACE


# Stopping and dying ------------------------------------------------------------------------------


def stop_with_mails_under_way(
    far: SlowServer, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """A sender is told to stop while the server has three mails and answers to none of them.

    Returns how to let the server answer; the sender has gone by then.
    """
    use_settings(monkeypatch, mail_connections=3)
    monkeypatch.setattr(mail, "GRACE_SECONDS", 0.2)
    stop, answer = threading.Event(), threading.Event()

    def held() -> bool:
        if far.most == 3:
            stop.set()
        return not answer.is_set()

    far.held = held
    gone = mail.Sender(stop=stop, alone=True)
    gone.send_due()
    assert stop.is_set()

    def go_on() -> None:
        answer.set()
        gone.close()

    return go_on


def test_it_repeats_only_what_was_under_way_when_it_stopped(
    arrive: Arrive, far: SlowServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(*crowd(20))
    go_on = stop_with_mails_under_way(far, monkeypatch)
    assert OutgoingMail.objects.exclude(claimed_at=None).count() == 3
    assert sent_ones().count() == len(far.mails)
    go_on()
    send_all(mail.Sender(alone=True))
    assert set(far.recipients) == set(names(20))
    times = Counter(message["Message-ID"] for message in far.mails)
    assert len(times) == 20  # a repeated mail is the same mail
    assert sum(number - 1 for number in times.values()) <= 3
    assert sent_ones().count() == 20


def test_it_would_repeat_more_if_it_wrote_nothing_down(
    arrive: Arrive, far: SlowServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(*crowd(20))
    with monkeypatch.context() as forgetful:
        forgetful.setattr(mail, "settle", lambda _sent: None)
        sender = mail.Sender()
        sender.send_due()
        sender.close()
    send_all(mail.Sender(alone=True))
    assert len(far.mails) > 20 + 3


def test_it_writes_down_what_it_sent_when_a_breath_says_stop(
    arrive: Arrive, far: SlowServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breathe() -> None:
        if far.most > 1:
            raise Stopping

    monkeypatch.setattr(mail, "breathe", breathe)
    far.held = lambda: far.most < 2
    arrive(*crowd(20))
    with pytest.raises(Stopping):
        send_all()
    assert 3 <= len(far.mails) < 20
    assert sent_ones().count() == len(far.mails)
    assert_nothing_is_claimed()
