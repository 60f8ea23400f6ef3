"""A backup in the making: a folder under a draft's name, which gets its own once all is on disk."""

import errno
import fcntl
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import apsw
import msgspec

from groundswell.base.errors import Trouble
from groundswell.ops.backup import manifest

PREFIX: Final = "groundswell-"
_FULL: Final = {errno.ENOSPC, errno.EDQUOT}


class Draft:
    """The parts written so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts: list[manifest.Part] = []

    def add(self, name: str, write: Callable[[Path], None]) -> None:
        """Have a part written, and make it durable."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        write(path)
        path.chmod(0o600)
        sync(path)
        self.parts.append(manifest.measure(self.folder, name))

    def close(self, whole: manifest.Manifest) -> None:
        """Write the manifest, which is what makes these files a backup."""
        path = self.folder / manifest.MANIFEST
        path.write_bytes(msgspec.json.format(msgspec.json.encode(whole), indent=1))
        sync(path)
        for folder in (*(one for one in self.folder.rglob("*") if one.is_dir()), self.folder):
            sync(folder)


@contextmanager
def drafted(destination: Path, at: datetime) -> Iterator[tuple[Draft, Path]]:
    """A draft beside the other backups and the name it gets at the end. Raises Trouble.

    One at a time; what a backup that was killed has left is swept away.
    """
    final = destination / f"{PREFIX}{at:%Y%m%dT%H%M%SZ}"
    with _said(destination), _alone(destination):
        if final.exists():
            raise Trouble(f"{final} is there already; nothing was overwritten")
        for leftover in destination.glob(f".{PREFIX}*.draft"):
            shutil.rmtree(leftover)
        draft = Draft(destination / f".{final.name}.draft")
        draft.folder.mkdir(mode=0o700)
        try:
            yield draft, final
            draft.folder.rename(final)
            sync(destination)
        except BaseException:
            shutil.rmtree(draft.folder, ignore_errors=True)
            raise


def backups(destination: Path) -> list[Path]:
    """The finished backups in a folder, the oldest first."""
    return sorted(
        path for path in destination.glob(f"{PREFIX}*") if (path / manifest.MANIFEST).is_file()
    )


def pack(folder: Path, target: Path, shown: Callable[[int, int], None]) -> None:
    """All files of a folder as a tar file, without following links and without their owners."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    with tarfile.open(target, "w|") as archive:
        for number, path in enumerate(files, 1):
            _pack(archive, path, str(path.relative_to(folder)))
            shown(number, len(files))


def unpack(source: Path, folder: Path) -> None:
    """The files of such a tar file in a folder, and nothing outside of it. Raises Trouble."""
    with tarfile.open(source, "r|") as archive:
        for entry in archive:
            target = (folder / entry.name).resolve()
            content = archive.extractfile(entry) if entry.isreg() else None
            if content is None or not target.is_relative_to(folder.resolve()):
                raise Trouble(f"{source} holds {entry.name}, which no backup of ours does")
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                shutil.copyfileobj(content, file)
            os.utime(target, (entry.mtime, entry.mtime))


def _pack(archive: tarfile.TarFile, path: Path, name: str) -> None:
    try:
        file = path.open("rb")
    except FileNotFoundError:  # deleted since we looked
        return
    with file:
        status = os.fstat(file.fileno())
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime, entry.mode = status.st_size, int(status.st_mtime), 0o600
        archive.addfile(entry, file)


def sync(path: Path) -> None:
    """Return when a file, or a folder's names, would survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _alone(destination: Path) -> Iterator[None]:
    destination.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (destination / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Trouble(f"another backup into {destination} is running") from error
        yield


@contextmanager
def _said(destination: Path) -> Iterator[None]:
    try:
        yield
    except apsw.FullError as error:
        raise Trouble(f"{destination} is full; nothing was kept of this backup") from error
    except apsw.Error as error:
        raise Trouble(f"the database cannot be copied: {error}") from error
    except OSError as error:
        if error.errno in _FULL:
            raise Trouble(f"{destination} is full; nothing was kept of this backup") from error
        place = error.filename or destination
        raise Trouble(f"{place}: {error.strerror}; nothing was kept of this backup") from error
