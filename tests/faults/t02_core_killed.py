"""T2: kill -9 of core in mid-transaction: at each statement, commit and deletion, and anywhere."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from groundswell.base import wire
from groundswell.people.tests.journal import click, sign
from tests.faults.matrix import Control, Fault, Outcome
from tests.faults.stores import KILLED, Drains, Store
from tests.support import postgres

# More than a drain of one cycle's groups has steps; a drain that gets that far is not killed.
STEPS: Final = 60
A_PAUSE: Final = 0.06


def on_sqlite(folder: Path, cycles: int, seed: int) -> Outcome:
    """Into the file of a small installation."""
    return story(Store(folder), cycles, seed)


def on_postgresql(folder: Path, cycles: int, seed: int) -> Outcome:
    """Into a server, which sees its client go in the middle of a transaction."""
    with postgres.cluster() as url:
        return story(Store(folder, url), cycles, seed)


def story(store: Store, cycles: int, seed: int, *guards: str) -> Outcome:
    """Journal some in each cycle, start a drain and kill it; in the end drain all that is left."""
    chance = random.Random(seed)
    signed: list[wire.Submission] = []
    killed = 0
    with store.here(), Drains(store, *guards) as drains:
        assert drains.run(make=True) == 0
        for cycle in range(cycles):
            new = [sign(f"s{seed}-{len(signed) + n}@example.org") for n in range(8)]
            store.journal(_groups(new, signed))
            signed += new
            if cycle % 3 == 2:
                code = drains.run(die_after=chance.random() * A_PAUSE)
            else:
                code = drains.run(die_at=cycle % STEPS + 1)
            assert code in {0, KILLED}, code
            killed += code == KILLED
        assert drains.run() == 0
    assert killed > cycles // 4, f"{killed} killed of {cycles}"
    outcome = store.judge((one.id.hex() for one in signed), cycles) + _besides(store, len(signed))
    return outcome._replace(note=f"{killed:,} killed")


def _groups(
    new: list[wire.Submission], before: Sequence[wire.Submission]
) -> list[list[wire.Submission]]:
    """Signatures; then the button of every second, and what a disk's fault makes intake repeat."""
    again = [*new[:1], *before[-1:]]
    return [new[:4], new[4:], [click(one) for one in new[::2]] + again]


def _besides(store: Store, signed: int) -> Outcome:
    """Counts, mails, consents and events that are too few or too many."""
    half = signed // 2
    people = "campaigns_count WHERE dimension = 'all'"
    wanted = {
        f"SELECT sum(collected) FROM {people}": signed,
        f"SELECT sum(confirmed) FROM {people}": half,
        "SELECT count(*) FROM people_participation WHERE counted": half,
        # Whoever has clicked gets no mail that asks for it.
        "SELECT count(*) FROM people_outgoingmail": half,
        "SELECT count(*) FROM people_consent": signed,
        "SELECT count(*) FROM people_event": half,
        "SELECT count(*) FROM people_quarantine": 0,
    }
    wrong = {what: store.number(what) - number for what, number in wanted.items()}
    return Outcome(
        0,
        0,
        lost=-sum(off for off in wrong.values() if off < 0),
        duplicated=sum(off for off in wrong.values() if off > 0),
    )


def cursor_on_its_own(folder: Path, cycles: int, seed: int) -> Outcome:
    """The control: the cursor moves before the rows, in another transaction."""
    return story(Store(folder), cycles, seed, "cursor")


def nothing_unique(folder: Path, cycles: int, seed: int) -> Outcome:
    """The control: a submission that comes again is stored again."""
    return story(Store(folder), cycles, seed, "unique")


SQLITE: Final = Fault(
    "T2",
    "kill -9 of core in mid-transaction, SQLite",
    short=60,
    long=500,
    run=on_sqlite,
    controls=(
        Control("the cursor in the rows' transaction", 60, cursor_on_its_own),
        Control("ON CONFLICT and the unique id", 6, nothing_unique),
    ),
)
POSTGRESQL: Final = Fault(
    "T2", "kill -9 of core in mid-transaction, PostgreSQL", short=60, long=500, run=on_postgresql
)
