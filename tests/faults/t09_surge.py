"""T9: from two people a second to two thousand within a second, and what pages do meanwhile."""

import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Self

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import Intake
from tests.faults.crowd import Crowd, compare, percentile
from tests.faults.doors import SLOW_DISK, START
from tests.faults.matrix import Control, Fault, Outcome

QUIET, SURGE = 2.0, 2000.0
QUIET_SECONDS: Final = 1.0
PEOPLE: Final = 256
NARROW: Final = {"journal_queue": 64}
# The guard taken away: what there is no room for is thrown away, and acknowledged.
SILENT: Final = """
from groundswell.base.errors import Busy
from groundswell.intake import house, journal
house.House.is_overrun = False
put = journal.Journal.put
def silently(self, entry):
    try:
        put(self, entry)
    except Busy:
        entry.stored = True
journal.Journal.put = silently
"""


class Reader:
    """An ordinary visitor who opens the page again and again, and notes what that was like."""

    def __init__(self, door: Intake) -> None:
        self._door = door
        self._gone = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self.statuses: list[int] = []
        self.taken_ms: list[float] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._gone.set()
        self._thread.join(60)

    @property
    def unanswered(self) -> int:
        """How often there was no page."""
        return sum(status != 200 for status in self.statuses)

    def _read(self) -> None:
        while not self._gone.wait(0.02):
            began = time.monotonic()
            try:
                status = self._door.get(site.PATH).status
            except OSError:
                status = 0
            self.statuses.append(status)
            self.taken_ms.append((time.monotonic() - began) * 1000)


def story(folder: Path, cycles: int, seed: int, *, slow: bool = False, guard: str = "") -> Outcome:
    """`cycles` seconds of it. Whoever gets a 503 goes away; what was promised is in the journal."""
    site.make_folder(folder)
    program = (SLOW_DISK if slow else "") + guard + START
    settings = NARROW if slow else {}
    with ExitStack() as stack:
        door = stack.enter_context(site.intake(folder, program=program, **settings))
        reader = stack.enter_context(Reader(door))
        crowd = Crowd(door.port, lanes=PEOPLE, seed=seed, rate=rate, stay=False)
        with crowd:
            time.sleep(QUIET_SECONDS + cycles)
    assert not crowd.wrong, crowd.wrong[:3]
    refused = sum(visit.refused for visit in crowd.visits.values())
    assert refused or guard or not slow, "it was not too much"
    assert reader.statuses, "nobody opened a page"
    outcome = compare(crowd.visits.values(), site.read_journal(folder), cycles)
    note = (
        f"{len(crowd.visits):,} came, {refused:,} got 503;"
        f" p99 {percentile(crowd.taken_ms):.0f} ms, of 503 {percentile(crowd.refused_ms):.0f} ms,"
        f" of pages {percentile(reader.taken_ms):.0f} ms"
    )
    # A page that was not answered is a visitor lost.
    return outcome._replace(note=note, lost=outcome.lost + reader.unanswered)


def rate(seconds: float) -> float:
    """How many come a second."""
    return QUIET if seconds < QUIET_SECONDS else SURGE


def too_much(folder: Path, cycles: int, seed: int) -> Outcome:
    """With a disk that cannot keep up, so that most must be turned away."""
    return story(folder, cycles, seed, slow=True)


def silent_drop(folder: Path, cycles: int, seed: int) -> Outcome:
    """The control: no room, and a friendly word all the same."""
    return story(folder, cycles, seed, slow=True, guard=SILENT)


FAULT: Final = Fault("T9", "surge from 2/s to 2,000/s, seconds", short=5, long=600, run=story)
TOO_MUCH: Final = Fault(
    "T9",
    "surge over a disk that cannot keep up, seconds",
    short=3,
    long=60,
    run=too_much,
    controls=(Control("503 before anything is written", 2, silent_drop),),
)
