"""Group commit: submissions wait a moment, are sealed together, are answered once they are safe.

The event loop hands entries over; one writer thread seals and commits them, then wakes all their
waiters with a single call into the loop. A waiter that has gone away changes nothing: what was
handed over is written. docs/formats/journal.md describes the files.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from typing import Final

from groundswell.base import clock, wire
from groundswell.base.errors import Busy
from groundswell.base.sealing import SealingKey
from groundswell.intake import bugs
from groundswell.intake.filling import Filling
from groundswell.intake.journal_files import Disk, DiskFault, GroupFile, group_info
from groundswell.intake.metrics import Metrics

MAX_GROUP: Final = 1024
MAX_GROUP_BYTES: Final = 4 << 20
MAX_WAITING_BYTES: Final = 16 << 20
MAX_FILE_BYTES: Final = 64 << 20
MAX_FILE_SECONDS: Final = 900.0
CROWD: Final = 4
PACE_SECONDS: Final = 0.002
CHECK_SECONDS: Final = 0.5
RUNS_LOW: Final = 4  # times the reserve
WARN_SECONDS: Final = 3600.0
NOT_STARTED: Final = "not started"
log = logging.getLogger("groundswell.intake")


class Entry:
    """One submission on its way to the disk, with everyone who waits for it."""

    __slots__ = ("id", "key", "record", "stored", "waiters")

    def __init__(self, *, submission: bytes, key: bytes, record: bytes = b"") -> None:
        self.id = submission
        self.key = key
        self.record = record
        self.stored = False
        self.waiters: list[asyncio.Future[None]] = []

    def wait(self, loop: asyncio.AbstractEventLoop | None = None) -> asyncio.Future[None]:
        """Comes back when the entry is durable. Raises Busy when it could not be made so.

        Whoever knows the loop says so: Python 3.11 asks the kernel for it (`getpid`), 3 µs.
        """
        waiter = (loop or asyncio.get_running_loop()).create_future()
        self.waiters.append(waiter)
        return waiter


class Journal:
    """The writer. `put` and all waiting belong to the event loop; the disk to one thread."""

    def __init__(
        self,
        *,
        disk: Disk,
        key: SealingKey,
        loop: asyncio.AbstractEventLoop,
        metrics: Metrics,
        limit: int = 2048,
        reserve: int = 64 << 20,
        settled: Callable[[Entry, bool], None] = lambda _entry, _stored: None,
    ) -> None:
        self.key = key
        self.loop = loop
        self._disk = disk
        self._metrics = metrics
        self._limit = limit
        self._reserve = reserve
        self._settled = settled
        self._queue: SimpleQueue[Entry | None] = SimpleQueue()
        self._waiting = 0
        self._waiting_bytes = 0
        self._file: GroupFile | None = None
        self._seq = 0
        self._opened = 0.0
        self._checked = 0.0
        self._began = 0.0
        self._closing = False
        self._low = False
        self._unrotated = ""  # why the file that is due cannot be followed by another
        self._filling = Filling()
        self._fault = NOT_STARTED
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    @property
    def fault(self) -> str:
        """Why nothing can be stored at the moment; empty when all is well."""
        return self._fault or ("disk nearly full" if self._low else "")

    @property
    def runs_low(self) -> bool:
        """Whether we shall soon have to refuse, unless somebody makes room or core drains."""
        free = self._metrics.disk_free
        return free < RUNS_LOW * self._reserve or self._metrics.disk_seconds_left < WARN_SECONDS

    @property
    def waiting(self) -> int:
        """Entries handed over and not yet settled."""
        return self._waiting

    def start(self) -> None:
        """Open a file and start writing. A disk that is full today does not stop us starting."""
        self._recover()
        self._thread.start()

    def put(self, entry: Entry) -> None:
        """Hand an entry over for the next group. Raises Busy; then nothing was or will be written.

        Once this has returned the entry is written whether or not anybody still waits for it.
        """
        size = len(entry.record)
        if (
            self._fault
            or self._low
            or self._closing
            or self._waiting >= self._limit
            or self._waiting_bytes + size > MAX_WAITING_BYTES
        ):
            raise Busy(2)
        self._waiting += 1
        self._waiting_bytes += size
        self._queue.put(entry)

    def close(self) -> None:
        """Commit everything handed over, then close the file. Call from outside the loop."""
        self._closing = True
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()
        self._disk.release()

    # Everything below runs in the writer thread, but for `_resolve`.

    def _run(self) -> None:
        running = True
        while running:
            group, running = self._gather()
            if group:
                self._tell(group, stored=self._survive(partial(self._store, group)))
            self._survive(self._keep_house)
        self._let_go()

    def _survive(self, work: Callable[[], bool]) -> bool:
        """What `work` says; False, and loudly, if it has a bug: a dead writer hangs everybody."""
        try:
            return work()
        except Exception as error:  # noqa: BLE001
            log.critical("bug: %s", bugs.describe(error))
            self._metrics.last_error = f"journal: {type(error).__name__}"
            return False

    def _gather(self) -> tuple[list[Entry], bool]:
        """All that waits, up to a bound, and whether to go on after it."""
        group: list[Entry] = []
        size = 0
        try:
            entry = self._queue.get(timeout=CHECK_SECONDS)
            self._keep_pace()
            while entry is not None:
                group.append(entry)
                size += len(entry.record)
                if len(group) >= MAX_GROUP or size >= MAX_GROUP_BYTES:
                    return group, True
                entry = self._queue.get_nowait()
        except Empty:
            return group, True
        return group, False

    def _keep_pace(self) -> None:
        """In a crowd, let a moment pass since the last group: a seal and an fsync cost the same for
        one as for a hundred.

        A disk that takes that long itself is not waited for on top: at 64 connections that was a
        third of what we could take.
        """
        early = self._began + PACE_SECONDS - time.monotonic()
        if early > 0 and self._waiting >= CROWD:
            time.sleep(early)
        self._began = time.monotonic()

    def _store(self, group: list[Entry]) -> bool:
        stored = self._commit(group)
        if not stored and self._recover():
            # Once more, on a new file, from memory. The old file may or may not hold the group:
            # core drops whichever copy it reads second, by the submission's id.
            stored = self._commit(group)
        if not stored:
            self._metrics.refused_by_disk += len(group)
        return stored

    def _commit(self, group: list[Entry]) -> bool:
        file = self._file
        if file is None:
            return False
        seq = self._seq + 1
        payload = wire.encode_group([entry.record for entry in group])
        sealed = self.key.seal(payload, info=group_info(file.name, seq))
        tags = b"".join([entry.key + entry.id for entry in group if entry.key])
        started = time.perf_counter()
        try:
            file.append(
                seq=seq, at=clock.to_ms(clock.now()), n=len(group), tags=tags, sealed=sealed
            )
        except DiskFault as error:
            self._break(file, error)
            return False
        self._metrics.committed(len(group), time.perf_counter() - started)
        self._seq = seq
        return True

    def _break(self, file: GroupFile, error: DiskFault) -> None:
        self._file = None
        self._fault = str(error)
        self._metrics.disk_fault(str(error))
        log.error("journal file given up: %s", error)
        file.abandon()

    def _recover(self) -> bool:
        """Open a new file, if there is room for one. Says so whenever that changes."""
        self._checked = time.monotonic()
        self._watch_space()
        if self._low:
            return False
        fault = self._begin()
        if fault and self._fault != fault:
            log.error("journal cannot open a file: %s", fault)
        self._fault = fault
        return not fault

    def _begin(self) -> str:
        """Go on in a new file, or say why there is none and leave all as it is."""
        try:
            file = self._disk.create()
        except DiskFault as error:
            self._metrics.disk_fault(str(error))
            return str(error)
        if self._fault != NOT_STARTED:
            log.warning("journal goes on in %s", file.name)
        self._file = file
        self._seq = 0
        self._opened = time.monotonic()
        return ""

    def _keep_house(self) -> bool:
        now = time.monotonic()
        if now - self._checked < CHECK_SECONDS:
            return True
        self._checked = now
        self._watch_space()
        if self._file is None:
            self._recover()
        elif self._seq and self._low:
            # A small disk may be full of nothing but this file: core may have it now.
            self._let_go()
        elif self._seq and (
            now - self._opened > MAX_FILE_SECONDS or self._file.size() > MAX_FILE_BYTES
        ):
            self._rotate(self._file)
        return True

    def _watch_space(self) -> None:
        """Stop taking before the disk is full, while pages, logs and core still have room."""
        try:
            free = self._disk.free()
        except DiskFault as error:
            log.error("journal cannot see the free space: %s", error)
            free = 0
        self._filling.look(free)
        low = free < self._reserve
        if low and not self._low:
            log.error("journal pauses: %d MiB free, journal_reserve_mb is more", free >> 20)
        self._low = low
        self._metrics.disk_free = free
        self._metrics.disk_seconds_left = self._filling.seconds_until(self._reserve)

    def _rotate(self, old: GroupFile) -> None:
        fault = self._begin()
        if not fault:
            self._close(old)
        elif fault != self._unrotated:  # the old file is still good
            log.error("journal stays in %s, and cannot open a file: %s", old.name, fault)
        self._unrotated = fault

    def _let_go(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            self._close(file)

    def _close(self, file: GroupFile) -> None:
        try:
            file.close()
        except DiskFault as error:
            # Its groups are durable already; only the tidying up failed.
            log.warning("journal file not closed in order: %s", error)

    def _tell(self, group: list[Entry], *, stored: bool) -> None:
        try:
            self.loop.call_soon_threadsafe(self._resolve, group, stored)
        except RuntimeError:
            # The loop has gone at shutdown. What is committed stays committed; nobody was told.
            log.warning("journal outlived its loop with %d entries", len(group))

    def _resolve(self, group: list[Entry], stored: bool) -> None:
        self._waiting -= len(group)
        for entry in group:
            self._waiting_bytes -= len(entry.record)
            entry.stored = stored
            self._settled(entry, stored)
            for waiter in entry.waiters:
                # Whoever hung up has cancelled their future; that must stop nobody else.
                if waiter.done():
                    continue
                if stored:
                    waiter.set_result(None)
                else:
                    waiter.set_exception(Busy(5))
