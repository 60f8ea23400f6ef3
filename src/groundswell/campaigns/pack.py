"""Published files: packed small, written so that a reader sees the old or the new, never half."""

import fcntl
import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import brotli
import msgspec
import zstandard

from groundswell.base import modes

QUALITY_PUBLISH: Final = 10
QUALITY_STAMP: Final = 5
_PACKED_SUFFIXES: Final = (".br", ".zst", ".gz")
_TEXT: Final = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt"}


class Site:
    """The folder of published files and page specs. Write only inside `with site.locked()`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.public = folder / "public"
        self.specs = folder / "specs"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time, over processes: publishing and stamping touch the same files."""
        modes.make_shared_folder(self.folder)
        with (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def put(self, path: str, data: bytes, *, quality: int = QUALITY_PUBLISH) -> bool:
        """Write a public file and its packed twins. False when it already was just that."""
        file = self.public / path
        packs = file.suffix in _TEXT and not path.endswith(".headers.json")
        # A version before this one may have left fewer twins.
        whole = not packs or all(twin(file, suffix).exists() for suffix in _PACKED_SUFFIXES)
        if whole and _same(file, data):
            return False
        # The plain file goes last: where it is, a crash has left no stale twin beside it.
        if packs:
            mode = brotli.MODE_TEXT
            write(twin(file, ".br"), brotli.compress(data, quality=quality, mode=mode))
            level = 19 if quality > 5 else 6
            write(twin(file, ".zst"), zstandard.compress(data, level))
            write(twin(file, ".gz"), gzip.compress(data, 9 if quality > 5 else 4, mtime=0))
        write(file, data)
        return True

    def put_headers(self, path: str, headers: dict[str, str]) -> bool:
        """Write the headers a public file is to be served with."""
        data = msgspec.json.format(msgspec.json.encode(headers), indent=1)
        return self.put(path + ".headers.json", data)

    def put_spec(self, name: str, data: bytes) -> bool:
        """Write a page spec or refill file."""
        if _same(self.specs / name, data):
            return False
        write(self.specs / name, data)
        return True

    def remove(self, path: str) -> None:
        """Take a public file and all that goes with it away."""
        file = self.public / path
        for each in (file, *(twin(file, suffix) for suffix in _PACKED_SUFFIXES)):
            each.unlink(missing_ok=True)
        twin(file, ".headers.json").unlink(missing_ok=True)
        _prune(file.parent, self.public)

    def remove_spec(self, name: str) -> None:
        """Take a page spec or refill file away."""
        (self.specs / name).unlink(missing_ok=True)

    def announce(self) -> None:
        """Tell intake to look: replace the generation file."""
        write(self.folder / "generation", os.urandom(8).hex().encode())


def twin(file: Path, suffix: str) -> Path:
    """The file beside `file` that has its name and one more suffix."""
    return file.with_name(file.name + suffix)


def write(file: Path, data: bytes) -> None:
    """Replace a file at once: a crash leaves the old one or the new one, whole."""
    modes.make_shared_folder(file.parent)
    draft = file.with_name(f".{file.name}.{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, modes.SHARED_FILE)
    try:
        with os.fdopen(descriptor, "wb") as out:
            os.fchmod(descriptor, modes.SHARED_FILE)
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _same(file: Path, data: bytes) -> bool:
    try:
        return file.stat().st_size == len(data) and file.read_bytes() == data
    except FileNotFoundError:
        return False


def _prune(folder: Path, stop: Path) -> None:
    while folder != stop and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
