"""A letter as an office reads it: right for any script, and nobody breaks out of a header."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.base.errors import SendFailed
from groundswell.base.letter import Letter, Signatory
from groundswell.delivery import tokens
from groundswell.delivery.channels.email import headers, message
from groundswell.delivery.models import Parcel, TargetTally
from groundswell.delivery.services import parcel_key
from groundswell.delivery.tests import letters
from groundswell.delivery.tests.mailserver import use_settings

DOMAIN = "letters.example.org"


@pytest.fixture(autouse=True)
def _domain(monkeypatch: pytest.MonkeyPatch) -> None:
    use_settings(monkeypatch, letters_from=f"River Watch <letters@{DOMAIN}>", letters_inbox="box")


def a_letter(**changes: Any) -> Letter:
    key = parcel_key(letters.PAGE, "xx/minister")
    tally = TargetTally(target_name="The Minister of Rivers", address="office@rivers.example")
    parcel = Parcel(
        key=key, campaign_key=letters.CAMPAIGN, page_key=letters.PAGE, language="en",
        target="xx/minister", tally=tally,
    )  # fmt: skip
    return msgspec.structs.replace(letters.compose(parcel), **changes)


def read(letter: Letter) -> EmailMessage:
    data = message.build(letter).data
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    parsed = message_from_bytes(data, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    assert not parsed.defects
    return parsed


def body(letter: Letter) -> str:
    part = read(letter).get_body()
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_it_is_from_us_in_the_senders_name() -> None:
    letter = a_letter()
    mail = read(letter)
    assert mail["From"] == f"Ada Ling <letters@{DOMAIN}>"
    assert mail["To"] == "The Minister of Rivers <office@rivers.example>"
    assert mail["Subject"] == "Save the river"
    assert mail["Message-ID"] == f"<{letter.key.hex}@{DOMAIN}>"
    assert mail.get_content_type() == "text/plain"
    assert mail["Content-Language"] == "en"
    assert set(mail.keys()) == {
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version",
        "Content-Language", "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip


def test_it_says_who_writes_and_where_from() -> None:
    assert body(a_letter()) == (
        "Dear Minister,\n\nplease save our river.\n\nYours sincerely,\n\n"
        "Ada Ling\n1234 Riverton\n\n"
        "-- \nWritten on the campaign page “Save the river” of River Watch\n"
        "An answer to this message reaches the campaign, which keeps it.\n"
    )


def test_it_gives_the_senders_address_with_consent_alone() -> None:
    assert "ada@example.org" not in message.build(a_letter()).data.decode()
    mail = read(a_letter(reply_to=True))
    assert mail["Reply-To"] == "Ada Ling <ada@example.org>"
    assert "ada@example.org" in body(a_letter(reply_to=True))
    strange = read(a_letter(reply_to=True, email="ädä@example.org"))
    assert tokens.read(strange["Reply-To"]) == ("reply", a_letter().key)


def test_it_comes_back_by_signed_addresses() -> None:
    letter = a_letter()
    assert tokens.read(message.build(letter).sender) == ("bounce", letter.key)
    assert tokens.read(read(letter)["Reply-To"]) == ("reply", letter.key)
    assert len(message.build(letter).sender.partition("@")[0]) <= 64


def test_it_comes_back_to_its_own_address_without_a_mailbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_settings(monkeypatch, letters_inbox="")
    assert message.build(a_letter()).sender == f"letters@{DOMAIN}"
    assert "Reply-To" not in read(a_letter())
    assert "reaches the campaign" not in body(a_letter())


EVIL = (
    "Ada\r\nBcc: all@rivers.example",
    "Ada\nSubject: other",
    "Ada\r\n\r\n<html>",
    "Ada\x00\x0b\x0c\x1c\x85\u2028\u2029Bcc: x@y.example",
    'Ada" <boss@rivers.example>, "',
    "=?utf-8?q?Ada=0D=0ABcc:_x=40y.example?=",
    "\u202eadA \u2066x",
    "Ada <ada@example.org>, minister@rivers.example",
    "\\" * 50,
    '"' * 79,
    "نداء" * 60,
    "𝔸𝕕𝕒🏳️‍🌈" * 60,
    "x" * 3000,
    "\ud800 lone",
    "",
)


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("field", ["sender_name", "subject", "target_name"])
def test_it_lets_nothing_out_of_a_header(field: str, evil: str) -> None:
    plain = read(a_letter())
    mail = read(a_letter(**{field: evil}, given_name="", family_name=""))
    assert mail.keys() == plain.keys()
    assert [one.addr_spec for one in mail["From"].addresses] == [f"letters@{DOMAIN}"]
    assert [one.addr_spec for one in mail["To"].addresses] == ["office@rivers.example"]
    assert not any(one in str(mail["Subject"]) for one in "\r\n\u202e\u2066\u2028")
    assert body(a_letter()) == body(a_letter(target_name=evil))


def test_it_would_let_it_out_unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "one_line", lambda text, most: text)
    monkeypatch.setattr(headers, "_folded", lambda line: line)
    data = message.build(a_letter(subject=EVIL[0])).data
    assert message_from_bytes(data, policy=policy.default)["Bcc"] == "all@rivers.example"


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=300))
def test_it_writes_any_text_so_that_it_can_be_read(text: str) -> None:
    line = headers.text(text, most=500)
    parsed = message_from_bytes(f"Subject: {line}\r\n\r\n".encode(), policy=policy.default)
    # Where a program unfolds an ASCII line, one space is as good as another.
    assert str(parsed["Subject"] or "").split() == headers.one_line(text, 500).split()
    assert all(len(row) <= 78 for row in line.split("\r\n"))


@pytest.mark.parametrize("name", ["Amélie Poulain", "محمد بن سلمان", "玛格丽特", "Нина", "می‌خواهم"])
def test_it_writes_names_of_any_script(name: str) -> None:
    sender = read(a_letter(sender_name=name))["From"].addresses[0]
    assert sender.display_name == name


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        ".\n..\n.hidden",
        "wide " * 500,
        "x" * 5000,
        "Grüße, señor – “so”",
        "أطالبكم بالتصويت لصالح القانون\n" * 50,
        "From the river\nFrom here",
        "trailing   \nspaces \t\n",
    ],
)
def test_it_keeps_the_text_as_it_was_typed(text: str) -> None:
    assert body(a_letter(body=text)).startswith(text.rstrip())


def test_it_takes_out_what_a_text_cannot_hold() -> None:
    assert body(a_letter(body="a\x00b\x1b[2Jc\r\nd\re\u202ef")).startswith("ab[2Jc\nd\nef\n")


@pytest.mark.parametrize(
    "address",
    [
        "", "nobody", "@rivers.example", "a b@rivers.example",
        "a@rivers.example\r\nBcc: x@y.example",
        "a@rivers.example, b@rivers.example", "<a@rivers.example>", "a@-x.example", "a@b",
        "x" * 70 + "@rivers.example", 'a"@rivers.example', "a@rivers.example\x00",
    ],
)  # fmt: skip
def test_it_sends_nothing_to_what_is_no_address(address: str) -> None:
    with pytest.raises(SendFailed) as failed:
        message.build(a_letter(address=address))
    assert failed.value.permanent


def test_it_writes_domains_of_any_script() -> None:
    built = message.build(a_letter(address="büro@flüsse.example"))
    assert (built.recipient, built.utf8) == ("büro@xn--flsse-lva.example", True)
    assert not message.build(a_letter(address="office@flüsse.example")).utf8


def test_it_sums_up_equal_letters_with_a_list() -> None:
    people = [
        Signatory(name=f"Person {n}", city="Riverton", postcode=f"{n:04}") for n in range(1, 900)
    ]
    together = (Signatory(name="=HYPERLINK(1)", email="a@b.example"), *people)
    mail = read(a_letter(together=together, body="Dear Minister,\n\nplease.\n\nAda Ling"))
    assert mail["Subject"] == "Save the river (900 letters)"
    assert mail["From"] == f"River Watch <letters@{DOMAIN}>"
    part = mail.get_body()
    assert part is not None
    text = str(part.get_content())
    assert text.startswith("900 people have each sent you")
    assert "Ada Ling" not in text
    (table,) = mail.iter_attachments()
    rows = str(table.get_content()).splitlines()
    assert len(rows) == 901
    assert rows[1] == "'=HYPERLINK(1),,,,a@b.example"
    assert rows[2] == "Person 1,Riverton,,0001,"
