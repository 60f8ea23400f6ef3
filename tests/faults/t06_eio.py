"""T6: a call of the journal to the disk fails: every one in turn, once, for a while, or for good.

After a failed sync the simulated disk does as Linux does: it takes the bytes for clean and lets the
next sync succeed. At the end the power goes, so that what was only in memory cannot help.
"""

import contextlib
import errno
import random
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from groundswell.intake.journal_files import DiskFault, SegmentFile
from tests.faults.disk_journal import Visitors, small_steps
from tests.faults.matrix import Control, Fault, Outcome
from tests.faults.simdisk import NEVER, SimDisk

CALLS: Final = 120  # some five files with their groups
LASTS: Final = (1, 2, 7, NEVER)  # calls
ALL: Final = CALLS * len(LASTS)


def story(folder: Path, cycles: int, seed: int) -> Outcome:
    """Let call k fail for each k in turn, `cycles` times."""
    outcome = Outcome(0, 0)
    with small_steps():
        for number in range(cycles):
            first = 1 + number % CALLS
            lasts = LASTS[number // CALLS % len(LASTS)]
            chance = random.Random(f"{seed}/{number}")
            outcome += _cycle(folder, chance, first=first, lasts=lasts)
    return outcome


def _cycle(folder: Path, chance: random.Random, *, first: int, lasts: int) -> Outcome:
    disk = SimDisk(chance)
    visitors = Visitors(folder, disk, chance)
    begin = disk.calls + first

    def fail(_name: str, number: int) -> int:
        if begin <= number < begin + lasts:
            raise OSError(errno.EIO, "broken")
        return NEVER

    disk.before = fail
    visitors.journal.start()
    while disk.calls < begin:
        visitors.send(1)
    visitors.send(5)
    return visitors.outcome(folder, disk)


def _retrying(folder: Path, cycles: int, seed: int) -> Outcome:
    """A sync that failed is tried once more on the same file."""

    def again(self: SimDisk, fd: int) -> None:
        with contextlib.suppress(OSError):
            return fdatasync(self, fd)
        return fdatasync(self, fd)

    fdatasync = SimDisk.fdatasync
    with patch.object(SimDisk, "fdatasync", again):
        return story(folder, cycles, seed)


def _swallowing(folder: Path, cycles: int, seed: int) -> Outcome:
    """A write that failed is taken for a good one."""

    def carelessly(self: SegmentFile, **group: Any) -> None:
        with contextlib.suppress(DiskFault):
            append(self, **group)

    append = SegmentFile.append
    with patch.object(SegmentFile, "append", carelessly):
        return story(folder, cycles, seed)


FAULT: Final = Fault(
    "T6",
    "EIO at the k-th call",
    ALL,
    ALL * 40,
    story,
    (
        Control("a failed sync tried again", ALL, _retrying),
        Control("a failed write taken for a good one", ALL, _swallowing),
    ),
)
