"""No room: nothing is acknowledged that is not on the disk, and it goes on when there is room."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.intake import journal_notes
from groundswell.intake.journal_reader import JournalReader
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import GOOD, api_body
from tests.faults import t05_full
from tests.faults.rows import both_tests

test_it_keeps_what_it_acknowledged, test_control_it_would_not_without = both_tests(
    (t05_full.FAULT, t05_full.REAL)
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose journal is on a disk of 2 MiB."""
    journal = tmp_path / "journal"
    journal.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(journal)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield site.make_folder(tmp_path)
    finally:
        subprocess.run(["umount", "-l", str(journal)], check=True)


@pytest.mark.fault
def test_it_is_busy_on_a_full_disk_and_comes_back(small_disk: Path) -> None:
    with site.intake(small_disk, journal_reserve_mb=0) as door:
        promised, busy = t05_full.fill(door, 600)
        assert promised
        assert busy
        health = door.get("/healthz")
        assert (health.status, health.json["status"]) == (503, "cannot store")
        assert "groundswell_can_store 0" in door.metrics()
        assert door.get(site.PATH).status == 200
        assert promised <= {one.id.hex() for one in door.stored()}
        grow = ["mount", "-o", "remount,size=8m", str(small_disk / "journal")]
        subprocess.run(grow, check=True)
        site.wait_until(lambda: door.get("/healthz").status == 200, seconds=60)
        more, busy = t05_full.fill(door, 20)
        assert (len(more), busy) == (20, 0)
        assert promised | more <= {one.id.hex() for one in door.stored()}


def drain(folder: Path) -> int:
    """Take what is there and delete what may go, as core does; returns how many files went."""
    reader, gone = JournalReader(folder / "journal"), 0
    for file in reader.files():
        groups = reader.read(file, after=0, limit=100_000)
        assert not any(group.wrong for group in groups)
        if reader.drained(file, after=groups[-1].seq if groups else 0):
            reader.remove(file)
            gone += 1
    assert not reader.damaged()
    return gone


@pytest.mark.fault
@pytest.mark.parametrize("reserve", [0, 2])
def test_it_comes_back_once_core_has_drained_a_small_disk(small_disk: Path, reserve: int) -> None:
    # Room for the first MiB and one more, beside what is kept free.
    grow = ["mount", "-o", f"remount,size={2 + reserve}m", str(small_disk / "journal")]
    subprocess.run(grow, check=True)
    with site.intake(small_disk, journal_reserve_mb=reserve) as door:
        t05_full.fill(door, 600)
        site.wait_until(lambda: door.get("/healthz").status == 503, seconds=60)
        site.wait_until(lambda: drain(small_disk) > 0, seconds=60)
        site.wait_until(lambda: door.get("/healthz").status == 200, seconds=60)
        assert door.api(api_body(GOOD)).status == 202


@pytest.mark.fault
def test_control_it_would_not_without_notes(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.intake(small_disk, journal_reserve_mb=0) as door:
        t05_full.fill(door, 600)
        site.wait_until(lambda: door.get("/healthz").status == 503, seconds=60)
        monkeypatch.setattr(journal_notes, "look", lambda *_: None)
        assert not drain(small_disk)
