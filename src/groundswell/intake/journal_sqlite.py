"""Journal files of version 1, which were SQLite databases: read for as long as any may be left."""

from contextlib import closing
from pathlib import Path
from typing import Final

import apsw
import msgspec

MAGIC: Final = b"SQLite format 3\0"
PARTS: Final = ("-wal", "-shm")
_WAIT_MS: Final = 5_000
_Rows = list[tuple[int, int, int, bytes]]


def rows(path: Path, *, after: int, limit: int) -> _Rows:
    """(seq, at, n, sealed) of the groups after `after`. Raises OSError for a damaged file."""
    query = "SELECT seq, at, n, sealed FROM groups WHERE seq > ? ORDER BY seq LIMIT ?"
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        with closing(connection):
            connection.set_busy_timeout(_WAIT_MS)
            if not connection.pragma("schema_version"):
                return []
            found = list(connection.execute(query, (after, limit)))
    except apsw.CantOpenError:
        return []
    except apsw.Error as error:
        raise OSError(f"not a whole database: {type(error).__name__}") from error
    return msgspec.convert(found, _Rows)
