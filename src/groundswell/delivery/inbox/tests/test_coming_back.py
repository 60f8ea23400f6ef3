"""Bounces and answers find their letters; nothing else changes any."""

import hmac
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from groundswell.base import env, keyring
from groundswell.delivery import queries, tokens
from groundswell.delivery.inbox import reading, replies
from groundswell.delivery.inbox.mailbox import MOST_BYTES
from groundswell.delivery.inbox.maildir import Maildir
from groundswell.delivery.inbox.reading import Inbox
from groundswell.delivery.inbox.tests.mails import DOMAIN, dsn, nested, reply
from groundswell.delivery.models import Parcel, Reply, TargetTally
from groundswell.delivery.post import ServerDown
from groundswell.delivery.tests import letters, mailserver

pytestmark = pytest.mark.django_db


class Box:
    """A Maildir that mail is put into."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for part in ("new", "cur", "tmp"):
            (path / part).mkdir(parents=True)

    def read(self, *mails: bytes) -> None:
        for raw in mails:
            (self.path / "new" / f"{uuid4()}").write_bytes(raw)
        inbox = Inbox(Maildir(self.path))
        while inbox.step():
            pass

    def left(self, folder: str = "") -> int:
        return sum(1 for part in ("new", "cur") for _ in (self.path / folder / part).glob("*"))

    @property
    def folders(self) -> set[str]:
        return {one.name for one in self.path.iterdir()} - {"new", "cur", "tmp"}


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "inbox")


@pytest.fixture
def parcel(monkeypatch: pytest.MonkeyPatch) -> Iterator[Parcel]:
    """A letter that the server has taken."""
    with mailserver.running(
        monkeypatch,
        letters_per_hour=0,
        letters_per_minute=0,
        letters_inbox="somewhere",
        letters_from=f"letters@{DOMAIN}",
    ):
        (one,) = letters.queue()
        letters.send_all()
        one.refresh_from_db()
        yield one


def last(parcel: Parcel) -> tuple[str, str]:
    step = queries.history(key=parcel.key)[-1]
    return step.state, step.words


def test_it_takes_a_bounce_for_what_it_is(box: Box, parcel: Parcel) -> None:
    box.read(dsn(parcel))
    assert letters.states() == {"bounced": 1}
    assert last(parcel) == ("bounced", "smtp; 550 5.1.1 <address>: no existe")
    assert box.left() == 0
    assert not box.folders


def test_it_reads_a_bounce_twice_without_harm(box: Box, parcel: Parcel) -> None:
    box.read(dsn(parcel), dsn(parcel))
    assert letters.steps(parcel) == ["queued", "sending", "accepted", "bounced"]


def test_it_tries_again_tomorrow_what_is_full_today(box: Box, parcel: Parcel) -> None:
    box.read(dsn(parcel, status="4.2.2", diagnostic="smtp; 452 4.2.2 mailbox full"))
    assert letters.steps(parcel)[-2:] == ["bounced", "deferred"]
    assert letters.states() == {"queued": 1}
    letters.later()
    letters.send_all()
    assert letters.states() == {"accepted": 1}


def test_it_notes_a_delay_and_changes_nothing(box: Box, parcel: Parcel) -> None:
    box.read(dsn(parcel, action="delayed", status="4.4.1", diagnostic="smtp; no answer"))
    assert letters.states() == {"accepted": 1}
    assert last(parcel) == ("delayed", "4.4.1 smtp; no answer")


def forged(parcel: Parcel) -> list[str]:
    good = tokens.address("bounce", parcel.key, domain=DOMAIN)
    other = tokens.address("reply", parcel.key, domain=DOMAIN).replace("reply", "bounce")
    flipped = good[:20] + ("a" if good[20] != "a" else "b") + good[21:]
    return [other, flipped, f"bounce+{parcel.key.hex}@{DOMAIN}", f"bounce@{DOMAIN}", ""]


def test_it_believes_no_forged_bounce(box: Box, parcel: Parcel) -> None:
    box.read(*(dsn(parcel, to=to) for to in forged(parcel)))
    assert letters.states() == {"accepted": 1}
    assert box.left(".unknown") == 5


def test_it_would_believe_them_without_the_signature(
    box: Box, parcel: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hmac, "compare_digest", lambda _one, _other: True)
    box.read(*(dsn(parcel, to=to) for to in forged(parcel)[:1]))
    assert letters.states() == {"bounced": 1}


def test_it_goes_on_after_a_change_of_case_and_keys(box: Box, parcel: Parcel) -> None:
    to = tokens.address("bounce", parcel.key, domain=DOMAIN).upper()
    keyring.rotate(env.load().path("keys"), "link")
    box.read(dsn(parcel, to=f'"x" <{to}>'))
    assert letters.states() == {"bounced": 1}


def prose(parcel: Parcel, text: str) -> bytes:
    to = tokens.address("bounce", parcel.key, domain=DOMAIN)
    return f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: {to}\n\n{text}".encode()


@pytest.mark.parametrize(
    ("text", "state", "words"),
    [
        ("Hi. This is qmail.\n550 5.1.1 unknown, sorry\n", "bounced", "550 5.1.1 unknown, sorry"),
        ("<a@b.example>: host said: 554 spam\n", "bounced", "<address>: host said: 554 spam"),
        ("Sorry.", "accepted", ""),
        ("\x00\xff" * 40, "accepted", ""),
    ],
)
def test_it_reads_what_old_servers_write(
    box: Box, parcel: Parcel, text: str, state: str, words: str
) -> None:
    box.read(prose(parcel, text))
    assert letters.states() == {state: 1}
    assert last(parcel) == (state if state == "bounced" else "noted", words)
    assert box.left() == 0


def test_it_survives_whatever_it_is_sent(box: Box, parcel: Parcel) -> None:
    to = f"To: {tokens.address('bounce', parcel.key, domain=DOMAIN)}\n".encode()
    bad = [
        b"",
        b"\x00" * 5000,
        to + nested(dsn(parcel, to="x"), 3000),
        to + b"Content-Type: multipart/report; boundary=\n\n--\n",
        to + b"Content-Type: message/delivery-status; charset=x\n\n\n\n\n",
        to + b"Content-Type: text/plain; charset=nonsense\n\n\xff\xfe",
        to + b"Subject: =?utf-8?b?!!!?= =?x?q?=ff?=\n\n",
        to * 3000,
        b"To: " + b"bounce+" * 100_000,
    ]
    box.read(*bad)
    assert letters.states() == {"accepted": 1}
    assert box.left() == 0


def test_it_reads_no_bounce_that_lies_too_deep(box: Box, parcel: Parcel) -> None:
    to = tokens.address("bounce", parcel.key, domain=DOMAIN)
    head = f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: {to}\n".encode()
    box.read(head + nested(dsn(parcel, to="x"), 25))
    assert letters.states() == {"accepted": 1}
    box.read(head + nested(dsn(parcel, to="x"), 5))
    assert letters.states() == {"bounced": 1}


def test_it_reads_the_beginning_of_a_huge_bounce(box: Box, parcel: Parcel) -> None:
    box.read(dsn(parcel) + b"x" * (3 * MOST_BYTES))
    assert letters.states() == {"bounced": 1}


def test_it_keeps_an_answer_sealed_and_counts_it(box: Box, parcel: Parcel) -> None:
    raw = reply(parcel)
    box.read(raw, raw)
    (kept,) = queries.replies(page_keys=[letters.PAGE])
    assert (kept.target, kept.parcel_id) == (parcel.target, parcel.pk)
    assert b"vote" not in bytes(kept.sealed)
    opened = replies.open_reply(kept)
    assert opened.sender == "The Minister <office@rivers.example>"
    assert opened.text.strip() == "Thank you, I will vote for it."
    assert TargetTally.objects.get().replies == 1
    assert queries.totals(page_keys=[letters.PAGE]).replies == 1
    assert box.left() == 0


@pytest.mark.parametrize(
    "marks",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
    ],
)
def test_it_does_not_count_what_nobody_wrote(
    box: Box, parcel: Parcel, marks: dict[str, str]
) -> None:
    box.read(reply(parcel, "I am away.", **marks))
    assert queries.replies(target=parcel.target) == []
    assert len(queries.replies(target=parcel.target, automatic=None)) == 1
    assert TargetTally.objects.get().replies == 0


def test_it_takes_a_vacation_at_the_return_path_for_one(box: Box, parcel: Parcel) -> None:
    to = tokens.address("bounce", parcel.key, domain=DOMAIN)
    box.read(reply(parcel, "Away; call 550 1234.", To=to, Auto_Submitted="auto-replied"))
    assert letters.states() == {"accepted": 1}
    assert Reply.objects.get().automatic


def test_it_keeps_all_of_a_large_answer(box: Box, parcel: Parcel) -> None:
    box.read(reply(parcel, "word " * MOST_BYTES))
    assert TargetTally.objects.get().replies == 1
    assert box.left(".large") == 1


def test_it_seals_answers_again_under_a_new_key(box: Box, parcel: Parcel) -> None:
    box.read(reply(parcel))
    folder = env.load().path("keys")
    keyring.rotate(folder, "data")
    assert (replies.reseal(), replies.reseal()) == (1, 0)
    keyring.retire(folder, "data")
    assert replies.open_reply(Reply.objects.get()).subject == "Re: Save the river"


def test_it_keeps_for_a_person_what_it_cannot_deal_with(
    box: Box, parcel: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(reading, "_note", fails)
    box.read(dsn(parcel), reply(parcel))
    assert box.left(".trouble") == 1
    assert Reply.objects.count() == 1


def test_it_says_when_the_mailbox_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ServerDown, match="No such file"):
        Inbox(Maildir(tmp_path / "nowhere")).step()
