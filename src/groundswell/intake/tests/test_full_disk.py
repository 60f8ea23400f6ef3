"""A disk that is full or broken: never an answer without the bytes, and back when there is room."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import GOOD, Intake, api_body

# Each file may only grow to 300 kB: then writes come back short and fail with EFBIG.
SMALL_FILES = """
import resource
from groundswell.base import env
from groundswell.intake import server
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
server.run(env.load())
"""
# The guard taken away: a failed write is taken for a good one.
SWALLOWING = """
from groundswell.intake import journal_files
write = journal_files.SegmentFile.append
def carelessly(self, **group):
    try:
        write(self, **group)
    except journal_files.DiskFault:
        pass
journal_files.SegmentFile.append = carelessly
"""


def fill(door: Intake, count: int) -> tuple[set[str], int]:
    """Send submissions of about 3 kB: (ids promised, how many were refused as busy)."""
    promised, busy = set(), 0
    for number in range(count):
        fields = {**GOOD, "email": f"n{number}@example.org", "comment": "words " * 160}
        answer = door.api(api_body(fields))
        if answer.status == 202:
            promised.add(answer.json["id"])
        else:
            assert (answer.status, answer.json["error"]["code"]) == (503, "busy")
            assert int(answer.headers["retry-after"]) >= 1
            busy += 1
    return promised, busy


def stored_ids(door: Intake) -> set[str]:
    return {one.id.hex() for one in door.stored()}


@pytest.mark.fault
def test_it_goes_on_in_a_new_file_when_one_cannot_grow(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path, program=SMALL_FILES) as door:
        promised, busy = fill(door, 250)
        assert (len(promised), busy) == (250, 0)
        assert promised <= stored_ids(door)
        assert len(list((tmp_path / "journal").glob("*.journal"))) > 1
        assert "journal_disk_faults_total 0" not in door.metrics()


@pytest.mark.fault
def test_control_a_swallowed_fault_loses_submissions(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path, program=SWALLOWING + SMALL_FILES) as door:
        promised, _ = fill(door, 250)
        assert not promised <= stored_ids(door)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose journal is on a disk of 1 MiB."""
    journal = tmp_path / "journal"
    journal.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(journal)],
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
        promised, busy = fill(door, 400)
        assert promised
        assert busy
        health = door.get("/healthz")
        assert (health.status, health.json["status"]) == (503, "cannot store")
        assert "groundswell_can_store 0" in door.metrics()
        assert door.get(site.PATH).status == 200
        assert promised <= stored_ids(door)
        grow = ["mount", "-o", "remount,size=8m", str(small_disk / "journal")]
        subprocess.run(grow, check=True)
        deadline = time.monotonic() + 5
        while door.get("/healthz").status != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        more, busy = fill(door, 20)
        assert (len(more), busy) == (20, 0)
        assert promised | more <= stored_ids(door)


def test_it_refuses_before_the_reserve_is_touched(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path, journal_reserve_mb=1 << 40) as door:
        answer = door.form(GOOD)
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) >= 1
        assert "Very busy, please send it again." in answer.text
        assert 'value="amina@example.org"' in answer.text
        health = door.get("/healthz")
        assert (health.status, health.json["disk_low"]) == (503, True)
        assert "groundswell_journal_disk_low 1" in door.metrics()
        assert json.loads(door.api(api_body()).body)["error"]["code"] == "busy"
        assert door.get(site.PATH).status == 200
        assert door.stored() == []


def test_it_says_that_room_runs_out_before_it_refuses(tmp_path: Path) -> None:
    """Free space is between the reserve and four times the reserve."""
    free = shutil.disk_usage(site.make_folder(tmp_path)).free >> 20
    with site.intake(tmp_path, journal_reserve_mb=free // 2) as door:
        assert door.form(GOOD).status == 303
        health = door.get("/healthz")
        assert (health.status, health.json["disk_low"]) == (200, True)
        metrics = door.metrics()
        assert "groundswell_journal_disk_low 1" in metrics
        assert "groundswell_can_store 1" in metrics
        assert f"groundswell_journal_disk_reserve_bytes {free // 2 << 20}" in metrics
    with site.intake(tmp_path, journal_reserve_mb=0) as door:
        assert "groundswell_journal_disk_low 0" in door.metrics()
        assert door.get("/healthz").json["disk_low"] is False
