"""T13: processes that stop, that are killed for their memory, that have no descriptors left."""

import os
import random
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import Intake
from tests.faults import doors
from tests.faults.crowd import Crowd, compare
from tests.faults.doors import START
from tests.faults.matrix import Control, Fault, Outcome
from tests.faults.stores import Drains, Store, core, wait_until_drained
from tests.support import postgres

PEOPLE: Final = 8
PAUSE: Final = 2.0
FILES: Final = 104
# Few descriptors, and journal files so small that a new one is needed all the time.
FEW: Final = f"""
import resource
from groundswell.intake import journal
resource.setrlimit(resource.RLIMIT_NOFILE, ({FILES}, {FILES}))
journal.MAX_FILE_BYTES = 20_000
journal.CHECK_SECONDS = 0.1
"""
# The guards taken away: connections take what the journal needs, the old file goes before there is
# a new one, and there is no word about it.
CARELESS: Final = """
from groundswell.intake import journal, server
server._connections = lambda files: 16_384
store = journal.Journal._store
def carelessly(self, group):
    store(self, group)
    self._fault = ""
    return True
journal.Journal._store = carelessly
rotate = journal.Journal._rotate
def hastily(self, old):
    old.close()
    self._file = None
    self._recover()
    self._fault = ""
journal.Journal._rotate = hastily
"""


def story(folder: Path, cycles: int, seed: int, *, pause: float = PAUSE) -> Outcome:
    """Intake, core and PostgreSQL in turn stop for a while, and a worker is killed; all goes on."""
    site.make_folder(folder)
    chance = random.Random(seed)
    with ExitStack() as stack:
        server = stack.enter_context(postgres.server())
        store = Store(folder, server.url)
        with Drains(store) as drains:
            assert drains.run(make=True) == 0
        door = stack.enter_context(site.intake(folder))
        draining = stack.enter_context(core(store))
        crowd = Crowd(door.port, lanes=PEOPLE, seed=seed, rate=lambda _: 200.0)
        faults: list[Callable[[], None]] = [
            lambda: _pause(doors.workers(door), pause),
            lambda: _pause([draining.pid], pause),
            lambda: _pause(server.tree(), pause),
            lambda: doors.kill_worker(door),
        ]
        with crowd:
            for cycle in range(cycles):
                crowd.wait_for(crowd.statuses[202] + chance.randrange(1, 60))
                faults[cycle % len(faults)]()
        assert not crowd.wrong, crowd.wrong[:3]
        door.stop()
        wait_until_drained(store)
        return store.judge(crowd.promised.values(), cycles)


def stopped_longer(folder: Path, cycles: int, seed: int) -> Outcome:
    """As long as nobody's patience is made for."""
    return story(folder, cycles, seed, pause=30.0)


def _pause(pids: list[int], seconds: float) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # a server's helpers come and go
            os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def no_descriptors(folder: Path, cycles: int, seed: int, *, guard: str = "") -> Outcome:
    """Idle connections take every descriptor; those who are connected go on; then all may again."""
    site.make_folder(folder)
    with site.intake(folder, program=FEW + guard + START) as door:
        crowd = Crowd(door.port, lanes=PEOPLE, seed=seed)
        with crowd:
            for _ in range(cycles):
                crowd.wait_for(crowd.statuses[202] + 100)
                with _idle_connections(door, 2 * FILES):
                    _go_on(crowd, 500)
                site.wait_until(lambda: doors.answers(door), seconds=doors.CEILING)
        assert not crowd.wrong, crowd.wrong[:3]
        files = len(list((folder / "journal").glob("*.journal")))
        door.stop()
        outcome = compare(crowd.visits.values(), site.read_journal(folder), cycles)
    assert files > cycles, "it never needed a new file"
    return outcome._replace(note=f"{crowd.statuses[503]:,} got 503")


def _go_on(crowd: Crowd, answers: int) -> None:
    """Until so many more were answered, whatever the answer."""
    before = crowd.statuses.total()
    site.wait_until(lambda: crowd.statuses.total() >= before + answers, seconds=doors.CEILING)


@contextmanager
def _idle_connections(door: Intake, number: int) -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(number):
            link = stack.enter_context(socket.socket())
            link.setblocking(False)
            with suppress(BlockingIOError):
                link.connect(("127.0.0.1", door.port))
        yield


def careless(folder: Path, cycles: int, seed: int) -> Outcome:
    """The control: the old file is let go of before there is a new one, and nobody asks."""
    return no_descriptors(folder, cycles, seed, guard=CARELESS)


STOPPED: Final = Fault(
    "T13", "SIGSTOP of intake, core and PostgreSQL, and a killed worker", 4, 100, story
)
STOPPED_LONGER: Final = Fault("T13", "the same for 30 seconds each", 1, 6, stopped_longer)
NO_DESCRIPTORS: Final = Fault(
    "T13",
    "no file descriptors left",
    short=2,
    long=100,
    run=no_descriptors,
    controls=(Control("room for the journal's files", 1, careless),),
)
