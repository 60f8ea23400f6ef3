"""A real journal, written by intake's own Journal, for tests of the drain."""

import asyncio
import os
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from groundswell.base import clock, wire
from groundswell.intake.journal import Entry, Journal
from groundswell.intake.journal_files import SegmentDisk, SegmentFile, group_info
from groundswell.intake.journal_reader import JournalReader
from groundswell.intake.metrics import Metrics
from groundswell.people import keys

PAGE: Final = UUID("0a1b2c3d4e5f60718293a4b5c6d7e8f9")


def sign(email: str = "ada@example.org", **changes: object) -> wire.Submission:
    """A signature as intake seals it; `fields` are added to the name and e-mail."""
    fields = {"given_name": "Ada", "family_name": "Lovelace", "email": email}
    extra = changes.pop("fields", {})
    assert isinstance(extra, dict)
    values: dict[str, object] = {
        "id": os.urandom(16),
        "page": PAGE.hex,
        "lang": "en",
        "at": clock.to_ms(clock.now()),
        "fields": {**fields, "country": "GB", **extra},
        "consents": {"news": "0123456789ab"},
        "source": "whatsapp",
    }
    return wire.Submission(**{**values, **changes})  # type: ignore[arg-type]


def click(signed: wire.Submission, verb: wire.Verb = "confirm", **fields: str) -> wire.Submission:
    """The button behind the link in the mail for a signature."""
    return wire.Submission(
        id=uuid4().bytes,
        verb=verb,
        page=signed.page,
        lang=signed.lang,
        at=signed.at + 60_000,
        fields={"t": keys.make_token(signed.id), **fields},
    )


def write(folder: Path, submissions: list[wire.Submission]) -> JournalReader:
    """Journal the submissions as a running intake would, then stop it."""
    return write_records(folder, [wire.encode(one) for one in submissions])


def write_records(folder: Path, records: list[bytes]) -> JournalReader:
    """Journal records that need not be submissions at all."""
    asyncio.run(_write(folder, records))
    return JournalReader(folder)


def write_as(folder: Path, name: str, submissions: list[wire.Submission]) -> JournalReader:
    """Journal the submissions as one group of a file with any name."""
    folder.mkdir(parents=True, exist_ok=True)
    file = SegmentFile(folder / name)
    payload = wire.encode_group([wire.encode(one) for one in submissions])
    sealed = keys.sealing_key().seal(payload, info=group_info(name, 1))
    file.append(seq=1, at=1, n=len(submissions), tags=b"", sealed=sealed)
    file.close()
    return JournalReader(folder)


async def _write(folder: Path, records: list[bytes]) -> None:
    loop = asyncio.get_running_loop()
    disk = SegmentDisk(folder)
    journal = Journal(
        disk=disk, key=keys.sealing_key(), loop=loop, metrics=Metrics(), limit=len(records) + 1
    )
    journal.start()
    entries = [Entry(submission=os.urandom(16), key=b"", record=record) for record in records]
    for start in range(0, len(entries), 1000):
        part = entries[start : start + 1000]
        waits = [asyncio.ensure_future(entry.wait()) for entry in part]
        await asyncio.sleep(0)
        for entry in part:
            journal.put(entry)
        await asyncio.gather(*waits)
    await asyncio.to_thread(journal.close)
