"""Core's side of the journal: find files, read groups after a cursor, delete what is drained.

The cursor is (file name, seq). Core keeps it in its own database, in the transaction that stores
the rows, and deletes a file only when `drained` says so. What is damaged is mended where that can
be, named where it cannot, and its file kept.
"""

import fcntl
import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from groundswell.intake import journal_copy, journal_notes, journal_sqlite
from groundswell.intake.journal_files import (
    SUFFIX,
    group_info,
    lock_path,
    parse_name,
    sync_folder,
)
from groundswell.intake.journal_frames import HEAD
from groundswell.intake.journal_scan import Found, Missing, Scan

DAMAGED: Final = "damaged"  # the folder inside the journal's for files that were not as written
_MOST_KEPT: Final = 1 << 20


class Group(msgspec.Struct, frozen=True, array_like=True):
    """One sealed group. Open `sealed` with `info`; it holds `n` records (`wire.decode_group`).

    With `wrong`, it says instead that groups up to `seq` are missing, and `sealed` is what is left.
    """

    file: str
    seq: int
    at: int
    n: int
    sealed: bytes
    wrong: str = ""

    @property
    def info(self) -> bytes:
        """What the seal is bound to."""
        return group_info(self.file, self.seq)


class JournalReader:
    """Reads while intake writes, and after intake was killed. Holds nothing open between calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._places: dict[str, tuple[int, int]] = {}  # by file: a group's seq and where it ends

    def files(self) -> list[str]:
        """Names of all journal files, each worker's in the order they were written."""
        if not self.folder.is_dir():
            return []
        found = [(parse_name(path.name), path.name) for path in self.folder.glob(f"*{SUFFIX}")]
        return [name for place, name in sorted((p, n) for p, n in found if p)]

    def damaged(self) -> list[str]:
        """Names of drained files that were kept, because not all in them was as written."""
        return sorted(path.name for path in (self.folder / DAMAGED).glob(f"*{SUFFIX}"))

    def read(self, file: str, *, after: int, limit: int = 64) -> list[Group]:
        """Groups of a file with `seq` greater than `after`, in order, at most `limit`.

        An empty list means nothing more *at present*; a file that was just made or has gone reads
        as empty too. Raises OSError for a file that cannot be read at all.
        """
        with suppress(FileNotFoundError), Scan.of(self.folder / file) as scan:
            if scan.read(0, len(journal_sqlite.MAGIC)) == journal_sqlite.MAGIC:
                rows = journal_sqlite.rows(self.folder / file, after=after, limit=limit)
                return [Group(file, *row) for row in rows]
            return self._groups(scan, after, limit)
        return []

    def _groups(self, scan: Scan, after: int, limit: int) -> list[Group]:
        known, start = self._places.get(scan.name, (0, 0))
        if known > after or not start:
            known, start = 0, len(HEAD)
        groups: list[Group] = []
        closed, last = partial(self.is_closed, scan.name), self._noted(scan.name) or 0
        for piece in scan.pieces(start, known=known, after=after, closed=closed, last=last):
            if isinstance(piece, Found) and not piece.head.n:
                break
            groups.append(_group(scan, piece))
            if isinstance(piece, Found):
                self._places[scan.name] = (piece.head.seq, piece.end)
            if len(groups) >= limit:
                break
        return groups

    def is_closed(self, file: str) -> bool:
        """Whether no writer will ever add to this file."""
        place = parse_name(file)
        if place is None or journal_copy.is_growing(self.folder / file):
            return False
        if self._noted(file) is not None:
            return True
        worker, number = place
        places = [parse_name(name) for name in self.files()]
        if any(other and other[0] == worker and other[1] > number for other in places):
            return True
        return not is_locked(lock_path(self.folder, worker))

    def _noted(self, file: str) -> int | None:
        """The last group of a file its writer is done with, where that was noted."""
        place = parse_name(file)
        return journal_notes.look(lock_path(self.folder, place[0]), place[1]) if place else None

    def drained(self, file: str, *, after: int) -> bool:
        """Whether the file is closed and holds nothing after `after`, so that it may go."""
        # In this order: a group may still be added between a look at the rows and one at the lock.
        return self.is_closed(file) and not self.read(file, after=after, limit=1)

    def remove(self, file: str) -> None:
        """Delete a drained file, or keep it aside if it is not as it was written.

        A crash in the middle leaves a file that reads as drained.
        """
        path = self.folder / file
        with suppress(FileNotFoundError):
            if _is_as_written(path, self._noted(file) or 0):
                for part in journal_sqlite.PARTS:
                    Path(f"{path}{part}").unlink(missing_ok=True)
                path.unlink()
            else:
                aside = self.folder / DAMAGED
                aside.mkdir(exist_ok=True)
                path.rename(aside / file)
                sync_folder(aside)
        sync_folder(self.folder)
        self._places.pop(file, None)


def _group(scan: Scan, piece: Found | Missing) -> Group:
    if isinstance(piece, Found):
        head = piece.head
        return Group(scan.name, head.seq, head.at, head.n, piece.sealed)
    which = f"group {piece.first}" + (f" to {piece.last}" if piece.last > piece.first else "")
    which += ", and any behind it," if piece.at_end else ""
    if piece.start == piece.end:
        where = f"should be at byte {piece.start} of {DAMAGED}/{scan.name}"
        return Group(scan.name, piece.last, 0, 0, b"", f"{which} is gone: {where}")
    where = f"bytes {piece.start} to {piece.end} of {DAMAGED}/{scan.name}"
    left = scan.read(piece.start, min(piece.end - piece.start, _MOST_KEPT))
    return Group(scan.name, piece.last, 0, 0, left, f"{which} is damaged: {where}")


def _is_as_written(path: Path, last: int) -> bool:
    with Scan.of(path) as scan:
        old = scan.read(0, len(journal_sqlite.MAGIC)) == journal_sqlite.MAGIC
        return old or scan.is_as_written(last)


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock of a file; False where there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY)  # intake may be another account
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
