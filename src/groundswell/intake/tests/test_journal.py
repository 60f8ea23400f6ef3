"""Group commit: nothing is answered before it is safe, and nobody can stop a group."""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from groundswell.base import sealing, wire
from groundswell.base.errors import Busy
from groundswell.intake import journal as journal_module
from groundswell.intake.journal import Entry, Journal
from groundswell.intake.journal_files import DiskFault, group_info
from groundswell.intake.metrics import Metrics

KEY = sealing.OpeningKey.generate()
ROOM = 1 << 40


class MemoryFile:
    """A journal file that keeps what it is told to, and fails or waits when told to."""

    def __init__(self, disk: "MemoryDisk", name: str) -> None:
        self.disk = disk
        self.name = name
        self.groups: list[tuple[int, int, bytes, bytes]] = []
        self.state = "open"

    def append(self, *, seq: int, at: int, n: int, tags: bytes, sealed: bytes) -> None:
        assert self.state == "open"
        self.disk.gate.wait(10)
        if self.disk.faults > 0:
            self.disk.faults -= 1
            raise DiskFault("broken")
        self.groups.append((seq, n, tags, sealed))

    def size(self) -> int:
        return sum(len(sealed) for _, _, _, sealed in self.groups)

    def close(self) -> None:
        self.state = "closed"

    def abandon(self) -> None:
        self.state = "abandoned"


class MemoryDisk:
    """Journal files in memory."""

    worker = "0"

    def __init__(self) -> None:
        self.files: list[MemoryFile] = []
        self.gate = threading.Event()
        self.gate.set()
        self.faults = 0
        self.room = ROOM
        self.is_full = False

    def create(self) -> MemoryFile:
        if self.is_full:
            raise DiskFault("no room")
        self.files.append(MemoryFile(self, f"0-{len(self.files) + 1:08d}.journal"))
        return self.files[-1]

    def free(self) -> int:
        return self.room

    def recent_tags(self, limit: int) -> list[bytes]:
        return []

    def release(self) -> None:
        pass

    def records(self) -> list[bytes]:
        """Everything stored, opened."""
        found: list[bytes] = []
        for file in self.files:
            for seq, n, _, sealed in file.groups:
                group = wire.decode_group(KEY.open(sealed, info=group_info(file.name, seq)))
                assert len(group) == n
                found += group
        return found


class Heedless(Journal):
    """The control twin: it wakes waiters without looking whether they are still there."""

    def _resolve(self, group: list[Entry], stored: bool) -> None:
        for entry in group:
            for waiter in entry.waiters:
                waiter.set_result(None)


@asynccontextmanager
async def writing(
    disk: MemoryDisk, kind: type[Journal] = Journal, **more: Any
) -> AsyncIterator[Journal]:
    key = sealing.SealingKey(KEY.public)
    loop = asyncio.get_running_loop()
    journal = kind(disk=disk, key=key, loop=loop, metrics=Metrics(), **more)
    journal.start()
    try:
        yield journal
    finally:
        disk.gate.set()
        await asyncio.to_thread(journal.close)


def entry(number: int = 0) -> Entry:
    record = wire.encode(number)
    return Entry(submission=os.urandom(16), key=os.urandom(16), record=record)


async def put(journal: Journal, number: int = 0) -> asyncio.Future[None]:
    made = entry(number)
    journal.put(made)
    task = made.wait()
    await asyncio.sleep(0)
    return task


async def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


def test_it_answers_only_after_the_commit() -> None:
    async def story() -> None:
        disk = MemoryDisk()
        disk.gate.clear()
        async with writing(disk) as journal:
            task = await put(journal, 7)
            await asyncio.sleep(0.1)
            assert not task.done()
            assert disk.records() == []
            disk.gate.set()
            await asyncio.wait_for(task, 5)
            assert disk.records() == [wire.encode(7)]

    asyncio.run(story())


def test_it_writes_together_what_waits_in_the_order_it_came() -> None:
    async def story() -> None:
        disk = MemoryDisk()
        disk.gate.clear()
        async with writing(disk) as journal:
            tasks = [await put(journal, 0)]
            await asyncio.sleep(0.05)
            tasks += [await put(journal, number) for number in range(1, 50)]
            disk.gate.set()
            await asyncio.gather(*tasks)
        assert [n for _, n, _, _ in disk.files[0].groups] == [1, 49]
        assert disk.records() == [wire.encode(number) for number in range(50)]

    asyncio.run(story())


async def _with_one_gone(kind: type[Journal]) -> bool:
    """Three wait, one hangs up: whether the last of them is answered."""
    disk = MemoryDisk()
    disk.gate.clear()
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    async with writing(disk, kind) as journal:
        first = await put(journal, 9)
        await asyncio.sleep(0.1)  # the writer is at the disk; what comes now waits together
        tasks = [await put(journal, number) for number in range(3)]
        tasks[1].cancel()
        await asyncio.sleep(0)
        disk.gate.set()
        await first
        await asyncio.wait(tasks, timeout=0.5)
        assert [n for _, n, _, _ in disk.files[0].groups] == [1, 3]
        answered = tasks[2].done()
        for task in tasks:
            task.cancel()
    return answered


def test_it_lets_nobody_who_hangs_up_stop_the_group() -> None:
    assert asyncio.run(_with_one_gone(Journal))


def test_control_a_heedless_journal_leaves_the_others_waiting() -> None:
    assert not asyncio.run(_with_one_gone(Heedless))


def test_it_is_busy_before_anything_is_written() -> None:
    async def story() -> None:
        disk = MemoryDisk()
        disk.gate.clear()
        async with writing(disk, limit=3) as journal:
            tasks = [await put(journal, number) for number in range(3)]
            with pytest.raises(Busy):
                journal.put(entry(3))
            disk.gate.set()
            await asyncio.gather(*tasks)
            await (await put(journal, 4))
        assert disk.records() == [wire.encode(number) for number in (0, 1, 2, 4)]

    asyncio.run(story())


def test_it_bounds_the_bytes_that_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "MAX_WAITING_BYTES", 100)

    async def story() -> None:
        async with writing(MemoryDisk()) as journal:
            with pytest.raises(Busy):
                journal.put(Entry(submission=b"", key=b"", record=b"x" * 101))

    asyncio.run(story())


def test_it_writes_a_group_again_into_a_new_file_after_a_fault() -> None:
    async def story() -> None:
        disk = MemoryDisk()
        async with writing(disk) as journal:
            await (await put(journal, 1))
            disk.faults = 1
            await (await put(journal, 2))
            await (await put(journal, 3))
            assert journal.fault == ""
        assert [file.state for file in disk.files] == ["abandoned", "closed"]
        assert [len(file.groups) for file in disk.files] == [1, 2]
        assert disk.records() == [wire.encode(number) for number in (1, 2, 3)]

    asyncio.run(story())


def test_it_gives_up_after_two_faults_and_comes_back() -> None:
    async def story() -> None:
        disk = MemoryDisk()
        async with writing(disk) as journal:
            disk.faults = 2
            with pytest.raises(Busy):
                await (await put(journal, 1))
            assert disk.records() == []
            await until(lambda: journal.fault == "")
            await (await put(journal, 2))
        assert disk.records() == [wire.encode(2)]

    asyncio.run(story())


def test_it_pauses_while_space_is_short() -> None:
    async def story() -> None:
        disk = MemoryDisk()
        async with writing(disk, reserve=1 << 20) as journal:
            await (await put(journal, 1))
            disk.room = 1000
            await until(lambda: journal.fault != "")
            with pytest.raises(Busy):
                journal.put(entry())
            disk.room = ROOM
            await until(lambda: journal.fault == "")
            await (await put(journal, 2))
        assert [file.state for file in disk.files] == ["closed", "closed"]

    asyncio.run(story())


def test_it_starts_on_a_full_disk_and_waits_for_room() -> None:
    async def story() -> None:
        disk = MemoryDisk()
        disk.room = 0
        async with writing(disk) as journal:
            with pytest.raises(Busy):
                journal.put(entry())
            disk.room = ROOM
            await until(lambda: journal.fault == "")
            await (await put(journal, 1))

    asyncio.run(story())


def test_it_commits_what_waits_before_it_closes() -> None:
    async def story() -> MemoryDisk:
        disk = MemoryDisk()
        async with writing(disk) as journal:
            for number in range(100):
                journal.put(entry(number))
        with pytest.raises(Busy):
            journal.put(entry())
        return disk

    disk = asyncio.run(story())
    assert len(disk.records()) == 100
    assert disk.files[0].state == "closed"


def test_it_begins_a_new_file_when_one_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "MAX_FILE_BYTES", 2000)
    monkeypatch.setattr(journal_module, "CHECK_SECONDS", 0.01)

    async def story() -> None:
        disk = MemoryDisk()
        async with writing(disk) as journal:
            for number in range(6):
                await (await put(journal, number))
                await asyncio.sleep(0.03)
        assert len(disk.files) > 2
        assert disk.records() == [wire.encode(number) for number in range(6)]

    asyncio.run(story())


def test_it_stays_in_a_file_that_cannot_be_followed_by_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(journal_module, "MAX_FILE_BYTES", 2000)
    monkeypatch.setattr(journal_module, "CHECK_SECONDS", 0.01)

    async def story() -> None:
        disk = MemoryDisk()
        async with writing(disk) as journal:
            disk.is_full = True
            for number in range(9):
                await (await put(journal, number))
                await asyncio.sleep(0.03)
                assert journal.fault == ""
            assert [file.state for file in disk.files] == ["open"]
            assert journal._metrics.last_error, "no new file was tried"
            disk.is_full = False
            await until(lambda: len(disk.files) == 2)
            await (await put(journal, 9))
        assert disk.records() == [wire.encode(number) for number in range(10)]

    asyncio.run(story())


def test_it_survives_a_bug_in_one_group(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Journal, group: list[Entry]) -> bool:
        raise KeyError(group)

    async def story() -> None:
        disk = MemoryDisk()
        async with writing(disk) as journal:
            with monkeypatch.context() as patched:
                patched.setattr(Journal, "_store", broken)
                with pytest.raises(Busy):
                    await (await put(journal, 1))
            await (await put(journal, 2))
        assert disk.records() == [wire.encode(2)]

    asyncio.run(story())


def test_it_binds_a_group_to_its_place(tmp_path: Path) -> None:
    async def story() -> MemoryDisk:
        disk = MemoryDisk()
        async with writing(disk) as journal:
            await (await put(journal, 1))
        return disk

    disk = asyncio.run(story())
    sealed = disk.files[0].groups[0][3]
    for elsewhere in (group_info(disk.files[0].name, 2), group_info("1-00000001.journal", 1)):
        with pytest.raises(sealing.CannotOpen):
            KEY.open(sealed, info=elsewhere)
