"""T8: the database goes in the middle of a drain and stays away, and people go on arriving."""

import time
from pathlib import Path
from typing import Final

from groundswell.intake.tests import site_factory as site
from tests.faults.crowd import Crowd
from tests.faults.matrix import Control, Fault, Outcome
from tests.faults.stores import Drains, Store, core, wait_for_rows, wait_until_drained
from tests.support import postgres

PEOPLE: Final = 16


def story(folder: Path, cycles: int, seed: int, *guards: str) -> Outcome:
    """So many come while it is away. All of them are acknowledged, and drained when it is back."""
    site.make_folder(folder)
    with postgres.server() as server:
        store = Store(folder, server.url)
        with Drains(store) as drains:
            assert drains.run(make=True) == 0
        with site.intake(folder) as door:
            before = _come(door, 1000, seed, "before")
            # Only a file that nobody writes to any more is deleted once it is drained.
            door.stop()
            door.start()
            with core(store, "slowly", *guards):
                wait_for_rows(store, 1)
                server.stop()
                began = time.monotonic()
                away = _come(door, cycles, seed, "away")
                arriving = time.monotonic() - began
                door.stop()
                server.start()
                drained = _watch(store)
        promised = [*before.promised.values(), *away.promised.values()]
        outcome = store.judge(promised, cycles)
    return outcome._replace(note=f"{cycles / arriving:,.0f}/s came, {drained:,.0f}/s drained")


def _watch(store: Store) -> float:
    """How many a second are drained, from the first on until nothing is left."""
    rows = "SELECT count(*) FROM people_participation"
    first = store.number(rows)
    while store.number(rows) == first and any((store.folder / "journal").glob("*.journal")):
        time.sleep(0.05)
    first, began = store.number(rows), time.monotonic()
    wait_until_drained(store, seconds=3600)
    return (store.number(rows) - first) / (time.monotonic() - began)


def _come(door: site.Intake, number: int, seed: int, name: str) -> Crowd:
    crowd = Crowd(door.port, lanes=PEOPLE, seed=seed, name=name, limit=number)
    with crowd:
        crowd.wait_for(number)
    assert not crowd.wrong, crowd.wrong[:3]
    assert crowd.statuses.keys() == {202}, f"somebody noticed: {crowd.statuses}"
    return crowd


def outage_ignored(folder: Path, cycles: int, seed: int) -> Outcome:
    """The control: a batch that could not be stored counts as done."""
    return story(folder, cycles, seed, "outage")


FAULT: Final = Fault(
    "T8",
    "the database away, people while it is",
    short=4000,
    long=900_000,  # half an hour of 500 a second
    run=story,
    controls=(Control("a batch waits for the database", 500, outage_ignored),),
)
