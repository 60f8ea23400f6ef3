"""A journal file of another machine, copied group by group into core's own journal folder.

The copy has the original's name, for that is what its groups are sealed to. Its head says that it
is a copy, and it is growing until it has the frame that ends a file: nobody may take it for drained
before.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from groundswell.base import clock
from groundswell.intake import journal_frames as frames
from groundswell.intake.journal_files import sync_folder
from groundswell.intake.journal_scan import Extent, Scan

Row = tuple[int, int, int, bytes]  # seq, at, n, sealed; n is 0 for groups up to seq that are lost

_WRITE: Final = os.O_WRONLY | os.O_CLOEXEC
# How far each copy was good when last looked at, by its inode: core asks ten times a second, and a
# copy of a quiet quarter of an hour has as many frames as it had visitors.
_seen: Final[dict[Path, tuple[int, Extent]]] = {}
_MOST_SEEN: Final = 1_000


def begin(path: Path) -> None:
    """Make an empty copy. It has its name only once it is whole."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(frames.COPY_HEAD)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.rename(path)
    sync_folder(path.parent)


def last(path: Path) -> int:
    """The highest `seq` the copy holds; 0 for none. Raises OSError when there is no copy."""
    return _extent(path).seq


def append(path: Path, rows: Sequence[Row]) -> None:
    """Add groups. Returns when they would survive a power cut. Raises OSError."""
    name = path.name
    _write(
        path,
        b"".join(
            frames.encode(name, seq=seq, at=at, n=n, tags=b"", sealed=sealed)
            for seq, at, n, sealed in rows
            if n
        ),
    )


def complete(path: Path, seq: int = 0) -> None:
    """Note, as durably as the groups, that nothing follows, nor should after `seq`."""
    until = max(seq, last(path)) + 1
    _write(path, frames.encode_end(path.name, seq=until, at=clock.now_ms()))


def is_growing(path: Path) -> bool:
    """Whether this is a copy whose end is not here yet."""
    with suppress(FileNotFoundError), Scan.of(path) as scan:
        begins = scan.read(0, len(frames.COPY_HEAD))
        return begins == frames.COPY_HEAD and not _extent(path).ended
    return False


def is_complete(path: Path) -> bool:
    """Whether this is a copy that holds all there ever was. Raises OSError."""
    return _extent(path).ended


def _extent(path: Path) -> Extent:
    with Scan.of(path) as scan:
        status = path.stat()
        inode, known = _seen.get(path, (0, None))
        if inode != status.st_ino or (known and known.end > status.st_size):
            known = None
        found = scan.extent(known)
    if len(_seen) >= _MOST_SEEN:
        _seen.clear()
    _seen[path] = (status.st_ino, found)
    return found


def _write(path: Path, data: bytes) -> None:
    """Put frames behind the good ones: over what a crash has left, or over what is damaged."""
    end = _extent(path).end
    descriptor = os.open(path, _WRITE)
    try:
        os.ftruncate(descriptor, end)
        left = memoryview(data)
        while left:
            written = os.pwrite(descriptor, left, end)
            left, end = left[written:], end + written
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)
