"""T3: kill -9 of PostgreSQL, and its immediate stop, while core drains and people arrive."""

import random
import signal
import time
from pathlib import Path
from typing import Final

from groundswell.people.tests.journal import sign
from tests.faults.matrix import Control, Fault, Outcome
from tests.faults.stores import Drains, Store, core, wait_until_drained
from tests.support import postgres

A_TIME: Final = 20  # people in a file
FILES: Final = 6  # files that come while PostgreSQL is up, and again while it is away
# A server that calls a commit done before it has written it. Without fsync alone a kill would lose
# nothing: the kernel still has what was written.
CARELESS: Final = {"synchronous_commit": "off", "wal_writer_delay": "10000ms"}


def story(folder: Path, cycles: int, seed: int, *guards: str, **options: str) -> Outcome:
    """Journal, let core drain, take the server away, journal on, bring it back; again and again."""
    chance = random.Random(seed)
    promised: list[str] = []
    with postgres.server(**options) as server:
        store = Store(folder, server.url)
        with store.here(), Drains(store) as drains:
            assert drains.run(make=True) == 0
            with core(store, *guards):
                for cycle in range(cycles):
                    promised += _arrive(store, f"{seed}-{cycle}-up")
                    _take_away(server, store, cycle, chance)
                    promised += _arrive(store, f"{seed}-{cycle}-away")
                    server.start()
                    wait_until_drained(store)
            return store.judge(promised, cycles)


def _arrive(store: Store, name: str) -> list[str]:
    groups = [
        [sign(f"{name}-{file}-{one}@example.org") for one in range(A_TIME)] for file in range(FILES)
    ]
    store.journal(groups)
    return [one.id.hex() for group in groups for one in group]


def _take_away(server: postgres.Server, store: Store, cycle: int, chance: random.Random) -> None:
    """Kill or stop it at once, in the middle of a drain or when core has just deleted the files."""
    if cycle % 4 in {0, 3}:
        wait_until_drained(store)
    else:
        time.sleep(chance.uniform(0, 0.4))
    if cycle % 2:
        server.stop(signal.SIGQUIT)
    else:
        server.kill()


def careless_server(folder: Path, cycles: int, seed: int) -> Outcome:
    """A server whose settings promise less than we do."""
    return story(folder, cycles, seed, **CARELESS)


def late_commits(folder: Path, cycles: int, seed: int) -> Outcome:
    """The control: a careless server, and a drain that does not ask it to wait for the disk."""
    return story(folder, cycles, seed, "commit", **CARELESS)


FAULT: Final = Fault("T3", "kill -9 and immediate stop of PostgreSQL", short=4, long=50, run=story)
CARELESS_SERVER: Final = Fault(
    "T3",
    "kill -9 of a PostgreSQL with synchronous_commit=off",
    short=1,
    long=10,
    run=careless_server,
    controls=(Control("commits that wait for the disk", 1, late_commits),),
)
