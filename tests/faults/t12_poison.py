"""T12: records that nobody can store among good ones: these get in, the bad are set aside."""

import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from groundswell.base import keyring, wire
from groundswell.base.sealing import SealingKey
from groundswell.intake.journal_files import SegmentFile, file_name, group_info
from groundswell.people import keys
from groundswell.people.tests.journal import sign
from tests.faults.matrix import Control, Fault, Outcome
from tests.faults.stores import Drains, Store
from tests.support import postgres

ONE_IN: Final = 50
A_GROUP: Final = 25
GROUPS_A_FILE: Final = 20
REINJECT: Final = """
import django
django.setup()
from groundswell.people.reinject import reinject
reinject()
"""
Poison = Callable[[wire.Submission], bytes]
POISON: Final[tuple[Poison, ...]] = (
    # It is msgpack, but no submission.
    lambda _: wire.encode(7),
    lambda _: wire.encode(None),
    lambda _: wire.encode(["a", "list"]),
    lambda _: wire.encode({"id": b"alone"}),
    lambda one: wire.encode(one).replace(b"\xa2at", b"\xa2ta"),
    # Text that is none.
    lambda one: wire.encode(one).replace(b"Lovelace", b"Love\xff\xfe\xfd!"),
    # It decodes, but no page can have sent it.
    lambda one: _changed(one, marks=-1),
    lambda one: _changed(one, id=b"short"),
    lambda one: _changed(one, page="no page at all"),
    lambda one: _changed(one, at=1 << 60),
    lambda one: _changed(one, at="yesterday"),
    lambda one: _changed(one, verb="dance"),
)


def _changed(one: wire.Submission, **changes: object) -> bytes:
    values = {name: getattr(one, name) for name in one.__struct_fields__}
    return wire.encode(values | changes)


def on_sqlite(folder: Path, cycles: int, seed: int) -> Outcome:
    """Into the file of a small installation."""
    return story(Store(folder), cycles, seed)


def on_postgresql(folder: Path, cycles: int, seed: int) -> Outcome:
    """Into a server, which spoils a transaction at the first error in it."""
    with postgres.cluster() as url:
        return story(Store(folder, url), cycles, seed)


def story(store: Store, cycles: int, seed: int, *guards: str) -> Outcome:
    """So many records, one in fifty poison, and groups that cannot be opened; drained, put back."""
    chance = random.Random(seed)
    with store.here(), Drains(store, *guards) as drains:
        assert drains.run(make=True) == 0
        lost_key, key_file = keys.sealing_key(), _lose_key(store.folder)
        groups, promised, bad = _groups(cycles, chance)
        later = [sign(f"later{one}@example.org") for one in range(A_GROUP)]
        records = [wire.encode(one) for one in later]
        sealed = [(wire.encode_group(group), keys.sealing_key()) for group in groups]
        sealed.insert(len(sealed) // 3, (wire.encode_group(records), lost_key))
        sealed.insert(len(sealed) // 2, (chance.randbytes(500), keys.sealing_key()))
        _write(store.folder / "journal", sealed)
        assert drains.run() == 0
    set_aside = bad + 2  # and two groups: the lost key's, and the one that is no group at all
    outcome = store.judge(promised, cycles) + _quarantined(store, set_aside)
    # What was lost is found again: the records come back, and the others stay.
    keyring_file(store.folder).write_bytes(key_file)
    command = [sys.executable, "-c", REINJECT]
    subprocess.run(command, env=store.environ, check=True, capture_output=True)
    again = store.judge([*promised, *(one.id.hex() for one in later)])
    again += _quarantined(store, set_aside - 1)
    return (outcome + again._replace(cycles=0, acked=0))._replace(note=f"{set_aside:,} set aside")


def _groups(cycles: int, chance: random.Random) -> tuple[list[list[bytes]], list[str], int]:
    """(groups of records, the ids of the good ones, how many are poison)."""
    groups, promised = [], []
    for start in range(0, cycles, A_GROUP):
        good = [sign(f"p{start + n}@example.org") for n in range(A_GROUP)]
        promised += [one.id.hex() for one in good]
        groups.append([wire.encode(one) for one in good])
    bad = cycles // ONE_IN
    for number in range(bad):
        group = chance.choice(groups)
        poison = POISON[number % len(POISON)](sign("poison@example.org"))
        group.insert(chance.randrange(len(group)), poison)
    return groups, promised, bad


def _lose_key(folder: Path) -> bytes:
    """Seal with a new key from now on and forget the old one; the file that had them both."""
    keyring.rotate(folder / "keys", "seal")
    both = keyring_file(folder).read_bytes()
    keyring.retire(folder / "keys", "seal")
    return both


def keyring_file(folder: Path) -> Path:
    """Core's private sealing keys."""
    return keyring._path(folder / "keys", "seal")


def _write(folder: Path, groups: Sequence[tuple[bytes, SealingKey]]) -> None:
    """Journal (payload, key) as they are, whatever they are."""
    folder.mkdir(exist_ok=True)
    for first in range(0, len(groups), GROUPS_A_FILE):
        name = file_name("0", first + 1)
        file = SegmentFile(folder / name)
        for seq, (payload, key) in enumerate(groups[first : first + GROUPS_A_FILE], 1):
            sealed = key.seal(payload, info=group_info(name, seq))
            file.append(seq=seq, at=1, n=A_GROUP, tags=b"", sealed=sealed)
        file.close()


def _quarantined(store: Store, number: int) -> Outcome:
    """Whether just so many were set aside: one too few is lost, one too many is no poison."""
    off = store.number("SELECT count(*) FROM people_quarantine") - number
    return Outcome(0, 0, lost=max(0, -off), invented=max(0, off))


def whole_batches_skipped(folder: Path, cycles: int, seed: int) -> Outcome:
    """The control: a batch in which one record fails is skipped."""
    return story(Store(folder), cycles, seed, "singly")


SQLITE: Final = Fault(
    "T12",
    "poison among good records, SQLite",
    short=2500,
    long=100_000,
    run=on_sqlite,
    controls=(Control("records of a failed batch one by one", 500, whole_batches_skipped),),
)
POSTGRESQL: Final = Fault(
    "T12", "poison among good records, PostgreSQL", short=2500, long=100_000, run=on_postgresql
)
