"""From the journal into rows, exactly once in effect.

The rows, their counts, their mails and the journal cursor are one transaction: a crash at any
moment leaves either all of a batch or none of it, and the next run goes on from there.
"""

import logging
from collections.abc import Sequence
from typing import Final

import msgspec
from django.db import InterfaceError, OperationalError, connection, transaction

from groundswell.base import clock, sealing, wire
from groundswell.base.breath import breathe
from groundswell.intake.journal_reader import DAMAGED, Group, JournalReader
from groundswell.people import keys, quarantine, verbs
from groundswell.people.models import JournalCursor
from groundswell.people.trace import trace

BATCH_BYTES: Final = 512 * 1024
MAX_GROUPS: Final = 128
ATTEMPTS: Final = 3
OUTAGE: Final = (OperationalError, InterfaceError)

log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Somebody else moved the cursor: a second core is draining this journal."""


class Record(msgspec.Struct):
    """One record of a group: where it was, what it says, and what is to be done or is wrong."""

    seq: int
    position: int
    raw: bytes
    deed: verbs.Deed | None = None
    wrong: str = ""


class Batch(msgspec.Struct):
    """What one transaction takes from one file: `records` in order, groups that did not open."""

    file: str
    after: int
    until: int
    records: list[Record]
    unopened: list[tuple[int, bytes, str]]


class Damaged(Exception):
    """Journal files that were damaged. The others, and what is good in these, are drained."""


class Drain:
    """The drain of one journal folder. `step` and `check` may run in different threads."""

    def __init__(self, journal: JournalReader) -> None:
        self._journal = journal
        self._damaged: dict[str, str] = {}

    def step(self) -> int:
        """Drain all that is in the journal now; returns how many records were dealt with.

        A file goes when it is closed and its last group is committed. Raises when the database is
        away (nothing is lost: call again) and Overtaken.
        """
        return sum(self._file(file) for file in self._journal.files())

    def check(self) -> None:
        """Raises Damaged while there are files that cannot be read, or were kept for their damage:
        they need a hand.
        """
        there = set(self._journal.files())
        wrong = {file: why for file, why in self._damaged.copy().items() if file in there}
        wrong |= dict.fromkeys(self._journal.damaged(), f"drained, kept in journal/{DAMAGED}")
        if wrong:
            raise Damaged(", ".join(f"{file} ({why})" for file, why in sorted(wrong.items())))

    def _file(self, file: str) -> int:
        try:
            number = _drain_file(self._journal, file)
        except OSError as error:
            if file not in self._damaged:
                log.error("journal file %s cannot be read: %s", file, type(error).__name__)
            self._damaged[file] = type(error).__name__
            return 0
        self._damaged.pop(file, None)
        return number


def drain(journal: JournalReader) -> int:
    """Drain a journal once; returns how many records were dealt with. See Drain."""
    return Drain(journal).step()


def _drain_file(journal: JournalReader, file: str) -> int:
    cursor, _ = JournalCursor.objects.get_or_create(
        file=file, defaults={"seq": 0, "at": clock.now()}
    )
    after, number, limit = cursor.seq, 0, 8
    while groups := journal.read(file, after=after, limit=limit):
        batch = read(groups, after=after)
        store(batch)
        after, number = batch.until, number + len(batch.records) + len(batch.unopened)
        limit = _next_limit(groups)
        breathe()
    if journal.drained(file, after=after):
        journal.remove(file)
    return number


def _next_limit(groups: Sequence[Group]) -> int:
    """How many groups to take next, so that memory does not grow with the backlog."""
    mean = sum(len(group.sealed) for group in groups) // len(groups)
    return max(1, min(MAX_GROUPS, BATCH_BYTES // max(1, mean)))


def read(groups: Sequence[Group], *, after: int) -> Batch:
    """Open and decode groups of one file, outside of any transaction: here the time goes."""
    batch = Batch(groups[-1].file, after, groups[-1].seq, [], [])
    opening, reader = keys.opening_keys(), verbs.Reader()
    for group in groups:
        if group.wrong:
            batch.unopened.append((group.seq, group.sealed, group.wrong))
            continue
        try:
            payloads = wire.decode_group(opening.open(group.sealed, info=group.info))
        except (sealing.CannotOpen, msgspec.MsgspecError) as error:
            batch.unopened.append((group.seq, group.sealed, f"cannot be opened: {error}"))
            continue
        batch.records += [
            decode(reader, Record(group.seq, position, raw))
            for position, raw in enumerate(payloads)
        ]
    return batch


def decode(reader: verbs.Reader, record: Record) -> Record:
    """Fill in the record's deed, or what is wrong with it."""
    try:
        record.deed = reader.read(wire.decode_submission(record.raw))
    except (msgspec.MsgspecError, ValueError, OverflowError, OSError) as error:
        record.wrong = f"cannot be read: {type(error).__name__}"
    return record


def store(batch: Batch) -> None:
    """Store a batch with its cursor in one transaction.

    If a record makes that fail, the batch is done again one by one, so that the others get in.
    """
    try:
        with transaction.atomic():
            _advance(batch)
            verbs.perform([record.deed for record in batch.records if record.deed])
            _set_aside(batch)
    except (*OUTAGE, Overtaken):
        raise
    except Exception as error:  # noqa: BLE001  any bug of ours must spoil one record only
        log.error("a batch of %s failed; its records one by one\n%s", batch.file, trace(error))
        _store_singly(batch)


def _store_singly(batch: Batch) -> None:
    with transaction.atomic():
        _advance(batch)
        for record in batch.records:
            attempt(record)
        _set_aside(batch)


def attempt(record: Record) -> None:
    """Do one record's deed in a savepoint, up to three times; then note what is wrong with it."""
    if record.deed is None:
        return
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic():
                verbs.perform([record.deed])
        except OUTAGE:
            raise
        except Exception as error:  # noqa: BLE001  any bug of ours must spoil one record only
            # The error's own words may quote the supporter's: only its kind is kept.
            record.wrong = f"cannot be stored: {type(error).__name__}"
        else:
            record.wrong = ""
            return


def wait_for_the_disk() -> None:
    """Make this transaction's commit a durable one, whatever the server's settings are.

    What it stores is deleted from the journal next. With `synchronous_commit=off` PostgreSQL would
    say that it is committed, and forget it when it is killed a moment later.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('synchronous_commit', 'on', true)"
                " WHERE current_setting('synchronous_commit') = 'off'"
            )


def _advance(batch: Batch) -> None:
    wait_for_the_disk()
    cursor = JournalCursor.objects.filter(file=batch.file, seq=batch.after)
    if cursor.update(seq=batch.until, at=clock.now()) != 1:
        raise Overtaken(f"the cursor of {batch.file} is not at {batch.after} any more")


def _set_aside(batch: Batch) -> None:
    bad = [record for record in batch.records if record.wrong]
    if bad or batch.unopened:
        quarantine.keep(
            file=batch.file,
            groups=batch.unopened,
            records=[(one.seq, one.position, one.raw, one.wrong) for one in bad],
        )
        log.error("quarantined %s of %s", len(bad) + len(batch.unopened), batch.file)
