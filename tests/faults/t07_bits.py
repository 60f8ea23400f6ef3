"""T7: bits flip in journal files, in open ones and closed ones, before core has drained them.

`story` flips one bit a cycle and wants every group back: a single bit can be mended. `bursts`
spoils a stretch of bytes and wants all groups that it did not touch, and each that it did to be
named as missing. In both nothing goes in silence: `lost` is what is neither read nor named, and
what no alarm would tell of.
"""

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final
from unittest.mock import patch

from groundswell.base import sealing
from groundswell.intake import journal_reader, journal_scan
from groundswell.intake.journal_files import SegmentDisk, group_info
from groundswell.intake.journal_frames import FRAME_HEAD
from groundswell.intake.journal_reader import DAMAGED, Group, JournalReader
from groundswell.intake.journal_scan import Scan
from tests.faults.matrix import Control, Fault, Outcome

KEY: Final = sealing.OpeningKey.generate()
GROUPS: Final = 24


class Written:
    """A journal file, what is in it, and where."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        key = sealing.SealingKey(KEY.public)
        disk = SegmentDisk(folder)
        with patch.object(journal_scan, "AHEAD", 1 << 16):
            file = disk.create()
        self.name = file.name
        self.path = folder / file.name
        self.groups: dict[int, bytes] = {}
        for seq in range(1, GROUPS + 1):
            payload = chance.randbytes(chance.randrange(1, 3000))
            sealed = key.seal(payload, info=group_info(file.name, seq))
            self.groups[seq] = sealed
            file.append(seq=seq, at=seq, n=1, tags=chance.randbytes(32), sealed=sealed)
        if chance.random() < 0.5:
            file.close()
        else:
            file.abandon()  # as after kill -9
        disk.release()
        with Scan.of(self.path) as scan:
            self.ends = {found.head.seq: found.end for found in scan.good()}
            self.starts = {found.head.seq: found.end - found.head.size for found in scan.good()}
        self.end = self.ends[GROUPS] + FRAME_HEAD  # of all that means something

    def touched(self, start: int, end: int) -> set[int]:
        """The groups whose frames hold one of these bytes."""
        return {s for s in self.groups if self.starts[s] < end and start < self.ends[s]}


def one_bit(chance: random.Random, data: bytearray, written: Written) -> tuple[int, int]:
    """Flip one bit."""
    at = chance.randrange(min(written.end, len(data)))
    data[at] ^= 1 << chance.randrange(8)
    return at, at


def stretch(chance: random.Random, data: bytearray, written: Written) -> tuple[int, int]:
    """Spoil up to four sectors: with noise, with something from elsewhere or with zeros.

    No zeros at the end of the last group: that is what a crash leaves of a group that was never
    acknowledged, and nobody can tell the one from the other.
    """
    end = min(written.end, len(data))
    start = chance.randrange(end)
    stop = min(end, start + chance.randrange(2, 1600))
    kind = chance.randrange(3)
    if kind == 0 or stop > written.starts[GROUPS]:
        data[start:stop] = chance.randbytes(stop - start)
    elif kind == 1:
        data[start:stop] = bytes(stop - start)
    else:
        elsewhere = chance.randrange(end - (stop - start))
        data[start:stop] = data[elsewhere : elsewhere + stop - start]
    return start, stop


Harm = Callable[[random.Random, bytearray, Written], tuple[int, int]]


def story(folder: Path, cycles: int, seed: int, harm: Harm = one_bit) -> Outcome:
    """Spoil a file `cycles` times and read it again each time."""
    outcome = Outcome(0, 0)
    written: Written | None = None
    with patch.object(journal_reader, "sync_folder", lambda _: None):  # no power is cut here
        for number in range(cycles):
            chance = random.Random(f"{seed}/{number}")
            if written is None or number % 50 == 0:
                shutil.rmtree(folder, ignore_errors=True)
                written = Written(folder, chance)
                whole = written.path.read_bytes()
            spoilt = bytearray(whole)
            where = harm(chance, spoilt, written)
            written.path.write_bytes(spoilt)
            outcome += _judge(folder, written, where, changed=bytes(spoilt) != whole)
    return outcome


def bursts(folder: Path, cycles: int, seed: int) -> Outcome:
    """The same with longer damage."""
    return story(folder, cycles, seed, harm=stretch)


def _judge(folder: Path, written: Written, where: tuple[int, int], *, changed: bool) -> Outcome:
    reader = JournalReader(folder)
    read: set[int] = set()
    named: set[int] = set()
    wrong = 0
    for group in _all(reader, written.name):
        if group.wrong or not _opens(group, written):
            last = GROUPS if "any behind it" in group.wrong else group.seq
            named |= set(range(max(read, default=0) + 1, last + 1))
        else:
            read.add(group.seq)
            wrong += group.sealed != written.groups.get(group.seq)
    may_go = written.touched(*where) if where[1] > where[0] else set()
    silent = sum(seq not in read and seq not in named for seq in written.groups)
    too_many = sum(seq not in read and seq not in may_go for seq in written.groups)
    reader.remove(written.name)
    unseen = changed and not reader.damaged()  # no alarm would tell of it
    (folder / DAMAGED / written.name).unlink(missing_ok=True)
    lost = silent + too_many + unseen
    return Outcome(1, GROUPS, lost=lost, invented=wrong)


def _all(reader: JournalReader, file: str) -> list[Group]:
    """Everything, a few groups at a time as core does."""
    groups: list[Group] = []
    while more := reader.read(file, after=groups[-1].seq if groups else 0, limit=7):
        groups += more
    return groups


def _opens(group: Group, written: Written) -> bool:
    if group.sealed == written.groups.get(group.seq):
        return True  # opening them all would take most of the time
    try:
        KEY.open(group.sealed, info=group.info)
    except sealing.CannotOpen:
        return False
    return True


def _unmended(folder: Path, cycles: int, seed: int) -> Outcome:
    with patch.object(Scan, "_mended", lambda *_: None):
        return story(folder, cycles, seed)


def _stopping(folder: Path, cycles: int, seed: int) -> Outcome:
    """As SQLite does with its WAL: what comes after something wrong was never written."""
    with patch.object(Scan, "_look_again", lambda *_: None):
        return story(folder, cycles, seed)


FAULT: Final = Fault(
    "T7",
    "a flipped bit in a journal file",
    2000,
    50_000,
    story,
    (Control("no mending", 100, _unmended), Control("no look behind damage", 100, _stopping)),
)
BURSTS: Final = Fault(
    "T7",
    "a spoilt stretch of a journal file",
    400,
    20_000,
    bursts,
)
