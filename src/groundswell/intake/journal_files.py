"""The journal's files on a real disk: frames, one per sealed group, one behind the other.

This is all of the journal that touches a disk. `Disk` and `GroupFile` are its border to the rest of
the journal, `System` the one to the disk itself: a test can put something behind either that loses,
tears and refuses. docs/formats/journal.md describes the files.
"""

import errno
import fcntl
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Final, Protocol

from groundswell.base import clock
from groundswell.intake import journal_frames as frames
from groundswell.intake import journal_notes as notes
from groundswell.intake import journal_scan
from groundswell.intake.journal_scan import Scan

SUFFIX: Final = ".journal"
TAG_BYTES: Final = 32  # an idempotency key's tag and the id of the submission it led to
# A writer's name may begin with its machine's, where several machines fill one core's folder.
_NAME: Final = re.compile(
    r"(?P<worker>[0-9A-Za-z][0-9A-Za-z-]{0,63})-(?P<number>[0-9]{8,20})\.journal"
)
_NEW: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_MAX_WORKERS: Final = 64
_REMEMBERED_FILES: Final = 16


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


class System(Protocol):
    """What the writer asks of the operating system: `os` itself, or a test's."""

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int: ...
    def pread(self, fd: int, length: int, offset: int, /) -> bytes: ...
    def pwrite(self, fd: int, data: bytes | memoryview, offset: int, /) -> int: ...
    def ftruncate(self, fd: int, length: int, /) -> None: ...
    def fdatasync(self, fd: int, /) -> None: ...
    def fsync(self, fd: int, /) -> None: ...
    def close(self, fd: int) -> None: ...
    def unlink(self, path: Path) -> None: ...
    def listdir(self, path: Path) -> list[str]: ...


def sync_folder(folder: Path, system: System = os) -> None:
    """Make names in a folder as durable as the bytes they name."""
    descriptor = system.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        system.fsync(descriptor)
    finally:
        system.close(descriptor)


class SegmentFile:
    """A journal file on the disk.

    Zeros are written ahead of the frames, so that most of these change no length which the file
    system had to make durable as well: a commit then takes little more than half the time.
    `done` is told how many groups are safe in it, once nothing will be added any more.
    """

    def __init__(
        self, path: Path, system: System = os, done: Callable[[int], None] = lambda _seq: None
    ) -> None:
        self.name = path.name
        self._system = system
        self._done = done
        self._seq = self._end = self._room = 0
        try:
            self._descriptor = system.open(path, _NEW, 0o644)
        except OSError as error:
            raise self._fault(error) from error
        try:
            self._write(frames.HEAD)
            system.fsync(self._descriptor)
            sync_folder(path.parent, system)
        except OSError as error:
            self._let_go()
            with suppress(OSError):
                system.unlink(path)  # nobody was told of it
            raise self._fault(error) from error

    def append(self, *, seq: int, at: int, n: int, tags: bytes, sealed: bytes) -> None:
        frame = frames.encode(self.name, seq=seq, at=at, n=n, tags=tags, sealed=sealed)
        try:
            self._write(frame)
            self._system.fdatasync(self._descriptor)
        except OSError as error:
            raise self._fault(error) from error
        self._seq = seq

    def size(self) -> int:
        return self._end

    def close(self) -> None:
        end = frames.encode_end(self.name, seq=self._seq + 1, at=clock.now_ms())
        try:
            self._write(end)
            self._system.ftruncate(self._descriptor, self._end)
            self._system.fsync(self._descriptor)
        except OSError as error:
            raise self._fault(error) from error
        finally:
            self.abandon()

    def abandon(self) -> None:
        # After a failed fsync the page cache may claim bytes the disk has not got, and the next
        # fsync may well say all is good. So this file is asked nothing any more.
        self._let_go()
        self._done(self._seq)

    def _let_go(self) -> None:
        with suppress(OSError):
            self._system.close(self._descriptor)

    def _write(self, data: bytes) -> None:
        if self._end + len(data) > self._room:
            step = journal_scan.AHEAD
            ahead = bytes(-(-len(data) // step) * step)
            self._write_at(self._room, ahead)
            self._room += len(ahead)
        self._write_at(self._end, data)
        self._end += len(data)

    def _write_at(self, offset: int, data: bytes) -> None:
        left = memoryview(data)
        while left:
            written = self._system.pwrite(self._descriptor, left, offset)
            if not written:
                raise OSError(errno.EIO, "nothing was written")
            left, offset = left[written:], offset + written

    def _fault(self, error: OSError) -> DiskFault:
        return DiskFault(f"{self.name}: {_name(error)}")


class SegmentDisk:
    """The journal folder, with one worker's place in it held by a lock for as long as it lives.

    `machine` begins the writer's name where the files of several machines meet in one folder.
    """

    def __init__(self, folder: Path, machine: str = "", system: System = os) -> None:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent, system)
        self.folder = folder
        self._system = system
        self.place, self.worker, self._lock = _take_place(folder, machine, system)
        self._unused = 0
        with suppress(OSError):
            self._note_what_was_left()

    def create(self) -> SegmentFile:
        try:
            number = self._unused_number() or self._next_number()
        except OSError as error:
            raise DiskFault(f"worker {self.worker}: {_name(error)}") from error
        self._unused = number
        path = self.folder / file_name(self.worker, number)
        file = SegmentFile(path, self._system, partial(self._note, number))
        self._unused = 0
        return file

    def _unused_number(self) -> int:
        # While a disk is full we try twice a second: that must not use up the slots of the notes.
        names = self._system.listdir(self.folder) if self._unused else []
        return 0 if file_name(self.worker, self._unused) in names else self._unused

    def _next_number(self) -> int:
        # A number must never come back, even after core has deleted its file: core's cursor and
        # the seal's `info` both name it. So the highest one ever given is kept in the lock file;
        # and where that is gone too (a new machine, a restored database), the time begins afresh
        # above all that came before.
        written = self._system.pread(self._lock, notes.NUMBER_BYTES, 0).strip(b" \n\0")
        known = [int(written) if written.isdigit() else int(time.time()), *self._numbers()]
        number = max(known) + 1
        self._system.pwrite(self._lock, b"%-31d\n" % number, 0)
        # So the note's block is there before it is needed: a disk may be full by then.
        self._system.pwrite(self._lock, notes.BLANK, notes.slot(number))
        self._system.fsync(self._lock)
        return number

    def _numbers(self) -> list[int]:
        """The numbers of our files that are there."""
        places = [parse_name(name) for name in self._system.listdir(self.folder)]
        return sorted(place[1] for place in places if place and place[0] == self.worker)

    def _note(self, number: int, seq: int) -> None:
        """Note that a file holds groups up to `seq` and gets no more. It does not matter much
        whether that succeeds: the groups are safe, only their loss would not be noticed.
        """
        with suppress(OSError):
            self._system.pwrite(self._lock, notes.encode(number, seq), notes.slot(number))
            self._system.fdatasync(self._lock)

    def _note_what_was_left(self) -> None:
        """Note how far the files go whose writer was killed: we have its place, so it is gone."""
        for number in self._numbers()[-_REMEMBERED_FILES:]:
            raw = self._system.pread(self._lock, len(notes.BLANK), notes.slot(number))
            if notes.decode(number, raw) is None:
                self._note(number, self._last_seq(self.folder / file_name(self.worker, number)))

    def _last_seq(self, path: Path) -> int:
        descriptor = self._system.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            # What a killed writer has not synced is seen all the same, and may still be lost.
            self._system.fsync(descriptor)
            return Scan(path.name, descriptor, self._system.pread).extent().seq
        finally:
            self._system.close(descriptor)

    def free(self) -> int:
        try:
            status = os.statvfs(self.folder)
        except OSError as error:
            raise DiskFault(_name(error)) from error
        return status.f_bavail * status.f_frsize

    def recent_tags(self, limit: int) -> list[bytes]:
        newest_first: list[bytes] = []
        for path in _newest(self.folder):
            if len(newest_first) >= limit:
                break
            newest_first.extend(_tags_of(path)[: limit - len(newest_first)])
        return newest_first[::-1]

    def release(self) -> None:
        with suppress(OSError):  # it is let go all the same
            self._system.close(self._lock)
        self._lock = -1  # the system may give its number to another file


def _take_place(folder: Path, machine: str, system: System) -> tuple[int, str, int]:
    for index in range(_MAX_WORKERS):
        worker = f"{machine}-{index}" if machine else str(index)
        descriptor = system.open(lock_path(folder, worker), os.O_RDWR | os.O_CREAT, 0o644)
        # A reader that asks whether we live holds the lock for a moment: look twice.
        for _ in range(3):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.02)
            else:
                return index, worker, descriptor
        system.close(descriptor)
    raise RuntimeError(f"{_MAX_WORKERS} writers already hold {folder}")


def _tags_of(path: Path) -> list[bytes]:
    """A file's tags, newest first. Those of a file that cannot be read we do without."""
    try:
        with Scan.of(path) as scan:
            groups = [found.tags for found in scan.good()]
    except OSError:
        return []
    tags = b"".join(groups)
    return [tags[at : at + TAG_BYTES] for at in range(0, len(tags), TAG_BYTES)][::-1]


def _newest(folder: Path) -> list[Path]:
    """The newest files, by their numbers: a clock that was set back says nothing about them."""
    by_worker: dict[str, list[tuple[int, str]]] = {}
    for path in folder.iterdir():
        if place := parse_name(path.name):
            by_worker.setdefault(place[0], []).append((place[1], path.name))
    # The last of every worker, then the last but one of every worker …
    turns = zip_longest(*(sorted(files, reverse=True) for files in by_worker.values()))
    return [folder / one[1] for turn in turns for one in turn if one][:_REMEMBERED_FILES]


def _name(error: Exception) -> str:
    """The kind of a fault without its message, which may quote what was being written."""
    number = getattr(error, "errno", None)
    return f"{type(error).__name__} {errno.errorcode.get(number, number) if number else ''}".strip()
