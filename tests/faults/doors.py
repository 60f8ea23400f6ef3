"""A real intake to be hurt: its worker found, killed alone or with all of it, and started again."""

import os
import signal
import time
from pathlib import Path
from typing import Final

from groundswell.base.wire import Submission
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import Intake

CEILING: Final = 40.0
RUN: Final = "\nfrom groundswell.base import env\nfrom groundswell.intake import server\n"
START: Final = f"{RUN}server.run(env.load())\n"
# Each commit takes so long that something is always on its way to the disk.
SLOW_DISK: Final = """
import time
from groundswell.intake import journal, journal_files
write = journal_files.SegmentFile.append
def slowly(self, **group):
    time.sleep(0.05)
    write(self, **group)
journal_files.SegmentFile.append = slowly
"""
# No commit begins before the file `go` is there, so a test knows what has not happened yet.
HELD_DISK: Final = """
import time
from groundswell.base import env
from groundswell.intake import journal_files
write = journal_files.SegmentFile.append
def when_told(self, **group):
    while not env.load().path("go").exists():
        time.sleep(0.01)
    write(self, **group)
journal_files.SegmentFile.append = when_told
"""
# The guard taken away: answered as soon as it is handed over.
ACK_EARLY: Final = """
import asyncio
from groundswell.intake import journal
def at_once(self, *args):
    waiter = asyncio.get_running_loop().create_future()
    waiter.set_result(None)
    return waiter
journal.Entry.wait = at_once
"""


def workers(door: Intake) -> list[int]:
    """The process ids of an intake's workers."""
    assert door.process is not None
    pid = door.process.pid
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(child) for child in listed.split()]


def kill_worker(door: Intake) -> None:
    """What the kernel does when memory runs out: SIGKILL for one worker. Returns when it is back.

    The parent starts another; when it dies again within seconds, the parent gives up, and then what
    watches over intake starts that anew, as we do here.
    """
    worker = workers(door)[0]
    os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + CEILING
    while True:
        assert door.process is not None
        if door.process.poll() is not None:
            door.start()
            return
        if workers(door) not in ([], [worker]) and answers(door):
            return
        assert time.monotonic() < deadline, "the worker was not started again"
        time.sleep(0.01)


def kill_all(door: Intake) -> None:
    """SIGKILL for all of it at once, and a new start."""
    door.kill()
    door.start()


def answers(door: Intake) -> bool:
    """Whether it can be reached."""
    try:
        door.get("/healthz")
    except OSError:
        return False
    return True


def wait_for_waiting(door: Intake, number: int) -> None:
    """Return once so many submissions were handed over and wait for the disk."""
    site.wait_until(
        lambda: f"groundswell_journal_waiting {number}\n" in door.metrics(), seconds=CEILING
    )


def take_out(folder: Path) -> list[Submission]:
    """All that is in the journal, which is empty then, as after a drain. Nobody may be writing."""
    found = site.read_journal(folder)
    for path in (folder / "journal").glob("*.journal*"):
        path.unlink()
    return found
