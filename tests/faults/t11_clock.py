"""T11: the machine's clock jumps, forwards and back, while intake runs and between two starts.

The clock is libfaketime's, under the whole process. Time that only counts on (CLOCK_MONOTONIC) is
left alone, as it is when an operator or NTP sets a real clock.
"""

import random
from pathlib import Path
from typing import Any, Final

from groundswell.base import keyring, wire
from groundswell.intake.journal_reader import JournalReader
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import GOOD, Intake, api_body
from tests.faults.doors import START
from tests.faults.matrix import Control, Fault, Outcome

JUMPS: Final = (-3600, 3600, 1, -1, -86_400, 30 * 86_400, 0)  # seconds from the real time
STARTS: Final = (0, -3600, -86_400, 3600)  # the same where intake is started
AT_A_TIME: Final = 3
A_LIFE: Final = 3  # jumps
_FOLDERS: Final = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib")
LIBRARY: Final = next(
    (found for folder in _FOLDERS for found in Path(folder).glob("faketime/libfaketimeMT.so.1")),
    None,
)
# The guards taken away: a file's number, a network's allowance follow the clock.
NUMBERS: Final = """
import time
from groundswell.intake import journal_files
journal_files.SegmentDisk._next_number = lambda self: int(time.time())
"""
ALLOWANCE: Final = """
import time
from groundswell.intake import limits
limits.Limits.__init__.__kwdefaults__["clock"] = time.time
"""


class Clock:
    """The clock of the processes that are started with `wrapper`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.jump(0)
        self.wrapper = (
            "env",
            f"LD_PRELOAD={LIBRARY}",
            f"FAKETIME_TIMESTAMP_FILE={self._file}",
            "FAKETIME_NO_CACHE=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1",
        )

    def jump(self, seconds: int) -> None:
        """From now on the clock is that far from the real time."""
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{seconds:+d}\n")
        draft.replace(self._file)


class Core:
    """What core does with a journal, but for the rows: a cursor for each file, one of each id."""

    def __init__(self, folder: Path) -> None:
        self._reader = JournalReader(folder / "journal")
        self._keys = keyring.opening_keys(folder / "keys")
        self._cursors: dict[str, int] = {}
        self.found: list[bytes] = []

    def drain(self) -> None:
        """Take what is new, delete what is done."""
        for file in self._reader.files():
            while groups := self._reader.read(file, after=self._cursors.get(file, 0)):
                for group in groups:
                    payload = self._keys.open(group.sealed, info=group.info)
                    for record in wire.decode_group(payload):
                        self._take(wire.decode_submission(record).id)
                self._cursors[file] = groups[-1].seq
            if self._reader.drained(file, after=self._cursors.get(file, 0)):
                self._reader.remove(file)

    def _take(self, submission: bytes) -> None:
        if submission not in self.found:
            self.found.append(submission)


class Visitor:
    """Sends one after the other, and sometimes the same again."""

    def __init__(self, chance: random.Random) -> None:
        self.acked: dict[bytes, dict[str, Any]] = {}
        self.changed = 0
        self._chance = chance

    def send(self, door: Intake) -> None:
        """A few new ones, then one from before with the same key."""
        for _ in range(AT_A_TIME):
            body = api_body()
            answer = door.api(body)
            assert answer.status == 202, answer.text
            self.acked[bytes.fromhex(answer.json["id"])] = body
        known = self._chance.choice([*self.acked])
        self.changed += door.api(self.acked[known]).json.get("id") != known.hex()


def story(folder: Path, cycles: int, seed: int, *, program: str = "") -> Outcome:
    """Jump `cycles` times. What came out of order counts as invented, a new id as duplicated."""
    chance = random.Random(seed)
    site.make_folder(folder)
    clock, core, visitor = Clock(folder), Core(folder), Visitor(chance)
    door = Intake(folder, program=program + START if program else "")
    try:
        for cycle in range(cycles):
            if cycle % A_LIFE == 0:
                clock.jump(STARTS[cycle // A_LIFE % len(STARTS)])
                door.start(wrapper=clock.wrapper)
            else:
                clock.jump(JUMPS[cycle % len(JUMPS)])
            visitor.send(door)
            core.drain()
            visitor.send(door)
            if cycle % A_LIFE == A_LIFE - 1:
                door.kill() if chance.random() < 0.5 else door.stop()
    finally:
        door.close()
    core.drain()
    acked = list(visitor.acked)
    return Outcome(
        cycles,
        len(acked),
        lost=len(set(acked) - set(core.found)),
        duplicated=visitor.changed,
        invented=sum(one != other for one, other in zip(acked, core.found, strict=False)),
    )


def limits(folder: Path, cycles: int, seed: int, *, program: str = "") -> Outcome:
    """A network has used up what it may send; nothing it may send later comes from a jump."""
    site.make_folder(folder)
    clock = Clock(folder)
    settings = {"rate_exempt": "", "rate_burst": 6, "rate_per_second": 0.002}
    door = Intake(folder, program=program + START if program else "", **settings)
    try:
        door.start(wrapper=clock.wrapper)
        taken = 0
        while door.api(api_body(GOOD)).status == 202:
            taken += 1
        more = 0
        for cycle in range(cycles):
            clock.jump(JUMPS[cycle % len(JUMPS)])
            more += sum(door.api(api_body(GOOD)).status == 202 for _ in range(3))
    finally:
        door.close()
    return Outcome(cycles, taken, invented=more)


def _by_the_clock(folder: Path, cycles: int, seed: int) -> Outcome:
    return story(folder, cycles, seed, program=NUMBERS)


def _allowed_by_the_clock(folder: Path, cycles: int, seed: int) -> Outcome:
    return limits(folder, cycles, seed, program=ALLOWANCE)


FAULT: Final = Fault(
    "T11",
    "the clock jumps: files, order, promises",
    9,
    1_000,
    story,
    (Control("numbers by the clock", 6, _by_the_clock),),
)
LIMITS: Final = Fault(
    "T11",
    "the clock jumps: limits",
    3,
    70,
    limits,
    (Control("allowances by the clock", 2, _allowed_by_the_clock),),
)
