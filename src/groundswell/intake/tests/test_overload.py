"""A flood is turned away before it is read; what was taken is stored, and pages are served."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import GOOD, PATH, Intake, api_body

QUEUE = 3
# A disk that takes its time for as long as the file `hold` is there.
SLOW_DISK = """
import os, time
from groundswell.intake import house, journal_files
append = journal_files.SegmentFile.append
def slow(self, **group):
    while os.path.exists({hold!r}):
        time.sleep(0.02)
    append(self, **group)
journal_files.SegmentFile.append = slow
"""
NEVER_OVERRUN = "house.House.is_overrun = False\n"
UNFINISHED = (
    f"POST {PATH} HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\ngiven"
).encode()


@contextmanager
def crowded(folder: Path, guard: str = "") -> Iterator[tuple[Intake, Path, list[int]]]:
    """An intake with as many waiting for the disk as may, what holds them, and their answers."""
    hold = folder / "hold"
    hold.touch()
    program = SLOW_DISK.format(hold=str(hold)) + guard + Intake.program
    answers: list[int] = []
    with site.intake(site.make_folder(folder), program=program, journal_queue=QUEUE) as door:

        def send(number: int) -> None:
            values = {**GOOD, "email": f"a{number}@example.org"}
            answers.append(door.form(values).status)

        threads = site.in_threads(QUEUE, send)
        try:
            site.wait_until(
                lambda: f"groundswell_journal_waiting {QUEUE}" in door.metrics(), seconds=20
            )
            yield door, hold, answers
        finally:
            hold.unlink(missing_ok=True)
            _join(threads)


def _join(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.join(30)


def test_it_turns_a_flood_away_in_each_readers_shape(tmp_path: Path) -> None:
    with crowded(tmp_path) as (door, hold, answers):
        page = door.form(GOOD)
        assert (page.status, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert "error 503 en" in page.text
        script = door.form(GOOD, accept="application/json")
        assert script.json["error"]["message"] == "Very busy, please send it again."
        program = door.api(api_body())
        assert (program.status, program.json["error"]["code"]) == (503, "busy")
        for answer in (page, script, program):
            assert 1 <= int(answer.headers["retry-after"]) <= 5
            assert answer.headers["cache-control"] == "no-store"
        assert program.json["error"]["retry_after"] == int(program.headers["retry-after"])
        assert door.get(PATH).status == 200
        assert door.form(GOOD, path="/en/none/").status == 404
        assert "groundswell_turned_away_total 3" in door.metrics()
        hold.unlink()
        site.wait_until(lambda: len(answers) == QUEUE, seconds=20)
        assert answers == [303] * QUEUE
        assert door.form(GOOD).status == 303
        assert len(door.stored()) == QUEUE + 1


def test_it_asks_not_all_back_at_once(tmp_path: Path) -> None:
    with crowded(tmp_path) as (door, _, _):
        waits = {door.form(GOOD).headers["retry-after"] for _ in range(8)}
        assert len(waits) >= 3


def test_it_turns_away_before_the_body_is_there(tmp_path: Path) -> None:
    with crowded(tmp_path) as (door, _, _):
        assert door.raw(UNFINISHED, wait=20).startswith(b"HTTP/1.1 503 ")


def test_control_without_the_guard_it_would_wait_for_the_body(tmp_path: Path) -> None:
    with crowded(tmp_path, NEVER_OVERRUN) as (door, _, _), pytest.raises(AssertionError):
        assert door.raw(UNFINISHED, wait=2).startswith(b"HTTP/1.1 503 ")
