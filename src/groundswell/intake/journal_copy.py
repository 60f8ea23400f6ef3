"""A journal file of another machine, copied group by group into core's own journal folder.

The copy has the original's name, for that is what its groups are sealed to. It is marked, in the
file itself, as not complete until its end is known: nobody may take it for drained before.
"""

import os
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import apsw

from groundswell.intake.journal_files import APPLICATION_ID, SCHEMA, sync_folder

Row = tuple[int, int, int, bytes]  # seq, at, n, sealed

# In SQLite's user_version; intake's own files have 0 there.
_GROWING: Final = 1
_COMPLETE: Final = 2
_WAIT_MS: Final = 5_000
_READ_WRITE: Final = apsw.SQLITE_OPEN_READWRITE


def begin(path: Path) -> None:
    """Make an empty copy, marked as growing. It has its name only once it is whole."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with closing(apsw.Connection(str(draft))) as connection:
        for statement in (
            f"PRAGMA application_id={APPLICATION_ID}",
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            f"PRAGMA user_version={_GROWING}",
            SCHEMA,
        ):
            connection.execute(statement)
    descriptor = os.open(draft, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    draft.rename(path)
    sync_folder(path.parent)


def last(path: Path) -> int:
    """The highest `seq` the copy holds; 0 for none. Raises apsw.Error when there is no copy."""
    with closing(_open(path)) as connection:
        return int(connection.execute("SELECT coalesce(max(seq), 0) FROM groups").get)


def append(path: Path, rows: Sequence[Row]) -> None:
    """Add groups. Returns when they would survive a power cut. Raises apsw.Error."""
    with closing(_open(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO groups VALUES(?,?,?,x'',?)", [(*row[:3], row[3]) for row in rows]
        )


def complete(path: Path) -> None:
    """Note, as durably as the groups, that nothing will follow. Raises apsw.Error."""
    with closing(_open(path)) as connection:
        connection.execute(f"PRAGMA user_version={_COMPLETE}")


def is_growing(path: Path) -> bool:
    """Whether this is a copy whose end is not here yet. What is damaged is not; readers say so."""
    with suppress(apsw.CantOpenError, apsw.NotADBError, apsw.CorruptError):
        return _mark(path) == _GROWING
    return False


def is_complete(path: Path) -> bool:
    """Whether this is a copy that holds all there ever was. Raises apsw.Error."""
    return _mark(path) == _COMPLETE


def _mark(path: Path) -> int:
    with closing(_open(path)) as connection:
        return int(connection.pragma("user_version"))


def _open(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path), flags=_READ_WRITE)
    connection.set_busy_timeout(_WAIT_MS)
    connection.execute("PRAGMA synchronous=FULL")
    return connection
