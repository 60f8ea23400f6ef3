"""Waiting mails reach a real mail server, once, and say the right thing."""

import re
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from groundswell.base import clock, ids, wire
from groundswell.delivery.post import ServerDown
from groundswell.delivery.tests.mailserver import MailServer, use_settings
from groundswell.people import drain, keys, mail
from groundswell.people.models import MailDay, OutgoingMail, Participation, StopList
from groundswell.people.tests.journal import PAGE, click, sign, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrive(tmp_path: Path) -> Callable[..., None]:
    """Drain submissions as they come from intake."""

    def drained(*submissions: wire.Submission) -> None:
        drain.drain(write(tmp_path, list(submissions)))

    return drained


def send_all(*, alone: bool = False) -> None:
    sender = mail.Sender(alone=alone)
    while sender.send_due():
        pass
    sender.close()


def test_it_sends_a_confirmation_in_text_and_html(
    arrive: Callable[..., None], mail_server: MailServer
) -> None:
    signed = sign("Ada@example.org")
    arrive(signed)
    send_all()
    (message,) = mail_server.mails
    assert message["To"] == "Ada@example.org"
    assert message["Subject"] == "Please confirm your signature"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@example.org>")
    assert message.get_content_type() == "multipart/alternative"
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        content = body.get_content()
        found = re.search(r"http://localhost:8000/en/river/sign/confirm/\?t=([\w-]+)", content)
        assert found
        assert keys.read_token(found[1], keys.link_secrets()) == signed.id
        assert "/en/river/sign/withdraw/?t=" in content
        assert "/en/my-data/?t=" in content
        assert "Hello Ada," in content


def test_it_writes_in_the_language_that_was_signed_in(
    arrive: Callable[..., None], mail_server: MailServer
) -> None:
    arrive(sign(lang="ar"))
    send_all()
    message = mail_server.mails[0]
    assert message["Subject"] == "يُرجى تأكيد توقيعكم"
    html = message.get_body(("html",))
    assert html is not None
    assert 'lang="ar" dir="rtl"' in html.get_content()
    assert "/ar/river/sign/confirm/?t=" in html.get_content()


def test_it_escapes_what_a_supporter_wrote_and_repeats_no_address(
    arrive: Callable[..., None], mail_server: MailServer
) -> None:
    arrive(
        sign("a@example.org", fields={"given_name": "{{7*7}} %s & Co"}),
        sign("b@example.org", fields={"given_name": "see evil.example/now"}),
    )
    send_all()
    first, second = (message.get_body(("html",)) for message in mail_server.mails)
    assert first is not None
    assert second is not None
    assert "Hello {{7*7}} %s &amp; Co," in first.get_content()
    assert "evil" not in second.get_content()


@pytest.mark.parametrize("bad", ["a@example.org\r\nBcc: all@example.org", "a@example.org\nX: y"])
def test_it_lets_no_line_break_into_a_header(
    arrive: Callable[..., None], mail_server: MailServer, bad: str
) -> None:
    arrive(sign(bad), sign("fine@example.org", fields={"given_name": "Ada\r\nBcc: x@example.org"}))
    send_all()
    assert mail_server.recipients == ["fine@example.org"]
    assert mail_server.mails[0]["Bcc"] is None
    assert OutgoingMail.objects.get(sent_at=None, template="confirm").failed == "bad address"


def test_it_sends_one_mail_only_however_often_it_looks(
    arrive: Callable[..., None], mail_server: MailServer
) -> None:
    arrive(sign())
    send_all()
    send_all()
    assert len(mail_server.mails) == 1


def test_it_keeps_one_connection_open_for_many_mails(
    arrive: Callable[..., None], mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_settings(monkeypatch, mail_connections=1)
    arrive(*[sign(f"p{number}@example.org") for number in range(30)])
    send_all()
    assert len(mail_server.mails) == 30
    assert len(mail_server.sessions) == 1


def test_it_sends_no_more_than_three_a_day_to_one_mailbox(
    arrive: Callable[..., None], mail_server: MailServer
) -> None:
    pages = [PAGE.hex, "1" * 32]
    arrive(
        *[sign("A.D.A@gmail.com", page=page) for page in pages for _ in range(20)],
        *[sign(f"ada+{number}@googlemail.com") for number in range(20)],
    )
    send_all()
    assert len(mail_server.mails) == 3
    assert MailDay.objects.get().sent == 3


def test_it_would_send_more_without_the_limit(
    arrive: Callable[..., None], mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_settings(monkeypatch, mails_per_address=1000)
    arrive(*[sign("ada@gmail.com") for _ in range(20)])
    send_all()
    assert len(mail_server.mails) == 20


def test_it_sends_a_mail_about_another_page_tomorrow(
    arrive: Callable[..., None], mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_settings(monkeypatch, mails_per_address=1)
    arrive(sign(), sign(page="1" * 32))
    send_all()
    waiting = OutgoingMail.objects.get(sent_at=None, template="confirm")
    assert waiting.failed == ""
    assert waiting.due_at.date() == clock.now().date() + timedelta(days=1)


def test_it_tells_a_signer_who_counts_already(
    arrive: Callable[..., None], mail_server: MailServer
) -> None:
    signed = sign()
    arrive(signed, click(signed), sign("ADA+again@example.org"), sign())
    send_all()
    (message,) = mail_server.mails
    assert message["Subject"] == "Your signature counts already"
    assert "confirm/?t=" not in message.as_string()
    assert set(OutgoingMail.objects.filter(sent_at=None).values_list("failed", flat=True)) == {
        "limit"
    }


def test_it_reminds_once(
    arrive: Callable[..., None], mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(sign(), sign())
    send_all()
    assert OutgoingMail.objects.filter(template="reminder").count() == 2
    OutgoingMail.objects.filter(template="reminder").update(due_at=clock.now())
    MailDay.objects.all().delete()
    send_all()
    subjects = [message["Subject"] for message in mail_server.mails]
    assert subjects.count("Your signature is waiting for you") == 1


def test_it_does_not_remind_whoever_has_confirmed(
    arrive: Callable[..., None], mail_server: MailServer
) -> None:
    signed = sign()
    arrive(signed)
    send_all()
    arrive(click(signed))
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


def test_it_writes_to_nobody_who_said_stop(
    arrive: Callable[..., None], mail_server: MailServer
) -> None:
    signed = sign("ada@example.org")
    arrive(signed, click(signed, "manage", do="stop_mail"), sign("Ada+x@example.org"))
    send_all()
    assert not mail_server.mails
    assert StopList.objects.count() == 1


def test_it_gives_up_on_an_address_that_is_refused(
    arrive: Callable[..., None], mail_server: MailServer
) -> None:
    mail_server.mood = lambda to: "550 <gone@example.org> unknown" if "gone" in to else None
    arrive(sign("gone@example.org"), sign("here@example.org"))
    send_all()
    assert mail_server.recipients == ["here@example.org"]
    failed = OutgoingMail.objects.get(template="confirm", sent_at=None)
    assert failed.failed == "smtp 550"  # and nothing of the server's sentence


def test_it_waits_and_tries_again_when_it_is_greylisted(
    arrive: Callable[..., None], mail_server: MailServer
) -> None:
    mail_server.mood = lambda _to: "451 greylisted"
    arrive(sign())
    send_all()
    waiting = OutgoingMail.objects.get()
    assert (waiting.failed, waiting.tries, waiting.claimed_at) == ("", 1, None)
    assert waiting.due_at > clock.now() + timedelta(seconds=50)
    mail_server.mood = lambda _to: None
    OutgoingMail.objects.update(due_at=clock.now())
    send_all()
    assert len(mail_server.mails) == 1
    assert MailDay.objects.get().sent == 1


def test_it_gives_up_in_the_end(arrive: Callable[..., None], mail_server: MailServer) -> None:
    mail_server.mood = lambda _to: "451 greylisted"
    arrive(sign())
    for _ in range(mail.MAX_TRIES):
        OutgoingMail.objects.update(due_at=clock.now())
        send_all()
    assert OutgoingMail.objects.get().failed == "gave up"


def test_it_loses_nothing_while_the_mail_server_is_away(
    arrive: Callable[..., None], mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(*[sign(f"p{number}@example.org") for number in range(3)])
    with monkeypatch.context() as away:
        use_settings(away, smtp_port=1)
        for _ in range(mail.MAX_TRIES + 1):
            OutgoingMail.objects.update(due_at=clock.now())
            with pytest.raises(ServerDown):
                mail.Sender().send_due()
    OutgoingMail.objects.update(due_at=clock.now())
    send_all()
    assert sorted(mail_server.recipients) == [f"p{number}@example.org" for number in range(3)]


def test_it_sends_a_mail_again_whose_sender_died(
    arrive: Callable[..., None], mail_server: MailServer
) -> None:
    arrive(sign())
    assert len(mail.claim(clock.now())) == 1
    send_all()
    assert not mail_server.mails  # somebody has it
    OutgoingMail.objects.update(claimed_at=timezone.now() - mail.CLAIM_LASTS * 2)
    send_all()
    assert len(mail_server.mails) == 1
    arrive(sign(email="karim@example.org"))
    assert len(mail.claim(clock.now())) == 1
    send_all(alone=True)  # then nobody can have it
    assert len(mail_server.mails) == 2


def claim_both_ways(*, guarded: bool) -> int:
    """Two senders that have both seen the same mail waiting; how many of them send it."""
    now = clock.now()
    seen_by_both = [OutgoingMail.objects.get(), OutgoingMail.objects.get()]
    if guarded:
        return sum(mail._claim_one(one, now) for one in seen_by_both)
    return sum(
        OutgoingMail.objects.filter(pk=one.pk).update(claimed_at=now) for one in seen_by_both
    )


def test_it_gives_a_mail_to_one_sender_only(arrive: Callable[..., None]) -> None:
    arrive(sign())
    assert claim_both_ways(guarded=True) == 1


def test_it_would_give_it_to_both_without_the_condition(arrive: Callable[..., None]) -> None:
    arrive(sign())
    assert claim_both_ways(guarded=False) == 2


def test_it_keeps_the_pace_and_stops_at_once(
    arrive: Callable[..., None], mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_settings(monkeypatch, mail_per_second=4)
    arrive(*[sign(f"p{number}@example.org") for number in range(6)])
    began = time.monotonic()
    stop = threading.Event()
    threading.Timer(0.6, stop.set).start()
    sender = mail.Sender(stop=stop)
    sender.send_due()
    sender.close()
    assert 1 <= len(mail_server.mails) <= 3
    assert 0.5 < time.monotonic() - began < 5
    assert not OutgoingMail.objects.exclude(claimed_at=None).exists()
    assert MailDay.objects.filter(sent__gt=0).count() == len(mail_server.mails)


def between_claiming_and_sending(
    monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]
) -> None:
    """Something happens to the rows while the first sender of this test has claimed their mails."""
    claim = mail.claim

    def claimed(now: datetime, *, limit: int) -> list[mail.Claimed]:
        found = claim(now, limit=limit)
        monkeypatch.setattr(mail, "claim", claim)
        happens()
        return found

    monkeypatch.setattr(mail, "claim", claimed)


@pytest.mark.parametrize("verb", ["confirm", "withdraw", "erase", "stop_mail"])
def test_it_looks_again_before_it_sends(
    arrive: Callable[..., None],
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
) -> None:
    signed = sign()
    arrive(signed, sign("else@example.org"))
    done = (
        click(signed, "manage", do=verb)
        if verb in {"erase", "stop_mail"}
        else click(signed, "confirm" if verb == "confirm" else "withdraw")
    )
    between_claiming_and_sending(monkeypatch, lambda: arrive(done))
    send_all()
    assert mail_server.recipients == ["else@example.org"]
    assert sum(MailDay.objects.values_list("sent", flat=True)) == 1


def test_it_sends_to_both_when_nothing_happens_meanwhile(
    arrive: Callable[..., None], mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(sign(), sign("else@example.org"))
    between_claiming_and_sending(monkeypatch, lambda: None)
    send_all()
    assert len(mail_server.recipients) == 2


def test_it_remembers_what_it_sent_while_the_database_was_away(
    arrive: Callable[..., None], mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(*[sign(f"p{number}@example.org") for number in range(3)])
    sender = mail.Sender()
    with monkeypatch.context() as away:
        away.setattr(mail, "settle", broken)
        with pytest.raises(OperationalError):
            sender.send_due()
    OutgoingMail.objects.update(claimed_at=timezone.now() - mail.CLAIM_LASTS * 2)
    while sender.send_due():
        pass
    sender.close()
    assert len(mail_server.mails) == 3
    assert OutgoingMail.objects.filter(template="confirm", sent_at=None).count() == 0


def broken(_sent: object) -> None:
    raise OperationalError("the database is away")


def test_it_writes_down_in_a_batch_what_it_sent(
    arrive: Callable[..., None],
    mail_server: MailServer,
) -> None:
    arrive(*[sign(f"p{number}@example.org") for number in range(40)])
    with CaptureQueriesContext(connection) as asked:
        send_all()
    writing = [one for one in asked if one["sql"].startswith("UPDATE")]
    marked = [one for one in writing if '"sent_at" =' in one["sql"].partition("WHERE")[0]]
    assert len(mail_server.mails) == 40
    assert 1 <= len(marked) <= 20


def test_it_waits_for_a_page_that_is_not_published(
    arrive: Callable[..., None], mail_server: MailServer
) -> None:
    arrive(sign(lang="fr"))
    send_all()
    assert not mail_server.mails
    assert OutgoingMail.objects.get().failed == ""
    assert not MailDay.objects.filter(sent__gt=0).exists()


def test_it_makes_tokens_that_do_not_open_anything_else() -> None:
    assert ids.read_link_token(keys.make_token(b"x" * 16), secret=b"other" * 7) is None
    assert Participation.objects.count() == 0
