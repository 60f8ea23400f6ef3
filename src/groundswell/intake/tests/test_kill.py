"""kill -9 in the middle, again and again: what was acknowledged is there, once; nothing else."""

import contextlib
import json
import os
import random
import threading
import time
from http.client import HTTPException
from pathlib import Path

import pytest

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import GOOD, Intake, api_body

SLOW_DISK = """
import time
from groundswell.intake import journal, journal_files
from groundswell.base import env
from groundswell.intake import server
write = journal_files.SegmentFile.append
def slowly(self, **group):
    time.sleep(0.1)
    write(self, **group)
journal_files.SegmentFile.append = slowly
"""
RUN = "\nserver.run(env.load())\n"
# The guard taken away: answered as soon as it is handed over.
ACK_EARLY = """
async def at_once(self):
    return None
journal.Entry.wait = at_once
"""


class Crowd:
    """Clients that send until the door is dead, and remember what they were promised."""

    def __init__(self) -> None:
        self.promised: dict[str, str] = {}
        self.sent: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def send_until_dead(self, door: Intake, name: str) -> None:
        headers = {"content-type": "application/json"}
        with contextlib.closing(door.connect(timeout=5)) as connection:
            for number in range(10_000):
                email = f"{name}-{number}@example.org"
                body = json.dumps(api_body({**GOOD, "email": email})).encode()
                with self._lock:
                    self.sent[email] = body
                try:
                    connection.request("POST", "/api/v1/submissions", body, headers)
                    answer = site.Answer(connection.getresponse())
                except (OSError, HTTPException):
                    return
                if answer.status == 202:
                    with self._lock:
                        self.promised[email] = answer.json["id"]


def kill_cycles(folder: Path, cycles: int, *, program: str = "", clients: int = 6) -> Crowd:
    """Start, send from several clients, kill -9 at a random moment; over and over."""
    crowd = Crowd()
    for cycle in range(cycles):
        with site.intake(folder, program=program) as door:

            def work(index: int, door: Intake = door, cycle: int = cycle) -> None:
                crowd.send_until_dead(door, f"c{cycle}-{index}")

            threads = site.in_threads(clients, work)
            time.sleep(random.uniform(0.05, 0.4))
            door.kill()
            for thread in threads:
                thread.join()
    return crowd


@pytest.mark.fault
def test_it_keeps_what_it_acknowledged_through_kill_9(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    crowd = kill_cycles(tmp_path, 18)
    stored = {one.fields["email"]: one.id.hex() for one in site.read_journal(tmp_path)}
    assert len(crowd.promised) > 200
    assert crowd.promised.items() <= stored.items()
    assert stored.keys() <= crowd.sent.keys()
    assert len(site.read_journal(tmp_path)) == len(stored)
    # Whoever got no answer sends the same again; nobody is there twice afterwards.
    lost = [email for email in crowd.sent if email not in crowd.promised]
    with site.intake(tmp_path) as door:
        assert {door.api(crowd.sent[email]).status for email in lost} == {202}
    again = [one.fields["email"] for one in site.read_journal(tmp_path)]
    assert sorted(again) == sorted(crowd.sent)


@pytest.mark.fault
def test_it_keeps_what_it_acknowledged_on_a_slow_disk(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    crowd = kill_cycles(tmp_path, 2, program=SLOW_DISK + RUN)
    stored = {one.fields["email"]: one.id.hex() for one in site.read_journal(tmp_path)}
    assert crowd.promised.items() <= stored.items()


@pytest.mark.fault
def test_control_an_early_answer_loses_submissions(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    crowd = kill_cycles(tmp_path, 2, program=SLOW_DISK + ACK_EARLY + RUN)
    stored = {one.fields["email"]: one.id.hex() for one in site.read_journal(tmp_path)}
    assert not crowd.promised.items() <= stored.items()


@pytest.mark.fault
def test_it_finishes_what_was_handed_over_when_told_to_stop(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path, program=SLOW_DISK + RUN) as door:
        answers: list[site.Answer] = []
        threads = site.in_threads(8, lambda _: answers.append(door.api(api_body())))
        time.sleep(0.05)
        assert door.stop() == 0
        for thread in threads:
            thread.join()
    assert [answer.status for answer in answers] == [202] * 8
    assert {one.id.hex() for one in site.read_journal(tmp_path)} == {a.json["id"] for a in answers}
    assert not list((tmp_path / "journal").glob("*-wal"))


@pytest.mark.fault
def test_it_commits_for_clients_that_hung_up(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path, program=SLOW_DISK + RUN) as door:
        gone = [door.connect() for _ in range(5)]
        for connection in gone:
            body = json.dumps(api_body()).encode()
            headers = {"content-type": "application/json"}
            connection.request("POST", "/api/v1/submissions", body, headers)
        time.sleep(0.02)
        for connection in gone:
            connection.close()
        assert door.api(api_body()).status == 202
        assert door.api(api_body()).status == 202
        assert len(door.stored()) == 7


@pytest.mark.fault
def test_it_leaves_no_worker_behind_when_its_parent_is_killed(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path) as door:
        assert door.process is not None
        children = Path(f"/proc/{door.process.pid}/task/{door.process.pid}/children").read_text()
        (worker,) = children.split()
        os.kill(door.process.pid, 9)
        door.process.wait()
        deadline = time.monotonic() + 5
        while Path(f"/proc/{worker}/stat").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
