"""Copies of SQLite files while others write them.

Through apsw, whose SQLite is current: see decision record 2 for why that matters here.
"""

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

import apsw
import msgspec

from groundswell.base.errors import Trouble

_PAGES: Final = 2_048  # a step: 8 MiB
_WAIT_MS: Final = 20_000


def copy(
    source: Path, target: Path, shown: Callable[[int, int], None] = lambda _done, _all: None
) -> None:
    """Copy a database as it is at this moment. Raises apsw.Error and OSError.

    An open read transaction holds the moment still: without it each writer would make the copy
    begin afresh, and in the busiest hour it would never end. In WAL mode nobody waits for it.
    """
    with (
        closing(apsw.Connection(str(source), flags=apsw.SQLITE_OPEN_READWRITE)) as old,
        closing(apsw.Connection(str(target))) as new,
    ):
        old.set_busy_timeout(_WAIT_MS)
        # The whole is made durable at the end, or thrown away.
        new.execute("PRAGMA synchronous=OFF")
        new.execute("PRAGMA journal_mode=OFF")
        old.execute("BEGIN")
        old.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
        with new.backup("main", old, "main") as backup:
            while not backup.done:
                backup.step(_PAGES)
                shown(backup.page_count - backup.remaining, backup.page_count)
        old.execute("ROLLBACK")


def counts(file: Path, tables: Mapping[str, str]) -> dict[str, int]:
    """How many rows a copied database has in some tables. Raises Trouble when it does not open."""
    with closing(_opened(file)) as database:
        try:
            broken = database.execute("PRAGMA quick_check(1)").fetchall()
            if broken != [("ok",)]:
                raise Trouble(f"{file} is damaged: {broken[0][0]}")
            return {name: _count(database, table) for name, table in tables.items()}
        except apsw.Error as error:
            raise Trouble(f"{file} cannot be read: {error}") from error


def submissions(file: Path) -> int:
    """How many submissions a copied journal file holds; none where it is damaged.

    A file that was damaged already is copied as it is: what can be saved of it is for later.
    """
    with closing(_opened(file)) as journal:
        try:
            found = journal.execute("SELECT coalesce(sum(n), 0) FROM groups").fetchall()
        except apsw.Error:
            return 0
    return msgspec.convert(found[0][0], int)


def _opened(file: Path) -> apsw.Connection:
    # As a file that never changes: nothing may be written beside it.
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    try:
        return apsw.Connection(f"{file.absolute().as_uri()}?immutable=1", flags=flags)
    except apsw.Error as error:
        raise Trouble(f"{file} cannot be opened: {error}") from error


def _count(database: apsw.Connection, table: str) -> int:
    found = database.execute(f"SELECT count(*) FROM {table}").fetchall()  # noqa: S608  our own names
    return msgspec.convert(found[0][0], int)
