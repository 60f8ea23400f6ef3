"""No room: nothing is acknowledged that is not on the disk, and it goes on when there is room."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.intake.tests import site_factory as site
from tests.faults import t05_full
from tests.faults.matrix import Control, Fault

ROWS = (
    t05_full.FAULT,
    t05_full.REAL,
)


@pytest.mark.fault
@pytest.mark.parametrize("fault", ROWS, ids=lambda fault: fault.name)
def test_it_keeps_what_it_acknowledged(tmp_path: Path, fault: Fault) -> None:
    outcome = fault.run(tmp_path, fault.short, 1)
    assert outcome.clean, outcome


@pytest.mark.fault
@pytest.mark.parametrize(
    "control", [one for fault in ROWS for one in fault.controls], ids=lambda control: control.guard
)
def test_control_it_would_not_without(tmp_path: Path, control: Control) -> None:
    outcome = control.run(tmp_path, control.cycles, 1)
    assert outcome.wrong, outcome


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
