"""The whole Journal, its thread and its second chances, on a simulated disk.

What was acknowledged is what the Journal told `settled` was stored. The seal is left out: it is
none of the disk's business and would take most of the time.
"""

import contextlib
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final, cast
from unittest.mock import patch

from groundswell.base import wire
from groundswell.base.errors import Busy
from groundswell.intake import journal, journal_scan
from groundswell.intake.journal import Entry, Journal
from groundswell.intake.journal_files import SegmentDisk
from groundswell.intake.journal_reader import JournalReader
from groundswell.intake.metrics import Metrics
from tests.faults.matrix import Outcome
from tests.faults.simdisk import SimDisk

PATIENCE: Final = 60.0  # a ceiling for what takes milliseconds


class _Unsealed:
    """In the place of core's public key."""

    def seal(self, payload: bytes, *, info: bytes) -> bytes:
        return payload


class _AtOnce:
    """In the place of the event loop: calls at once, in the writer's thread."""

    def call_soon_threadsafe(self, call: Callable[..., None], *args: Any) -> None:
        call(*args)


class Visitors:
    """Send records through a Journal and remember which it said were stored."""

    def __init__(self, folder: Path, disk: SimDisk, chance: random.Random) -> None:
        self.sent: dict[bytes, bytes] = {}
        self.acked: set[bytes] = set()
        self._settled: SimpleQueue[tuple[bytes, bool]] = SimpleQueue()
        self._chance = chance
        self.journal = Journal(
            disk=SegmentDisk(folder, system=disk),
            key=cast("Any", _Unsealed()),
            loop=cast("Any", _AtOnce()),
            metrics=Metrics(),
            reserve=0,
            settled=lambda entry, stored: self._settled.put((entry.id, stored)),
        )

    def send(self, number: int) -> int:
        """Send some at a time and wait for the answers; returns how many were stored."""
        before = len(self.acked)
        for _ in range(number):
            waiting = sum(self._put() for _ in range(self._chance.randrange(1, 6)))
            for _ in range(waiting):
                submission, stored = self._settled.get(timeout=PATIENCE)
                if stored:
                    self.acked.add(submission)
        return len(self.acked) - before

    def send_until_stored(self) -> None:
        """Go on sending until something is stored again. Raises AssertionError if nothing is."""
        until = time.monotonic() + PATIENCE
        while not self.send(1):
            assert time.monotonic() < until, "the journal did not come back"
            time.sleep(0.001)

    def _put(self) -> bool:
        name = self._chance.randbytes(16)
        record = wire.encode((name, self._chance.randbytes(self._chance.randrange(2000))))
        try:
            self.journal.put(Entry(submission=name, key=name, record=record))
        except Busy:
            return False
        self.sent[name] = record
        return True

    def outcome(self, folder: Path, disk: SimDisk) -> Outcome:
        """Close, cut the power, read what is there, compare.

        A group that failed may be there as well, and in two files: core keeps one of each.
        """
        self.journal.close()
        disk.power_on()
        found = _records(folder, disk)
        lost = sum(self.sent[name] not in found for name in self.acked)
        invented = len(found - set(self.sent.values()))
        return Outcome(1, len(self.acked), lost=lost, invented=invented)


@contextlib.contextmanager
def small_steps() -> Iterator[None]:
    """Files that end after a few groups, and a Journal that looks after itself at once."""
    with (
        patch.object(journal, "CHECK_SECONDS", 0.0005),
        patch.object(journal, "PACE_SECONDS", 0.0),
        patch.object(journal, "MAX_FILE_BYTES", 20_000),
        patch.object(journal_scan, "AHEAD", 8192),
        patch.object(journal.log, "disabled", new=True),
    ):
        yield


def _records(folder: Path, disk: SimDisk) -> set[bytes]:
    there = folder / f"after-{os.getpid()}"
    there.mkdir()
    disk.copy_to(there)
    reader = JournalReader(there)
    found = {
        record
        for file in reader.files()
        for group in reader.read(file, after=0, limit=10_000)
        if not group.wrong
        for record in wire.decode_group(group.sealed)
    }
    shutil.rmtree(there)
    return found
