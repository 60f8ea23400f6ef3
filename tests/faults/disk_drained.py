"""S1: a reader that deletes what is drained, beside a writer that goes on writing.

Each round a few groups are written, at times a new file is begun, and the reader takes a few: it
is mostly behind, sometimes level. What has been read before its file went is found; nothing else.
"""

import os
import random
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast
from unittest.mock import patch

from groundswell.intake import journal_reader, journal_scan
from groundswell.intake.journal_files import SegmentDisk, System
from groundswell.intake.journal_reader import JournalReader
from tests.faults.matrix import Control, Fault, Outcome

ROUNDS: Final = 12
# No power is cut here, and most of the time would go into waiting for the disk.
UNSYNCED: Final = cast(
    "System", SimpleNamespace(**{**vars(os), "fsync": lambda _: None, "fdatasync": lambda _: None})
)
Place = tuple[str, int]


def story(folder: Path, cycles: int, seed: int) -> Outcome:
    """Write and drain `cycles` journals."""
    outcome = Outcome(0, 0)
    with (
        patch.object(journal_scan, "AHEAD", 8192),
        patch.object(journal_reader, "sync_folder", lambda *_: None),
    ):
        for number in range(cycles):
            outcome += _cycle(folder / "one", random.Random(f"{seed}/{number}"))
            shutil.rmtree(folder / "one")
    return outcome


def _cycle(folder: Path, chance: random.Random) -> Outcome:
    disk, reader = SegmentDisk(folder, system=UNSYNCED), JournalReader(folder)
    file, seq = disk.create(), 0
    written: dict[Place, bytes] = {}
    found: list[tuple[Place, bytes]] = []
    cursors: dict[str, int] = {}
    for _ in range(ROUNDS):
        for _ in range(chance.randrange(5)):
            seq += 1
            sealed = written[file.name, seq] = chance.randbytes(chance.randrange(1, 900))
            file.append(seq=seq, at=1, n=1, tags=b"", sealed=sealed)
        _drain(reader, cursors, found, limit=chance.randrange(1, 4))
        if chance.random() < 0.3:
            old, file, seq = file, disk.create(), 0
            old.close()
    file.close()
    disk.release()
    while reader.files():
        _drain(reader, cursors, found, limit=100)
    taken = dict(found)
    return Outcome(
        1,
        len(written),
        lost=sum(taken.get(place) != sealed for place, sealed in written.items()),
        duplicated=len(found) - len(taken),
        invented=len(taken.keys() - written.keys()),
    )


def _drain(
    reader: JournalReader, cursors: dict[str, int], found: list[tuple[Place, bytes]], *, limit: int
) -> None:
    for file in reader.files():
        for group in reader.read(file, after=cursors.get(file, 0), limit=limit):
            found.append(((file, group.seq), group.sealed))
            cursors[file] = group.seq
        if reader.drained(file, after=cursors.get(file, 0)):
            reader.remove(file)


def _with(name: str, instead: Any) -> Control:
    def run(folder: Path, cycles: int, seed: int) -> Outcome:
        with patch.object(JournalReader, name, instead):
            return story(folder, cycles, seed)

    return Control(f"no look at {name}", 20, run)


def _closed_is_drained(reader: JournalReader, file: str, *, after: int) -> bool:
    return reader.is_closed(file)


FAULT: Final = Fault(
    "S1",
    "files deleted beside their writer",
    150,
    10_000,
    story,
    (_with("is_closed", lambda *_: True), _with("drained", _closed_is_drained)),
)
