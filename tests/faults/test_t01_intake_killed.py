"""kill -9 in the middle, again and again: what was acknowledged is there, once; nothing else."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import api_body
from tests.faults import doors
from tests.faults import t01_intake_killed as t01
from tests.faults.doors import HELD_DISK, SLOW_DISK, START
from tests.faults.matrix import Control
from tests.faults.t01_intake_killed import FAULT

pytestmark = pytest.mark.fault


def test_it_keeps_what_it_acknowledged_through_kill_9(tmp_path: Path) -> None:
    outcome = FAULT.run(tmp_path, FAULT.short, 1)
    assert outcome.clean, outcome
    assert outcome.acked > FAULT.short * 20


def test_it_keeps_what_it_acknowledged_on_a_slow_disk(tmp_path: Path) -> None:
    outcome = t01.story(tmp_path, 4, 2, sabotage=SLOW_DISK)
    assert outcome.clean, outcome


@pytest.mark.parametrize("control", FAULT.controls, ids=lambda control: control.guard)
def test_control_it_would_be_seen(tmp_path: Path, control: Control) -> None:
    assert control.run(tmp_path, control.cycles, 3).wrong


def test_it_finishes_what_was_handed_over_when_told_to_stop(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path, program=HELD_DISK + START) as door:
        answers: list[site.Answer] = []
        threads = site.in_threads(8, lambda _: answers.append(door.api(api_body())))
        doors.wait_for_waiting(door, 8)
        assert door.process is not None
        door.process.send_signal(signal.SIGTERM)
        (tmp_path / "go").touch()
        assert door.process.wait(doors.CEILING) == 0
        for thread in threads:
            thread.join()
    assert [answer.status for answer in answers] == [202] * 8
    assert {one.id.hex() for one in site.read_journal(tmp_path)} == {a.json["id"] for a in answers}


def test_it_commits_for_clients_that_hung_up(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path, program=HELD_DISK + START) as door:
        gone = [door.connect() for _ in range(5)]
        for connection in gone:
            body = json.dumps(api_body()).encode()
            headers = {"content-type": "application/json"}
            connection.request("POST", "/api/v1/submissions", body, headers)
        doors.wait_for_waiting(door, 5)
        for connection in gone:
            connection.close()
        (tmp_path / "go").touch()
        assert [door.api(api_body()).status for _ in range(2)] == [202, 202]
        assert len(door.stored()) == 7


def test_it_leaves_no_worker_behind_when_its_parent_is_killed(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path) as door:
        assert door.process is not None
        (worker,) = doors.workers(door)
        os.kill(door.process.pid, 9)
        door.process.wait()
        deadline = time.monotonic() + doors.CEILING
        while Path(f"/proc/{worker}/stat").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
