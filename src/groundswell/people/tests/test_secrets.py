"""Whoever takes the database finds nobody in it."""

import smtplib
from collections.abc import Sequence
from pathlib import Path

import pysqlite3
import pytest
from django.db import connection

from groundswell.base import clock, env, keyring, sealing, wire
from groundswell.base.errors import Trouble
from groundswell.delivery.post import ServerDown
from groundswell.delivery.tests.mailserver import MailServer, use_settings
from groundswell.people import dedupe, drain, keys, mail, rotate, vault, verbs
from groundswell.people.alone import alone
from groundswell.people.erase import erase
from groundswell.people.mail import is_stopped
from groundswell.people.models import Event, OutgoingMail, Participation, Quarantine, StopList
from groundswell.people.recount import recount
from groundswell.people.tests.journal import PAGE, click, sign, write
from groundswell.people.trace import said, trace

CANARIES = ("Zephyrine", "Quillfeather", "zephyrine.q@example.org", "a most private remark")


def canary() -> wire.Submission:
    given, family, email, comment = CANARIES
    fields = {"given_name": given, "family_name": family, "comment": comment}
    return sign(email, fields=fields)


def everything_in_the_database(folder: Path) -> bytes:
    """The bytes that somebody would carry off: SQLite's own file, or all of PostgreSQL's rows."""
    if connection.vendor == "sqlite":
        copy = folder / "stolen.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        target = pysqlite3.connect(copy)
        connection.connection.backup(target)
        target.close()
        return copy.read_bytes()
    with connection.cursor() as cursor:
        found = b""
        for model in (Participation, OutgoingMail, Event, Quarantine, StopList):
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t")
            found += "\n".join(text for (text,) in cursor.fetchall()).encode()
        return found


def assert_nobody_in(haystack: bytes) -> None:
    for name in CANARIES:
        for form in (name, name.lower(), name.upper()):
            for encoded in (form.encode(), form.encode("utf-16-le"), form.encode().hex().encode()):
                assert encoded not in haystack


@pytest.mark.django_db(transaction=True)
def test_it_writes_no_name_into_the_database(tmp_path: Path) -> None:
    signed = canary()
    drain.drain(
        write(
            tmp_path,
            [signed, click(signed), sign(CANARIES[2], marks=-1), click(signed, "withdraw")],
        )
    )
    assert Quarantine.objects.count() == 1
    stolen = everything_in_the_database(tmp_path)
    assert PAGE.hex.encode() in stolen.replace(b"-", b"")  # we do look in the right place
    assert_nobody_in(stolen)


@pytest.mark.django_db(transaction=True)
def test_it_finds_no_address_by_guessing_without_the_index_key(tmp_path: Path) -> None:
    drain.drain(write(tmp_path, [canary()]))
    stored = bytes(Participation.objects.get().email_index or b"")
    guess = dedupe.canonical(CANARIES[2])
    assert stored == vault.index(guess)
    assert stored != sealing.blind_index(b"\0" * 32, guess)


def pieces(sealed: bytes) -> list[bytes]:
    return [sealed[start : start + 64] for start in range(0, len(sealed) - 64, 1000)]


def erase_one(folder: Path) -> tuple[bytes, bytes]:
    """A row's secrets, and what can be stolen after it was erased."""
    # Long enough to fill pages of its own, which are freed and not soon used again.
    signed = sign(CANARIES[2], fields={"comment": CANARIES[3] * 1000})
    drain.drain(write(folder, [signed, click(signed), sign("else@example.org")]))
    row = Participation.objects.order_by("pk")[0]
    sealed = bytes(row.sealed)
    before = everything_in_the_database(folder)
    assert any(one in before or one.hex().encode() in before for one in pieces(sealed))
    erase(submission_id=row.submission_id, at=clock.now())
    return sealed, everything_in_the_database(folder)


@pytest.mark.django_db(transaction=True)
def test_it_leaves_no_sealed_byte_of_an_erased_row(tmp_path: Path) -> None:
    index = vault.index(CANARIES[2])
    sealed, after = erase_one(tmp_path)
    for secret in (index, *pieces(sealed)):
        assert secret not in after
        assert secret.hex().encode() not in after


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a matter of SQLite's file")
def test_it_would_leave_bytes_in_the_file_without_overwriting(
    tmp_path: Path,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = OFF")
        try:
            sealed, after = erase_one(tmp_path)
        finally:
            cursor.execute("PRAGMA secure_delete = ON")
    assert any(one in after for one in pieces(sealed))


def sealed_with() -> set[bytes]:
    return {
        sealing.envelope_key_id(bytes(sealed))
        for sealed in Participation.objects.values_list("sealed", flat=True)
    }


@pytest.fixture
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key folder that a test may rotate."""
    keyring.init(tmp_path / "keys")
    use_settings(monkeypatch, var=str(tmp_path))
    return tmp_path / "keys"


@pytest.mark.django_db
def test_it_reseals_everything_to_a_new_data_key(own_keys: Path, tmp_path: Path) -> None:
    drain.drain(write(tmp_path / "journal", [canary(), sign()]))
    old = keys.data_keys().cipher.current
    fresh = bytes.fromhex(keyring.rotate(own_keys, "data").id)
    drain.drain(write(tmp_path / "journal", [sign("third@example.org")]))
    assert sealed_with() == {old, fresh}
    seen: list[tuple[int, int]] = []
    assert rotate.reseal(lambda done, of: seen.append((done, of))) == 2
    assert seen == [(3, 3)]
    assert sealed_with() == {fresh}
    assert rotate.reseal(lambda done, of: None) == 0
    keyring.retire(own_keys, "data")
    assert vault.open_row(Participation.objects.order_by("pk")[0]).name == "Zephyrine Quillfeather"


@pytest.mark.django_db
def test_it_reindexes_to_a_new_index_key(own_keys: Path, tmp_path: Path) -> None:
    first, stopped = sign(), sign("stopped@example.org")
    drain.drain(
        write(
            tmp_path / "journal",
            [first, click(first), stopped, click(stopped, "manage", do="stop_mail")],
        )
    )
    keyring.rotate(own_keys, "index")
    again = sign()
    drain.drain(write(tmp_path / "journal", [again, click(again)]))
    assert Participation.objects.filter(counted=True).count() == 2  # they have not met yet
    with alone(), pytest.raises(Trouble):
        rotate.reindex(lambda done, of: None)
    assert rotate.reindex(lambda done, of: None) == 2
    assert Participation.objects.filter(counted=True).count() == 1
    assert recount(page_key=PAGE) == []
    row = Participation.objects.get(submission_id=stopped.id.hex())
    assert bytes(row.email_index or b"") == vault.index("stopped@example.org")
    assert is_stopped(vault.open_row(row))
    assert env.load().var == str(tmp_path)


def stumble(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A bug of ours that quotes whom it met."""
    perform = verbs.perform

    def failing(deeds: Sequence[verbs.Deed]) -> None:
        for deed in deeds:
            if isinstance(deed, verbs.Signature) and name in vault.open_row(deed.row).name:
                raise ValueError(f"{vault.open_row(deed.row)} is more than we can bear")
        perform(deeds)

    monkeypatch.setattr(verbs, "perform", failing)


@pytest.mark.django_db
def test_it_writes_no_name_into_the_log_when_a_record_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stumble(monkeypatch, CANARIES[0])
    caplog.set_level("DEBUG")
    drain.drain(write(tmp_path, [canary(), sign()]))
    assert Participation.objects.count() == 1
    assert Quarantine.objects.get().reason == "cannot be stored: ValueError"
    assert "ValueError" in caplog.text
    assert "in failing" in caplog.text
    assert_nobody_in(caplog.text.encode())


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["550 no {} here", "451 {} later", "421 {} good-bye"])
def test_it_repeats_no_mail_servers_sentence(
    tmp_path: Path, mail_server: MailServer, caplog: pytest.LogCaptureFixture, words: str
) -> None:
    mail_server.mood = words.format
    drain.drain(write(tmp_path, [canary()]))
    caplog.set_level("DEBUG", logger="groundswell")
    sender = mail.Sender()
    if words.startswith("421"):
        with pytest.raises(ServerDown, match="421") as down:
            sender.send_due()
        assert_nobody_in(trace(down.value).encode())
    else:
        sender.send_due()
    sender.close()
    assert_nobody_in(OutgoingMail.objects.get().failed.encode())
    assert_nobody_in(caplog.text.encode())


def test_it_repeats_what_machines_say_and_nobody_else() -> None:
    address = CANARIES[2]
    refused = smtplib.SMTPRecipientsRefused({address: (550, address.encode())})
    assert said(refused) == "SMTPRecipientsRefused"
    assert said(ValueError(address)) == "ValueError"
    assert said(OSError("No space left on device")) == "OSError: No space left on device"
    assert said(ServerDown("SMTPConnectError 421")) == "ServerDown: SMTPConnectError 421"
