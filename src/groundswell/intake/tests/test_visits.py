"""Counts of visits wait in memory, and are handed to the journal once: as one record each time."""

import asyncio
from collections import Counter
from typing import Final

import pytest

from groundswell.base import wire
from groundswell.intake import visits as visits_module
from groundswell.intake.journal import Journal
from groundswell.intake.tests.test_journal import MemoryDisk, until, writing
from groundswell.intake.visits import PREVIEW, Visits

PAGE: Final = "a" * 32
AT: Final = 1_795_370_640_000  # 2026-11-22T18:04 UTC


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits_module, "EVERY_SECONDS", 0.02)


def counting(journal: Journal, **more: int) -> Visits:
    return Visits(journal, journal.loop, now=lambda: AT, **more)


def told(disk: MemoryDisk) -> tuple[Counter[str], int]:
    """What the journal's records add up to, each counted once, and how many records there are."""
    records = [wire.decode_submission(record) for record in disk.records()]
    sums: Counter[str] = Counter()
    for fields in {one.id: one.fields for one in records}.values():
        for name, numbers in fields.items():
            sums[name.removeprefix(f"{PAGE} ")] += int(numbers.split()[0])
    return sums, len(records)


def test_it_writes_the_record_that_docs_describe() -> None:
    """Format 1 as it was first written. Never make it afresh."""
    fields = {f"{PAGE} x7p2 2026-11-22T18:04 ar VN": "3 1"}
    record = visits_module.record(bytes(15) + b"\x07", fields, at=AT)
    assert record == (
        b"\x87\xa2id\xc4\x10" + bytes(15) + b"\x07\xa4verb\xa6visits\xa4page\xa0\xa4kind\xa0"
        b"\xa4lang\xa0\xa2at\xcf" + AT.to_bytes(8, "big") + b"\xa6fields\x81\xd9\x3c"
        + next(iter(fields)).encode() + b"\xa33 1"
    )  # fmt: skip


def test_it_makes_one_record_of_all_that_came() -> None:
    async def story() -> None:
        disk = MemoryDisk()
        async with writing(disk) as journal:
            visits = counting(journal)
            for _ in range(1000):
                visits.add(PAGE, "x7p2", "ar", "VN")
            visits.add(PAGE, "x7p2", "ar", "VN", PREVIEW)
            visits.add(PAGE, "b4k9", "en", "")
            await until(lambda: bool(disk.records()))
            assert visits.totals == {"visits": 1001, "previews": 1}
            assert visits.kept == 0
        assert told(disk) == (
            {"x7p2 2026-11-22T18:04 ar VN": 1000, "b4k9 2026-11-22T18:04 en ": 1},
            1,
        )

    asyncio.run(story())


def test_it_writes_nothing_while_nobody_comes() -> None:
    async def story() -> None:
        disk = MemoryDisk()
        async with writing(disk) as journal:
            visits = counting(journal)
            visits.add(PAGE, "x7p2", "en", "")
            await until(lambda: bool(disk.records()))
            await asyncio.sleep(0.2)
        assert len(disk.records()) == 1

    asyncio.run(story())


def test_it_keeps_counts_while_the_journal_is_full() -> None:
    async def story() -> None:
        disk = MemoryDisk()
        disk.gate.clear()
        async with writing(disk, limit=0) as journal:
            visits = counting(journal)
            visits.add(PAGE, "x7p2", "en", "")
            await asyncio.sleep(0.1)
            visits.add(PAGE, "x7p2", "en", "")
            assert disk.records() == []
            journal._limit = 8
            disk.gate.set()
            await until(lambda: told(disk)[0].total() == 2)

    asyncio.run(story())


class Forgetful(Visits):
    """The control twin: what was handed over is made afresh, under another id."""

    def _told(self, waiter: asyncio.Future[None]) -> None:
        record = wire.decode_submission(self._record[1]) if self._record else None
        super()._told(waiter)
        if self._record and record:
            self._record = None
            for name in record.fields:
                page, source, _, language, country = name.split(" ")
                self.add(page, source, language, country)


async def _on_a_bad_disk(kind: type[Visits]) -> int:
    """What is counted of one visit when a group is on the disk and the disk has said it is not."""
    disk = MemoryDisk()
    async with writing(disk) as journal:
        keep, journal._commit = journal._commit, lambda group: not keep(group)  # type: ignore[method-assign]
        visits = kind(journal, journal.loop, now=lambda: AT)
        visits.add(PAGE, "x7p2", "en", "")
        await until(lambda: bool(disk.records()))
        journal._commit = keep  # type: ignore[method-assign]
        before = len(disk.records())
        await until(lambda: len(disk.records()) > before)
    sums, records = told(disk)
    assert records > 1
    return sums.total()


def test_it_sends_the_same_record_again_when_nobody_knows_what_became_of_it() -> None:
    assert asyncio.run(_on_a_bad_disk(Visits)) == 1


def test_control_another_record_would_count_twice() -> None:
    assert asyncio.run(_on_a_bad_disk(Forgetful)) > 1


def test_it_hands_over_what_it_has_before_it_closes() -> None:
    async def story() -> None:
        disk = MemoryDisk()
        async with writing(disk) as journal:
            visits = counting(journal)
            disk.gate.clear()
            visits.add(PAGE, "x7p2", "en", "")
            await until(lambda: visits.kept == 0)
            visits.add(PAGE, "b4k9", "en", "")
            visits.close()
        assert told(disk)[0].total() == 2

    asyncio.run(story())


def test_it_bounds_what_it_keeps() -> None:
    """First without countries and languages, then not at all; and it says so."""

    async def story() -> None:
        disk = MemoryDisk()
        async with writing(disk, limit=0) as journal:
            visits = counting(journal, limit=3)
            for number in range(12):
                visits.add(PAGE, f"s{number}", "en", "VN")
                visits.add(PAGE, f"s{number}", "fr", "VN")
            assert visits.kept == 6
            assert visits.totals["lost"] == 24 - visits.totals["visits"] > 0
            journal._limit = 8
            await until(lambda: visits.kept == 0)
            await until(lambda: bool(disk.records()))
        sums = told(disk)[0]
        assert sums.total() == visits.totals["visits"]
        assert sums["s2 2026-11-22T18:04  "] == 2

    asyncio.run(story())
