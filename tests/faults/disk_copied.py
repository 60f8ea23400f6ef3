"""S2: the power goes on core's machine just as it asks the ferry to delete what it has copied.

What a copy is worth then is what had been synced of it, under a name that had been synced. The
original is gone a moment later, so each of its groups must be there.
"""

import http.client
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from groundswell.intake import journal_copy
from groundswell.intake.ferry_client import Source
from groundswell.intake.journal_reader import JournalReader
from groundswell.intake.tests.test_ferry import Writer, shore, source
from tests.faults.matrix import Control, Fault, Outcome

_ALL: Final = 10_000


class Kept:
    """What core's disk would have after a power cut: bytes by inode, and inodes by name."""

    def __init__(self) -> None:
        self.bytes: dict[int, bytes] = {}
        self.names: dict[str, int] = {}

    def sync(self, descriptor: int) -> None:
        """In the place of fsync."""
        content = Path(f"/proc/self/fd/{descriptor}").read_bytes()
        self.bytes[os.fstat(descriptor).st_ino] = content

    def sync_data(self, descriptor: int) -> None:
        """In the place of fdatasync."""
        self.sync(descriptor)

    def sync_folder(self, folder: Path) -> None:
        self.names = {path.name: path.stat().st_ino for path in folder.iterdir()}

    def groups(self, folder: Path, name: str) -> list[bytes]:
        """The groups that a file of that name holds after the cut."""
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(self.bytes.get(self.names.get(name, 0), b""))
        found = JournalReader(folder).read(name, after=0, limit=_ALL)
        return [group.sealed for group in found if not group.wrong]


class CutOff(Source):
    """Looks at what would be left whenever an original may go."""

    kept: Kept
    left: dict[str, list[bytes]]

    def _let_go(self, link: http.client.HTTPConnection, name: str, after: int) -> None:
        self.left.setdefault(name, self.kept.groups(self._folder / "after", name))
        super()._let_go(link, name, after)


def story(folder: Path, cycles: int, seed: int) -> Outcome:
    """Copy `cycles` files and let their originals go."""
    chance = random.Random(seed)
    writer = Writer(folder / "there")
    with _disk() as kept, shore(folder / "there") as server:
        here = source(server, folder / "here", CutOff)
        assert isinstance(here, CutOff)
        here.kept, here.left = kept, {}
        for _ in range(cycles):
            writer.file(chance.randrange(1, 20), size=chance.choice((100, 5_000)))
            here.step()
        writer.stop()
        here.step()
    wanted = {(name, one) for name, sealed in writer.sent.items() for one in sealed}
    found = [(name, one) for name, sealed in here.left.items() for one in sealed]
    return Outcome(
        cycles,
        len(wanted),
        lost=len(wanted - set(found)),
        duplicated=len(found) - len(set(found)),
        invented=len(set(found) - wanted),
    )


@contextmanager
def _disk() -> Iterator[Kept]:
    kept = Kept()
    system = SimpleNamespace(**{**vars(os), "fsync": kept.sync, "fdatasync": kept.sync_data})
    with (
        patch.object(journal_copy, "os", system),
        patch.object(journal_copy, "sync_folder", kept.sync_folder),
    ):
        yield kept


def _with(guard: str, name: str) -> Control:
    def run(folder: Path, cycles: int, seed: int) -> Outcome:
        nothing: Any = lambda *_: None  # noqa: E731
        with patch.object(Kept, name, nothing):
            return story(folder, cycles, seed)

    return Control(guard, 5, run)


FAULT: Final = Fault(
    "S2",
    "power loss at core as a copied file is deleted",
    40,
    2_000,
    story,
    (_with("sync of a copy", "sync_data"), _with("folder sync of a copy", "sync_folder")),
)
