"""T4: the power goes, at any call, on a disk that keeps what was synced and draws lots on the rest.

`story` writes through the real SegmentDisk, for up to three lives of the writer, each ended by a
power cut; `whole` does so through the whole Journal with its thread. Both read what is left with
the real reader and want every group whose `append` had returned.
"""

import contextlib
import random
import shutil
from collections.abc import Iterator
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from typing import Final
from unittest.mock import patch

from groundswell.intake import journal_files, journal_scan
from groundswell.intake.journal import Entry, Journal
from groundswell.intake.journal_files import SUFFIX, DiskFault, SegmentDisk, SegmentFile
from groundswell.intake.journal_reader import JournalReader
from tests.faults.disk_journal import Visitors, small_steps
from tests.faults.matrix import Control, Fault, Outcome
from tests.faults.simdisk import SimDisk

GROUPS: Final = 12
_SHARE: Final = 500  # cycles that a process takes at a time
Place = tuple[str, int]


def story(folder: Path, cycles: int, seed: int, *, guard_off: str = "") -> Outcome:
    """Cut the power `cycles` times, with accidents drawn from `seed`."""
    with _without(guard_off):
        outcome = Outcome(0, 0)
        for number in range(cycles):
            outcome += _cycle(folder, random.Random(f"{seed}/{number}"), guard_off == "early ack")
        return outcome


def spread(folder: Path, cycles: int, seed: int) -> Outcome:
    """The same over all processors."""
    starts = range(0, cycles, _SHARE)
    jobs = [(folder / f"{at}", min(_SHARE, cycles - at), seed + at) for at in starts]
    outcome = Outcome(0, 0)
    with get_context("spawn").Pool(cpu_count()) as pool:
        for one in pool.imap_unordered(_job, jobs):
            outcome += one
    return outcome


def _job(job: tuple[Path, int, int]) -> Outcome:
    folder, cycles, seed = job
    folder.mkdir()
    return story(folder, cycles, seed)


def _cycle(folder: Path, chance: random.Random, early: bool) -> Outcome:
    disk = SimDisk(chance)
    acked: dict[Place, bytes] = {}
    tried: dict[Place, bytes] = {}
    found: dict[Place, bytes] = {}
    again = 0
    for _ in range(chance.randrange(1, 4)):
        # A life has about 4 calls for each group; sometimes it ends before the first one.
        disk.cut_at = chance.randrange(1, 4 * GROUPS)
        again += _live(folder, disk, chance, acked=acked, tried=tried, early=early)
        disk.power_on()
        if chance.random() < 0.5:
            found |= _read(folder, disk)
            disk.forget(SUFFIX)  # as core does when it has drained them
    found |= _read(folder, disk)
    lost = sum(found.get(place) != sealed for place, sealed in acked.items())
    invented = sum(tried.get(place) != sealed for place, sealed in found.items())
    return Outcome(1, len(acked), lost=lost, duplicated=again, invented=invented)


def _live(
    folder: Path,
    system: SimDisk,
    chance: random.Random,
    *,
    acked: dict[Place, bytes],
    tried: dict[Place, bytes],
    early: bool,
) -> int:
    """Write until the power goes; returns how many file names came a second time."""
    again, seen = 0, {name for name, _ in tried}
    with contextlib.suppress(DiskFault, OSError):
        disk = SegmentDisk(folder, system=system)
        while True:
            file = disk.create()
            again += file.name in seen
            seen.add(file.name)
            for seq in range(1, chance.randrange(2, GROUPS)):
                _append(file, seq, chance, acked=acked, tried=tried, early=early)
            if chance.random() < 0.8:
                file.close()
            else:
                file.abandon()
    return again


def _append(
    file: SegmentFile,
    seq: int,
    chance: random.Random,
    *,
    acked: dict[Place, bytes],
    tried: dict[Place, bytes],
    early: bool,
) -> None:
    sealed = chance.randbytes(int(chance.paretovariate(0.7) * 40) % 6000 + 1)
    place = file.name, seq
    tried[place] = sealed
    if early:
        acked[place] = sealed
    file.append(seq=seq, at=seq, n=1, tags=b"t" * chance.randrange(99), sealed=sealed)
    acked[place] = sealed


def _read(folder: Path, disk: SimDisk) -> dict[Place, bytes]:
    """All groups, as core would find them after the last cut."""
    there = folder / "after"
    there.mkdir()
    disk.copy_to(there)
    reader = JournalReader(there)
    # Said to be missing for sure: a false alarm, whether or not that group was ever written.
    found = {
        (group.file, group.seq): b"" if group.wrong else group.sealed
        for file in reader.files()
        for group in reader.read(file, after=0, limit=10_000)
        if "any behind it" not in group.wrong
    }
    shutil.rmtree(there)
    return found


@contextlib.contextmanager
def _without(guard: str) -> Iterator[None]:
    """A small room ahead, so that files grow often; and one guard taken away."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.object(journal_scan, "AHEAD", 8192))
        if guard == "fsync":
            stack.enter_context(patch.object(SimDisk, "fdatasync", lambda *_: None))
        elif guard == "folder sync":
            stack.enter_context(patch.object(journal_files, "sync_folder", lambda *_: None))
        elif guard == "number sync":
            stack.enter_context(patch.object(SimDisk, "fsync", SimDisk.sync_folders_only))
        yield


def _control(guard: str) -> Control:
    def run(folder: Path, cycles: int, seed: int) -> Outcome:
        return story(folder, cycles, seed, guard_off=guard)

    return Control(guard, 300, run)


def whole(folder: Path, cycles: int, seed: int) -> Outcome:
    """The same through the whole Journal: what counts is what it said to those who waited."""
    outcome = Outcome(0, 0)
    with small_steps():
        for number in range(cycles):
            chance = random.Random(f"{seed}/{number}")
            disk = SimDisk(chance)
            visitors = Visitors(folder, disk, chance)
            disk.cut_at = disk.calls + chance.randrange(1, 120)
            visitors.journal.start()
            visitors.send(30)
            outcome += visitors.outcome(folder, disk)
    return outcome


def _early(folder: Path, cycles: int, seed: int) -> Outcome:
    def tell_first(self: Journal, group: list[Entry]) -> bool:
        for entry in group:
            self._settled(entry, True)
        return store(self, group)

    store = Journal._store
    with patch.object(Journal, "_store", tell_first):
        return whole(folder, cycles, seed)


FAULT: Final = Fault(
    "T4",
    "power loss, on a simulated disk",
    5_000,
    500_000,
    spread,
    tuple(_control(guard) for guard in ("fsync", "folder sync", "number sync", "early ack")),
)
WHOLE: Final = Fault(
    "T4",
    "power loss under the whole Journal",
    400,
    20_000,
    whole,
    (Control("early ack", 100, _early),),
)
