"""Poison is set aside, sealed, stops nothing else, and can be put back."""

from pathlib import Path

import pytest

from groundswell.base import keyring, wire
from groundswell.base.sealing import CannotOpen
from groundswell.campaigns import counters
from groundswell.delivery.tests.mailserver import use_settings
from groundswell.people import drain, keys, quarantine, recount
from groundswell.people.models import Participation, Quarantine
from groundswell.people.reinject import reinject
from groundswell.people.tests.journal import PAGE, click, sign, write

pytestmark = pytest.mark.django_db
CANARY = "canary.hummingbird@example.org"


def poison() -> wire.Submission:
    """A record that decodes well and that no database takes: marks cannot be negative."""
    return sign(CANARY, marks=-1)


def test_it_stores_all_others_when_one_cannot_be_stored(tmp_path: Path) -> None:
    good = [sign(f"p{number}@example.org") for number in range(20)]
    batch = [*good[:10], poison(), *good[10:], click(good[3]), click(good[15])]
    assert drain.drain(write(tmp_path, batch)) == 23
    assert Participation.objects.count() == 20
    assert counters.totals(page_key=PAGE) == (20, 2)
    assert recount.recount(page_key=PAGE) == []
    entry = Quarantine.objects.get()
    assert entry.position == 10
    assert entry.reason == "cannot be stored: IntegrityError"


def test_it_keeps_poison_sealed_to_core(tmp_path: Path) -> None:
    drain.drain(write(tmp_path, [poison()]))
    sealed = bytes(Quarantine.objects.get().sealed)
    assert CANARY.encode() not in sealed
    opened = keys.opening_keys().open(sealed, info=quarantine.RECORD_INFO)
    assert wire.decode_submission(opened).fields["email"] == CANARY
    with pytest.raises(CannotOpen):
        keys.opening_keys().open(sealed, info=b"groundswell/journal/v1")


def test_it_sets_a_group_aside_that_does_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        keyring.init(tmp_path / "keys")
        use_settings(elsewhere, var=str(tmp_path))
        reader = write(tmp_path / "journal", [sign(), sign("else@example.org")])
    # Sealed for an installation whose keys are not here.
    drain.drain(reader)
    entry = Quarantine.objects.get()
    assert entry.position is None
    assert not reader.files()
    assert reinject() == (0, 1)
    use_settings(monkeypatch, var=str(tmp_path))
    assert reinject() == (2, 0)
    assert counters.totals(page_key=PAGE) == (2, 0)


def test_it_takes_back_what_has_been_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(keys, "data_keys", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            drain.drain(write(tmp_path, [sign()]))
    assert not Quarantine.objects.exists()  # without keys nothing is poison: all of it waits
    drain.drain(write(tmp_path, [poison()]))
    assert Participation.objects.count() == 1
    assert reinject() == (0, 1)


def test_it_takes_a_record_once_that_was_put_back_and_comes_again(tmp_path: Path) -> None:
    signed = sign()
    drain.drain(write(tmp_path, [signed]))
    quarantine.keep(file="x", groups=[], records=[(1, 0, wire.encode(signed), "a test")])
    assert reinject() == (1, 0)
    assert counters.totals(page_key=PAGE) == (1, 0)


def test_it_reads_the_other_files_when_one_is_damaged(tmp_path: Path) -> None:
    write(tmp_path, [sign()])
    reader = write(tmp_path, [sign("else@example.org")])
    damaged = reader.files()[0]
    (tmp_path / damaged).write_bytes(b"not a journal, " * 500)
    draining = drain.Drain(reader)
    assert draining.step() == 2
    assert Participation.objects.count() == 1
    assert draining.step() == 0
    assert Quarantine.objects.get().reason.startswith("group 1, and any behind it, is damaged")
    kept = tmp_path / "damaged" / damaged
    assert kept.read_bytes() == b"not a journal, " * 500
    with pytest.raises(drain.Damaged, match=damaged):
        draining.check()
    kept.unlink()
    draining.check()


def test_it_reads_the_other_files_when_one_cannot_be_read_at_all(tmp_path: Path) -> None:
    write(tmp_path, [sign()])
    reader = write(tmp_path, [sign("else@example.org")])
    old = tmp_path / reader.files()[0]
    old.write_bytes(b"SQLite format 3\0" * 500)
    draining = drain.Drain(reader)
    assert (draining.step(), draining.step()) == (1, 0)
    with pytest.raises(drain.Damaged, match=old.name):
        draining.check()
    old.unlink()
    draining.check()


def test_it_deletes_a_file_later_when_the_disk_refuses_at_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = write(tmp_path, [sign()])
    (file,) = reader.files()
    draining = drain.Drain(reader)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(OSError(5, "broken")))
        draining.step()
        with pytest.raises(drain.Damaged, match=file):
            draining.check()
    assert Participation.objects.count() == 1
    draining.step()
    draining.check()
    assert not reader.files()
    assert Participation.objects.count() == 1
    assert counters.totals(page_key=PAGE) == (1, 0)
