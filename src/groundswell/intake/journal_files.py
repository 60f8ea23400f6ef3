"""The journal's files on a real disk: SQLite in WAL mode, one row per sealed group.

This is all of the journal that touches a disk. `Disk` and `GroupFile` are the border: a test can
put a disk behind it that loses, tears and refuses. docs/formats/journal.md describes the files.
"""

import errno
import fcntl
import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

import apsw
import msgspec

SUFFIX: Final = ".journal"
APPLICATION_ID: Final = 0x67776A31  # "gwj1", so that `file` and an operator can tell what it is
TAG_BYTES: Final = 32  # an idempotency key's tag and the id of the submission it led to
# A writer's name may begin with its machine's, where several machines fill one core's folder.
_NAME: Final = re.compile(
    r"(?P<worker>[0-9A-Za-z][0-9A-Za-z-]{0,63})-(?P<number>[0-9]{8,20})\.journal"
)
_MAX_WORKERS: Final = 64
_SCHEMA: Final = (
    "CREATE TABLE groups(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, n INTEGER NOT NULL,"
    " tags BLOB NOT NULL, sealed BLOB NOT NULL)"
)


class DiskFault(Exception):
    """The disk did not do what it was told: full, broken, gone. Nothing may be acknowledged."""


class GroupFile(Protocol):
    """One open journal file. After a DiskFault it is only good for `abandon`."""

    name: str

    def append(self, *, seq: int, at: int, n: int, tags: bytes, sealed: bytes) -> None:
        """Returns when the group would survive a power cut. Raises DiskFault."""

    def size(self) -> int:
        """Bytes on disk, roughly."""

    def close(self) -> None:
        """Close in good order. Raises DiskFault."""

    def abandon(self) -> None:
        """Let go of a file that failed, writing nothing more to it. Never raises."""


class Disk(Protocol):
    """Where journal files are made. One writer at a time owns it."""

    worker: str

    def create(self) -> GroupFile:
        """A new, empty file whose name was never used before. Raises DiskFault."""

    def free(self) -> int:
        """Bytes that may still be written. Raises DiskFault."""

    def recent_tags(self, limit: int) -> list[bytes]:
        """Tags of the newest groups still there, oldest first: at most about `limit` of them."""

    def release(self) -> None:
        """Give the writer's place up."""


def group_info(file: str, seq: int) -> bytes:
    """What a sealed group is bound to, so that it opens nowhere but in its own place."""
    return b"groundswell/journal/v1|%b|%d" % (file.encode(), seq)


def parse_name(name: str) -> tuple[str, int] | None:
    """(worker, number) of a journal file's name, or None for any other file."""
    match = _NAME.fullmatch(name)
    return (match["worker"], int(match["number"])) if match else None


def file_name(worker: str, number: int) -> str:
    return f"{worker}-{number:08d}{SUFFIX}"


def lock_path(folder: Path, worker: str) -> Path:
    return folder / f"{worker}.lock"


def sync_folder(folder: Path) -> None:
    """Make names in a folder as durable as the bytes they name."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class SqliteFile:
    """A journal file in SQLite: WAL, `synchronous=FULL`, so a commit returns after its fsync."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        try:
            self._connection = apsw.Connection(str(path), flags=flags)
            self._connection.set_busy_timeout(5_000)
            self._prepare()
            sync_folder(path.parent)
        except (apsw.Error, OSError) as error:
            raise DiskFault(f"{self.name}: {_name(error)}") from error

    def _prepare(self) -> None:
        for statement in (
            f"PRAGMA application_id={APPLICATION_ID}",
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            _SCHEMA,
        ):
            self._connection.execute(statement)

    def append(self, *, seq: int, at: int, n: int, tags: bytes, sealed: bytes) -> None:
        try:
            self._connection.execute(
                "INSERT INTO groups VALUES(?,?,?,?,?)", (seq, at, n, tags, sealed)
            )
        except (apsw.Error, OSError) as error:
            raise DiskFault(f"{self.name}: {_name(error)}") from error

    def size(self) -> int:
        try:
            return self._path.stat().st_size + Path(f"{self._path}-wal").stat().st_size
        except OSError:
            return 0

    def close(self) -> None:
        try:
            self._connection.close()
        except (apsw.Error, OSError) as error:
            raise DiskFault(f"{self.name}: {_name(error)}") from error

    def abandon(self) -> None:
        # After a failed fsync the page cache may claim bytes the disk has not got. A checkpoint
        # now would copy them over good ones, so whoever reads the file next recovers it instead.
        with suppress(apsw.Error, OSError):
            self._connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            self._connection.close(True)


class SqliteDisk:
    """The journal folder, with one worker's place in it held by a lock for as long as it lives.

    `machine` begins the writer's name where the files of several machines meet in one folder.
    """

    def __init__(self, folder: Path, machine: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.place, self.worker, self._lock = _take_place(folder, machine)

    def create(self) -> SqliteFile:
        try:
            number = self._next_number()
        except OSError as error:
            raise DiskFault(f"worker {self.worker}: {_name(error)}") from error
        path = self.folder / file_name(self.worker, number)
        try:
            return SqliteFile(path)
        except DiskFault:
            for leftover in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
                with suppress(OSError):
                    leftover.unlink()
            raise

    def _next_number(self) -> int:
        # A number must never come back, even after core has deleted its file: core's cursor and
        # the seal's `info` both name it. So the highest one ever given is kept in the lock file;
        # and where that is gone too (a new machine, a restored database), the time begins afresh
        # above all that came before.
        written = os.pread(self._lock, 32, 0).strip()
        known = [int(written) if written.isdigit() else int(time.time())]
        for entry in self.folder.iterdir():
            parsed = parse_name(entry.name)
            if parsed and parsed[0] == self.worker:
                known.append(parsed[1])
        number = max(known) + 1
        os.pwrite(self._lock, b"%-20d\n" % number, 0)
        os.fsync(self._lock)
        return number

    def free(self) -> int:
        try:
            status = os.statvfs(self.folder)
        except OSError as error:
            raise DiskFault(_name(error)) from error
        return status.f_bavail * status.f_frsize

    def recent_tags(self, limit: int) -> list[bytes]:
        newest_first: list[bytes] = []
        for path in sorted(self.folder.glob(f"*{SUFFIX}"), key=_changed, reverse=True):
            if len(newest_first) >= limit:
                break
            newest_first.extend(_tags_of(path, limit - len(newest_first)))
        return newest_first[::-1]

    def release(self) -> None:
        os.close(self._lock)


def _take_place(folder: Path, machine: str) -> tuple[int, str, int]:
    for index in range(_MAX_WORKERS):
        worker = f"{machine}-{index}" if machine else str(index)
        descriptor = os.open(lock_path(folder, worker), os.O_RDWR | os.O_CREAT, 0o644)
        # A reader that asks whether we live holds the lock for a moment: look twice.
        for _ in range(3):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.02)
            else:
                return index, worker, descriptor
        os.close(descriptor)
    raise RuntimeError(f"{_MAX_WORKERS} writers already hold {folder}")


def _tags_of(path: Path, limit: int) -> list[bytes]:
    found: list[bytes] = []
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        connection.set_busy_timeout(2_000)
        for row in connection.execute("SELECT tags FROM groups ORDER BY seq DESC"):
            tags = msgspec.convert(row[0], bytes)
            parts = [tags[at : at + TAG_BYTES] for at in range(0, len(tags), TAG_BYTES)]
            found.extend(parts[::-1])
            if len(found) >= limit:
                break
        connection.close(True)
    except apsw.Error:
        # Idempotency memory is a courtesy over files that core reads with more care.
        return found
    return found


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _name(error: Exception) -> str:
    """The kind of a fault without its message, which may quote what was being written."""
    number = getattr(error, "errno", None)
    return f"{type(error).__name__} {errno.errorcode.get(number, number) if number else ''}".strip()
