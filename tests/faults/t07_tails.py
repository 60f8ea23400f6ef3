"""T7: a journal file loses its tail before core has drained it: cut off, or zeros instead.

What is left of a file is good then, and ends as one does whose writer was killed. So this wants
each group that is gone to be named, the file to be kept, and no alarm for a file that only was left
by a killed writer. `lost` is what is neither read nor named; `invented` are false alarms.

A file whose writer was killed, with none after it in its place, is only ever cut here: zeros
instead of its last groups are what it would have had there before it wrote them.
"""

import os
import random
import shutil
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from groundswell.intake import journal_frames as frames
from groundswell.intake import journal_notes
from groundswell.intake.journal_files import SegmentDisk, SegmentFile
from groundswell.intake.journal_reader import JournalReader
from groundswell.intake.journal_scan import Scan
from tests.faults.disk_drained import UNSYNCED
from tests.faults.matrix import Control, Fault, Outcome

GROUPS: Final = 8
HARMS: Final = ("none", "cut", "zeros")
ENDINGS: Final = ("closed", "given up", "killed", "killed and begun again")


def story(folder: Path, cycles: int, seed: int) -> Outcome:
    """Take the tail off `cycles` files, each ended in one of four ways."""
    outcome = Outcome(0, 0)
    with patch("groundswell.intake.journal_reader.sync_folder", lambda *_: None):
        for number in range(cycles):
            chance = random.Random(f"{seed}/{number}")
            outcome += _cycle(folder / "one", chance, ENDINGS[number % len(ENDINGS)])
            shutil.rmtree(folder / "one")
    return outcome


def _cycle(folder: Path, chance: random.Random, ending: str) -> Outcome:
    disk = SegmentDisk(folder, system=UNSYNCED)
    file = disk.create()
    for seq in range(1, GROUPS + 1):
        sealed = chance.randbytes(chance.randrange(1, 3000))
        file.append(seq=seq, at=seq, n=1, tags=b"", sealed=sealed)
    path, end = folder / file.name, file.size()
    _end(file, ending, chance)
    disk.release()
    if ending == "killed and begun again":
        SegmentDisk(folder, system=UNSYNCED).release()
    harm = chance.choice(HARMS[:2] if ending == "killed" else HARMS)
    _spoil(path, chance.randrange(len(frames.HEAD) + 1, end), harm)
    return _judge(JournalReader(folder), file.name, harmed=harm != "none")


def _end(file: SegmentFile, ending: str, chance: random.Random) -> None:
    if ending == "closed":
        file.close()
        return
    if chance.random() < 0.5:
        more = frames.encode(file.name, seq=GROUPS + 1, at=1, n=1, tags=b"", sealed=b"x" * 900)
        file._write(more[: chance.randrange(1, 900)])
    if ending == "given up":
        file.abandon()
    else:
        os.close(file._descriptor)


def _spoil(path: Path, at: int, harm: str) -> None:
    size = path.stat().st_size
    if harm != "none":
        os.truncate(path, at)
    if harm == "zeros":
        os.truncate(path, size)


def _judge(reader: JournalReader, file: str, *, harmed: bool) -> Outcome:
    read: set[int] = set()
    named: set[int] = set()
    after = 0
    while groups := reader.read(file, after=after, limit=3):
        for group in groups:
            last = GROUPS if "any behind it" in group.wrong else group.seq
            (named if group.wrong else read).update(range(after + 1, last + 1))
            after = group.seq
    assert reader.drained(file, after=after)
    reader.remove(file)
    kept = bool(reader.damaged())
    lost = sum(seq not in read | named for seq in range(1, GROUPS + 1))
    false = len(named) + kept if not harmed else len(named & read)
    return Outcome(1, GROUPS, lost=lost + (harmed and not kept), invented=false)


def _with(guard: str, target: Any, name: str, instead: Any) -> Control:
    def run(folder: Path, cycles: int, seed: int) -> Outcome:
        with patch.object(target, name, instead):
            return story(folder, cycles, seed)

    return Control(guard, 40, run)


FAULT: Final = Fault(
    "T7",
    "a journal file without its tail",
    300,
    20_000,
    story,
    (
        _with("no look at the notes", journal_notes, "look", lambda *_: None),
        _with("no look at the length", Scan, "_is_cut_off", lambda *_: False),
        _with("no look at what was left", SegmentDisk, "_note_what_was_left", lambda _: None),
    ),
)
