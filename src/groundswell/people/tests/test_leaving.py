"""Whoever has left stays away, whatever backup the database is restored from."""

from pathlib import Path
from uuid import UUID

import pytest
from django.db import OperationalError, transaction

from groundswell.base import clock
from groundswell.campaigns import counters
from groundswell.campaigns.models_counts import Count
from groundswell.people import drain, leaving, recount, retention
from groundswell.people.erase import erase
from groundswell.people.models import (
    AuditEntry,
    JournalCursor,
    OutgoingMail,
    Participation,
    Quarantine,
    StopList,
)
from groundswell.people.tests.journal import PAGE, click, sign, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "leaving.log"
    monkeypatch.setattr(leaving, "path", lambda: file)
    return file


def states() -> list[str]:
    return list(Participation.objects.order_by("pk").values_list("state", flat=True))


def restored(folder: Path, *submissions: object) -> None:
    """The database as a backup had it: with these, and without what came after."""
    Participation.objects.all().delete()
    StopList.objects.all().delete()
    Count.objects.all().delete()
    JournalCursor.objects.all().delete()
    drain.drain(write(folder / "again", list(submissions)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verb", "fields", "state"),
    [
        ("withdraw", {}, "withdrawn"),
        ("manage", {"do": "withdraw"}, "withdrawn"),
        ("manage", {"do": "erase"}, "erased"),
    ],
)
def test_it_keeps_out_who_has_left(
    tmp_path: Path, verb: str, fields: dict[str, str], state: str
) -> None:
    leaver, other = sign(), sign("bob@example.org")
    gone = click(leaver, verb, **fields)  # type: ignore[arg-type]
    drain.drain(write(tmp_path, [leaver, other, click(leaver), click(other), gone]))
    assert states() == [state, "confirmed"]
    restored(tmp_path, leaver, other, click(leaver), click(other))
    assert states() == ["confirmed", "confirmed"]
    retention.keep_promises()
    assert states() == [state, "confirmed"]
    assert counters.totals(page_key=PAGE) == (2, 1)
    assert recount.recount(page_key=PAGE) == []


def test_it_erases_an_older_row_of_the_same_mailbox(tmp_path: Path) -> None:
    older, newer = sign(), sign()
    gone = click(newer, "manage", do="erase")
    drain.drain(write(tmp_path, [older, newer, gone]))
    restored(tmp_path, older)  # the row whose link was used came after the backup
    assert leaving.replay() == 1
    assert states() == ["erased"]


def test_it_goes_on_writing_to_nobody_who_asked_us_not_to(tmp_path: Path) -> None:
    one = sign()
    drain.drain(write(tmp_path, [one, click(one, "manage", do="stop_mail")]))
    stop = StopList.objects.get()
    restored(tmp_path, one)
    assert OutgoingMail.objects.filter(sent_at=None).exists()
    assert leaving.replay() == 1
    again = StopList.objects.get()
    assert (bytes(again.email_index), again.key) == (bytes(stop.email_index), stop.key)
    assert leaving.replay() == 0


def test_it_changes_nothing_where_nothing_was_restored(tmp_path: Path) -> None:
    one = sign()
    drain.drain(write(tmp_path, [one, click(one), click(one, "manage", do="erase")]))
    before = leaving.path().read_bytes()
    assert leaving.replay() == 0
    assert leaving.path().read_bytes() == before
    assert not AuditEntry.objects.exists()


def test_it_is_on_the_list_before_it_is_committed(own_list: Path, tmp_path: Path) -> None:
    one = sign()
    drain.drain(write(tmp_path, [one]))
    with transaction.atomic():
        erase(submission_id=UUID(bytes=one.id), at=clock.now())
        transaction.set_rollback(True)  # the power goes before the commit
    assert states() == ["pending"]
    assert leaving.replay() == 1
    assert states() == ["erased"]


def test_it_gives_up_nobody_when_the_list_cannot_be_written(own_list: Path, tmp_path: Path) -> None:
    own_list.mkdir()  # whatever it is, it cannot be written
    one = sign()
    reader = write(tmp_path, [one, click(one, "manage", do="erase")])
    with pytest.raises(OperationalError, match="cannot be written"):
        drain.drain(reader)
    assert not Quarantine.objects.exists()
    own_list.rmdir()
    drain.drain(reader)
    assert states() == ["erased"]


def test_it_reads_past_a_torn_line(own_list: Path) -> None:
    at = clock.from_ms(1_795_295_999_000)
    leavers = [leaving.Leaver("erase", bytes([n]) * 16, at) for n in range(3)]
    leaving.note(leavers[:1])
    with own_list.open("ab") as file:
        file.write(b"erase 0101")  # the power went here
    leaving.note(leavers[1:])
    assert list(leaving.read(own_list)) == leavers
    assert own_list.stat().st_mode & 0o777 == 0o600


def test_it_names_nobody(own_list: Path, tmp_path: Path) -> None:
    one = sign("canary-7f3a@example.org")
    leave = [click(one, "manage", do="stop_mail"), click(one, "manage", do="erase")]
    drain.drain(write(tmp_path, [one, *leave]))
    words = [line.split() for line in own_list.read_text().splitlines()]
    assert [line[0] for line in words] == ["stop", "erase"]
    assert "canary" not in own_list.read_text()
