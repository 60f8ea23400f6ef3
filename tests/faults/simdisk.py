"""A disk under the journal's writer that keeps its promises and not one more.

What was synced stays. What was not may be lost, torn at the borders of sectors or written in any
order; a name may be lost when its folder was not synced. After a failed sync the system takes the
bytes for clean, as Linux does, so that a second sync "succeeds" and changes nothing. All of that
is drawn from a seed. It stands where `os` stands: `SegmentDisk(folder, system=SimDisk(…))`.
"""

import errno
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

SECTOR: Final = 512
NEVER: Final = 1 << 60
Change = tuple[int, bytes | None]  # what was written there, or None: cut off there


class Inode:
    """A file: what all see (`seen`), what the disk has (`kept`), what is on its way (`dirty`)."""

    def __init__(self) -> None:
        self.seen = bytearray()
        self.kept = bytearray()
        self.dirty: list[Change] = []

    def change(self, offset: int, data: bytes | None) -> None:
        self.dirty.append((offset, data))
        _apply(self.seen, [(offset, data)])

    def sync(self) -> None:
        _apply(self.kept, self.dirty)
        self.dirty.clear()

    def lose(self, chance: random.Random) -> None:
        """Of what was on its way, each sector reaches the disk or does not."""
        parts = [part for change in self.dirty for part in _sectors(*change)]
        how = chance.random()
        if how < 0.25:
            parts = []
        elif how < 0.5:
            parts = parts[: chance.randrange(len(parts) + 1)]
        else:
            share = chance.random()
            parts = [part for part in parts if chance.random() < share]
        _apply(self.kept, parts)
        self.dirty.clear()


class SimDisk:
    """One folder on such a disk.

    `before` is called with each call's name and number. It may raise OSError in its place, or say
    how many bytes a write takes. The power goes at call number `cut_at`: from then on nothing is
    done and every call fails.
    """

    def __init__(self, chance: random.Random, *, cut_at: int = NEVER) -> None:
        self.chance = chance
        self.cut_at = cut_at
        self.calls = 0
        self.before: Callable[[str, int], int] = lambda _name, _number: NEVER
        self.names: dict[str, Inode] = {}
        self.kept_names: dict[str, Inode] = {}
        self._open: dict[int, Inode | None] = {}

    @property
    def is_off(self) -> bool:
        """Whether the power is gone."""
        return self.calls >= self.cut_at

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int:
        self._call("open")
        inode = None
        if not flags & os.O_DIRECTORY:
            if flags & os.O_EXCL and path.name in self.names:
                raise FileExistsError(errno.EEXIST, "there already")
            inode = self.names.setdefault(path.name, Inode())
        # A descriptor of the real system, so that it can be locked.
        descriptor = os.memfd_create("simdisk")
        self._open[descriptor] = inode
        return descriptor

    def pread(self, fd: int, length: int, offset: int, /) -> bytes:
        self._call("pread")
        return bytes(self._inode(fd).seen[offset : offset + length])

    def pwrite(self, fd: int, data: bytes | memoryview, offset: int, /) -> int:
        inode = self._inode(fd)
        most = self._call("pwrite", lambda: inode.change(offset, bytes(data)))
        inode.change(offset, bytes(data[:most]))
        return min(most, len(data))

    def ftruncate(self, fd: int, length: int, /) -> None:
        inode = self._inode(fd)
        self._call("ftruncate", lambda: inode.change(length, None))
        inode.change(length, None)

    def fdatasync(self, fd: int, /) -> None:
        self._sync("fdatasync", fd)

    def fsync(self, fd: int, /) -> None:
        self._sync("fsync", fd)

    def close(self, fd: int) -> None:
        if self._open.pop(fd, self) is not self:
            os.close(fd)
        self._call("close")

    def unlink(self, path: Path) -> None:
        self._call("unlink")
        if self.names.pop(path.name, None) is None:
            raise FileNotFoundError(errno.ENOENT, "no such name")

    def listdir(self, path: Path) -> list[str]:
        self._call("listdir")
        return list(self.names)

    def power_on(self) -> None:
        """Everything as it is after the cut; the journal may be started again."""
        for descriptor in [*self._open]:
            os.close(descriptor)
        self._open.clear()
        unsure = {**self.names, **self.kept_names}
        self.names = {
            name: inode
            for name, inode in unsure.items()
            if self.kept_names.get(name) is self.names.get(name) or self.chance.random() < 0.5
        }
        for inode in self.names.values():
            inode.lose(self.chance)
            inode.seen = bytearray(inode.kept)
        self.kept_names = dict(self.names)
        self.calls, self.cut_at = 0, NEVER

    def forget(self, suffix: str) -> None:
        """Somebody deletes these files and syncs the folder."""
        self.names = {name: one for name, one in self.names.items() if not name.endswith(suffix)}
        self.kept_names = dict(self.names)

    def sync_folders_only(self, fd: int) -> None:
        """An `fsync` that does nothing for a file."""
        if self._file(fd) is None:
            self._sync("fsync", fd)

    def copy_to(self, folder: Path) -> None:
        """Put the files into a real folder, for the real reader."""
        for name, inode in self.names.items():
            with (folder / name).open("wb") as file:
                file.write(inode.seen.rstrip(b"\0"))
                file.truncate(len(inode.seen))

    def _sync(self, name: str, fd: int) -> None:
        inode = self._file(fd)
        try:
            self._call(name)
        except OSError:
            if inode and not self.is_off:
                inode.lose(self.chance)
            raise
        if inode:
            inode.sync()
        else:
            self.kept_names = dict(self.names)

    def _file(self, fd: int) -> Inode | None:
        """None for the folder."""
        if fd not in self._open:
            raise OSError(errno.EBADF, "not open")
        return self._open[fd]

    def _inode(self, fd: int) -> Inode:
        inode = self._file(fd)
        assert inode is not None, "the folder is no file"
        return inode

    def _call(self, name: str, half: Callable[[], None] = lambda: None) -> int:
        self.calls += 1
        if self.calls == self.cut_at:
            half()  # it may have been on its way
        if self.is_off:
            raise OSError(errno.EIO, "no power")
        return self.before(name, self.calls)


def _apply(data: bytearray, changes: list[Change]) -> None:
    for offset, more in changes:
        if more is None:
            del data[offset:]
            continue
        if len(data) < offset:
            data.extend(bytes(offset - len(data)))
        data[offset : offset + len(more)] = more


def _sectors(offset: int, data: bytes | None) -> list[Change]:
    """A write cut at the borders of the disk's sectors."""
    if data is None:
        return [(offset, None)]
    ends = range(offset - offset % SECTOR + SECTOR, offset + len(data) + SECTOR, SECTOR)
    starts = [offset, *ends[:-1]]
    return [
        (start, data[start - offset : end - offset])
        for start, end in zip(starts, ends, strict=True)
    ]
