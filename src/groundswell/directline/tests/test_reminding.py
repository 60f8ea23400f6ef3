"""A next step is mailed once, to whom it belongs, when its day has come."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections

from groundswell.base import clock
from groundswell.delivery.post import Post, ServerDown
from groundswell.delivery.tests import mailserver
from groundswell.delivery.tests.mailserver import MailServer
from groundswell.directline import reminders, services
from groundswell.directline.models import Entry
from groundswell.directline.tests.conversations import draft, due, keeper, organiser, told

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 9)
NOON = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    at(monkeypatch, NOON)
    with mailserver.running(monkeypatch) as running:
        yield running


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_it_reminds_once_and_names_nobody(server: MailServer) -> None:
    entry = due(keeper(), DAY)
    assert (reminders.step(), reminders.step()) == (1, 0)
    (mail,) = server.mails
    assert server.recipients == ["bob@example.org"]
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    assert f"/direct-line/{entry.key}/" in text
    for word in ("Pim", "Cantwell", "brief", "senator"):
        assert word not in text
        assert word not in str(mail["Subject"])


def test_it_waits_for_the_morning_of_the_day(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    due(keeper(), DAY)
    at(monkeypatch, NOON - timedelta(days=1))
    assert reminders.step() == 0
    at(monkeypatch, NOON.replace(hour=3))
    assert reminders.step() == 0
    at(monkeypatch, NOON.replace(hour=8))
    assert reminders.step() == 1


def test_it_reminds_nobody_of_what_is_done_erased_or_nobodys(server: MailServer) -> None:
    bob = keeper()
    services.finish(by=bob, key=due(bob, DAY).key)
    services.erase(by=bob, key=due(bob, DAY).key)
    told(bob, due_on=DAY)
    told(bob)
    assert reminders.step() == 0


def test_it_tells_nothing_to_who_may_not_read_any_more(server: MailServer) -> None:
    bob, dora, eve = keeper(), keeper("dora"), organiser("eve")
    told(bob, due_on=DAY, owner=eve)
    due(dora, DAY)
    dora.is_active = False
    dora.save()
    assert reminders.step() == 0


def test_it_reminds_again_when_the_step_is_another(server: MailServer) -> None:
    bob, dora = keeper(), keeper("dora")
    entry = due(bob, DAY)
    assert reminders.step() == 1
    services.tell_again(by=bob, key=entry.key, draft=draft(due_on=DAY, owner=dora), version=1)
    assert (reminders.step(), reminders.step()) == (1, 0)
    assert server.recipients == ["bob@example.org", "dora@example.org"]


def test_it_does_not_remind_again_of_a_step_that_stayed(server: MailServer) -> None:
    bob = keeper()
    entry = due(bob, DAY)
    assert reminders.step() == 1
    again = draft(said="A word more.", due_on=DAY, owner=bob)
    services.tell_again(by=bob, key=entry.key, draft=again, version=1)
    assert reminders.step() == 0


def test_it_keeps_a_reminder_while_the_mail_server_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON)
    entry = due(keeper(), DAY)
    mailserver.use_settings(monkeypatch, smtp_port=1)
    with pytest.raises(ServerDown):
        reminders.step()
    entry.refresh_from_db()
    assert (entry.reminded_at, entry.remind_claimed_at) == (None, None)
    with mailserver.running(monkeypatch) as server:
        assert reminders.step() == 1
        assert len(server.mails) == 1


def test_it_sends_the_same_mail_when_core_died_in_between(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = due(keeper(), DAY)
    assert reminders.step() == 1
    # As core left it when it died after the server had the mail.
    Entry.objects.filter(pk=entry.pk).update(reminded_at=None, remind_claimed_at=NOON)
    assert reminders.step() == 0
    at(monkeypatch, NOON + reminders.CLAIM_LASTS)
    assert reminders.step() == 1
    assert len({mail["Message-ID"] for mail in server.mails}) == 1


def test_it_gives_up_on_an_address_that_is_no_good(server: MailServer) -> None:
    entry = due(keeper(), DAY)
    server.mood = lambda _to: "550 no such mailbox"
    assert (reminders.step(), reminders.step()) == (0, 0)
    entry.refresh_from_db()
    assert entry.reminded_at == NOON


def _both_at_once(server: MailServer, entry: Entry) -> int:
    """Two cores that have both read the list before either acts; returns how many mails went."""
    met = threading.Barrier(2)

    def core() -> None:
        post = Post()
        try:
            row = Entry.objects.select_related("owner").get(pk=entry.pk)
            met.wait(10)
            reminders._remind(post, row, NOON)
        finally:
            post.close()
            connections.close_all()

    cores = [threading.Thread(target=core) for _ in range(2)]
    for one in cores:
        one.start()
    for one in cores:
        one.join(30)
    return len(server.mails)


@pytest.mark.django_db(transaction=True)
def test_it_reminds_once_when_two_cores_meet(server: MailServer) -> None:
    assert _both_at_once(server, due(keeper(), DAY)) == 1


@pytest.mark.django_db(transaction=True)
def test_it_would_remind_twice_without_the_claim(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "claim", lambda _entry, _now: True)
    assert _both_at_once(server, due(keeper(), DAY)) == 2
