"""The journal becomes rows, exactly once in effect."""

import os
from pathlib import Path

import pytest
from django.db import connection

from groundswell.base import wire
from groundswell.campaigns import counters
from groundswell.intake.journal_reader import JournalReader
from groundswell.people import drain, vault
from groundswell.people.models import (
    Consent,
    JournalCursor,
    OutgoingMail,
    Participation,
    Quarantine,
)
from groundswell.people.tests.journal import PAGE, click, sign, write, write_as, write_records

pytestmark = pytest.mark.django_db


def test_it_stores_a_signature_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    signed = sign(fields={"comment": "At last", "postcode": "EH1 1AA"})
    assert drain.drain(write(tmp_path, [signed])) == 1
    row = Participation.objects.get()
    assert row.submission_id.bytes == signed.id
    assert (row.page_key, row.language, row.country, row.source) == (PAGE, "en", "GB", "whatsapp")
    assert (row.state, row.counted, row.rank) == ("pending", False, 0)
    assert vault.open_row(row).fields == {
        "given_name": "Ada",
        "family_name": "Lovelace",
        "email": "ada@example.org",
        "comment": "At last",
        "postcode": "EH1 1AA",
    }
    assert Consent.objects.get().version == "0123456789ab"
    assert OutgoingMail.objects.get().template == "confirm"
    assert counters.totals(page_key=PAGE) == (1, 0)


def test_it_names_what_a_cut_file_has_lost(tmp_path: Path) -> None:
    journal = write(tmp_path, [sign()])
    (file,) = journal.files()
    os.truncate(tmp_path / file, 100)
    draining = drain.Drain(journal)
    draining.step()
    assert Quarantine.objects.get().reason.startswith("group 1 is damaged")
    with pytest.raises(drain.Damaged, match=file):
        draining.check()


def test_it_waits_for_the_disk_at_each_commit() -> None:
    """What was committed is deleted from the journal next. PostgreSQL: T3 of the fault matrix."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone() == (2,), "FULL"
        else:
            drain.wait_for_the_disk()
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)


def test_it_counts_each_dimension(tmp_path: Path) -> None:
    drain.drain(
        write(tmp_path, [sign("a@example.org"), sign("b@example.org", source="", lang="ar")])
    )
    assert counters.by(page_key=PAGE, dimension="country") == [("GB", 2, 0)]
    assert counters.by(page_key=PAGE, dimension="language") == [("ar", 1, 0), ("en", 1, 0)]
    assert counters.by(page_key=PAGE, dimension="source") == [("", 1, 0), ("whatsapp", 1, 0)]
    assert sum(one.collected for one in counters.by(page_key=PAGE, dimension="window")) == 2


def test_it_deletes_a_file_that_is_closed_and_drained(tmp_path: Path) -> None:
    reader = write(tmp_path, [sign()])
    assert reader.files()
    drain.drain(reader)
    assert not reader.files()


def test_it_changes_nothing_when_the_journal_comes_again(tmp_path: Path) -> None:
    first, second = sign("a@example.org"), sign("b@example.org")
    assert drain.drain(write(tmp_path, [first, second, click(first)])) == 3
    # The same records in another file, as after a writer's retry on a new disk.
    assert drain.drain(write(tmp_path, [second, first, click(first), first])) == 4
    assert Participation.objects.count() == 2
    assert OutgoingMail.objects.count() == 1  # the confirmed one waits for no mail any more
    assert Consent.objects.count() == 2
    assert counters.totals(page_key=PAGE) == (2, 1)


def test_it_takes_the_same_submission_once_even_within_a_group(tmp_path: Path) -> None:
    signed = sign()
    drain.drain(write(tmp_path, [signed, signed, signed]))
    assert Participation.objects.count() == 1
    assert counters.totals(page_key=PAGE) == (1, 0)


def test_it_keeps_the_order_of_the_journal(tmp_path: Path) -> None:
    signed = sign()
    drain.drain(write(tmp_path, [click(signed), signed, click(signed), click(signed, "withdraw")]))
    assert Participation.objects.get().state == "withdrawn"
    assert counters.totals(page_key=PAGE) == (1, 0)


def test_it_refuses_to_go_on_from_a_cursor_that_somebody_moved(tmp_path: Path) -> None:
    reader = write(tmp_path, [sign()])
    file = reader.files()[0]
    batch = drain.read(reader.read(file, after=0), after=0)
    JournalCursor.objects.create(file=file, seq=7, at="2026-01-01T00:00Z")
    with pytest.raises(drain.Overtaken):
        drain.store(batch)
    assert not Participation.objects.exists()


def test_it_sets_poison_aside_and_takes_the_rest(tmp_path: Path) -> None:
    good = [sign(f"p{number}@example.org") for number in range(50)]
    records = [wire.encode(one) for one in good]
    records[10:10] = [wire.encode("nonsense"), wire.encode({"id": "x"})]
    records[30:30] = [wire.encode(sign(page="no page"))]
    assert drain.drain(write_records(tmp_path, records)) == 53
    assert Participation.objects.count() == 50
    assert Quarantine.objects.count() == 3
    assert counters.totals(page_key=PAGE) == (50, 0)


def test_it_sends_no_mail_for_a_form_that_a_machine_filled_in(tmp_path: Path) -> None:
    drain.drain(write(tmp_path, [sign(marks=wire.MARK_HONEYPOT)]))
    assert Participation.objects.get().marks == wire.MARK_HONEYPOT
    assert not OutgoingMail.objects.exists()


def test_it_takes_a_forged_token_for_nothing_and_not_for_poison(tmp_path: Path) -> None:
    signed = sign()
    forged = wire.Submission(
        id=b"f" * 16,
        verb="confirm",
        page=signed.page,
        lang="en",
        at=signed.at,
        fields={"t": "é" * 43},
    )
    drain.drain(write(tmp_path, [signed, forged]))
    assert Participation.objects.get().state == "pending"
    assert not Quarantine.objects.exists()


@pytest.mark.parametrize("name", ["nodeA-0", "door-2-eu-13", "7"])
def test_it_drains_what_any_machine_wrote(tmp_path: Path, name: str) -> None:
    signed = sign()
    written = write(tmp_path / "there", [signed, click(signed)])
    (file,) = written.files()
    renamed = write_as(tmp_path / "here", f"{name}-1700000000.journal", [signed, click(signed)])
    assert renamed.files() == [f"{name}-1700000000.journal"] != [file]
    assert drain.drain(renamed) == 2
    assert not renamed.files()
    assert drain.drain(written) == 2
    assert Participation.objects.count() == 1
    assert counters.totals(page_key=PAGE) == (1, 1)


def test_it_takes_no_other_file_for_a_journal(tmp_path: Path) -> None:
    for name in ("0-1.journal", "-0-00000001.journal", "a/../b-00000001.journal.old", "é-00000001"):
        (tmp_path / Path(name).name).write_bytes(b"")
    assert JournalReader(tmp_path).files() == []
