"""Core's side of the journal: find files, read groups after a cursor, delete what is drained.

The cursor is (file name, seq). Core keeps it in its own database, in the transaction that stores
the rows, and deletes a file only when `drained` says so.
"""

import fcntl
import os
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import apsw
import msgspec

from groundswell.intake.journal_files import (
    SUFFIX,
    group_info,
    lock_path,
    parse_name,
    sync_folder,
)

_WAIT_MS: Final = 5_000


class Group(msgspec.Struct, frozen=True, array_like=True):
    """One sealed group. Open `sealed` with `info`; it holds `n` records (`wire.decode_group`)."""

    file: str
    seq: int
    at: int
    n: int
    sealed: bytes

    @property
    def info(self) -> bytes:
        """What the seal is bound to."""
        return group_info(self.file, self.seq)


class JournalReader:
    """Reads while intake writes, and after intake was killed. Holds nothing open between calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> list[str]:
        """Names of all journal files, each worker's in the order they were written."""
        if not self.folder.is_dir():
            return []
        found = [(parse_name(path.name), path.name) for path in self.folder.glob(f"*{SUFFIX}")]
        return [name for place, name in sorted((p, n) for p, n in found if p)]

    def read(self, file: str, *, after: int, limit: int = 64) -> list[Group]:
        """Groups of a file with `seq` greater than `after`, in order, at most `limit`.

        An empty list means nothing more *at present*; a file that was just made or has gone reads
        as empty too. Raises apsw.Error for a file that is damaged.
        """
        query = "SELECT seq, at, n, sealed FROM groups WHERE seq > ? ORDER BY seq LIMIT ?"
        try:
            connection = apsw.Connection(str(self.folder / file), flags=apsw.SQLITE_OPEN_READWRITE)
        except apsw.CantOpenError:
            return []
        with closing(connection):
            connection.set_busy_timeout(_WAIT_MS)
            if not connection.pragma("schema_version"):
                return []
            rows = list(connection.execute(query, (after, limit)))
        return [msgspec.convert((file, *row), Group) for row in rows]

    def is_closed(self, file: str) -> bool:
        """Whether no writer will ever add to this file."""
        place = parse_name(file)
        if place is None:
            return False
        worker, number = place
        places = [parse_name(name) for name in self.files()]
        if any(other and other[0] == worker and other[1] > number for other in places):
            return True
        return not _is_locked(lock_path(self.folder, worker))

    def drained(self, file: str, *, after: int) -> bool:
        """Whether the file is closed and holds nothing after `after`, so that it may go."""
        # In this order: a group may still be added between a look at the rows and one at the lock.
        return self.is_closed(file) and not self.read(file, after=after, limit=1)

    def remove(self, file: str) -> None:
        """Delete a drained file. A crash in the middle leaves a file that reads as drained."""
        path = self.folder / file
        for part in (Path(f"{path}-wal"), Path(f"{path}-shm"), path):
            with suppress(FileNotFoundError):
                part.unlink()
        sync_folder(self.folder)


def _is_locked(path: Path) -> bool:
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
