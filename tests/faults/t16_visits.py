"""T16: a flood on tracked links, fetched by the ferry, while core is killed over and over in its
drain and the door's disk lies: each visit is in the sums once.

5,000 visits a second at most, for a few seconds. The door's records are made every 20 ms instead of
every half second, so that there are many of them to lose.
"""

import asyncio
import json
import random
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import uvloop

from groundswell.intake.ferry_client import Source
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.test_ferry import shore, source
from tests.faults.crowd import Link
from tests.faults.doors import START
from tests.faults.matrix import Control, Fault, Outcome
from tests.faults.stores import KILLED, Drains, Store
from tests.support import postgres

RATE: Final = 5_000
LANES: Final = 24
STEPS: Final = 40
KILLS: Final = 15
LONGEST: Final = 2_000  # looks at the ferry, should nothing come of them
ARABIC: Final = "/ar/anhar/waqqi/"
ROBOT: Final = "Twitterbot/1.0"
# Every seventh group is on the disk when the disk says that it is not.
BAD_DISK: Final = """
from itertools import count
from groundswell.intake import journal_files, visits
visits.EVERY_SECONDS = 0.02
write, calls = journal_files.SegmentFile.append, count(1)
def badly(self, **group):
    write(self, **group)
    if next(calls) % 7 == 0:
        raise journal_files.DiskFault("a lie")
journal_files.SegmentFile.append = badly
"""

Sums = Counter[tuple[str, str, str]]  # what, source, language


class Caller(NamedTuple):
    """One kind of visit: which link, in which language, and whether by a robot."""

    key: str
    language: str
    robot: bool

    @property
    def request(self) -> bytes:
        """As it goes over the wire."""
        agent = ROBOT if self.robot else "Mozilla/5.0"
        return (
            f"GET /k/{self.key} HTTP/1.1\r\nhost: localhost\r\nuser-agent: {agent}\r\n"
            f"accept-language: {self.language}\r\n\r\n"
        ).encode()

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it is to be counted."""
        return "previews" if self.robot else "visits", self.key, self.language


def on_sqlite(folder: Path, cycles: int, seed: int) -> Outcome:
    """Into the file of a small installation."""
    return story(Store(folder), cycles, seed)


def on_postgresql(folder: Path, cycles: int, seed: int) -> Outcome:
    """Into a server."""
    with postgres.cluster() as url:
        return story(Store(folder, url), cycles, seed)


def story(store: Store, cycles: int, seed: int, *guards: str) -> Outcome:
    """So many visits; meanwhile fetch and drain, and kill the drains. Then all that is left."""
    edge = store.folder / "edge"
    publish(edge, store.folder / "keys")
    chance = random.Random(seed)
    killed = 0
    with (
        store.here(),
        Drains(store, *guards) as drains,
        shore(edge / "journal") as server,
        site.intake(edge, program=BAD_DISK + START, journal_name="edge1") as door,
    ):
        assert drains.run(make=True) == 0
        ferry = source(server, store.folder / "journal")
        with flooding(door.port, cycles, seed) as told:
            for _ in range(LONGEST):
                ferry.step()
                killed += drains.run(die_at=chance.randrange(1, STEPS)) == KILLED
                if told.over.is_set() and killed >= KILLS:
                    break
        assert killed >= KILLS, f"{killed} killed"
        assert door.stop() == 0
        _fetch_all(ferry, edge / "journal")
        assert drains.run() == 0
    outcome = judge(store, told.answered, cycles)
    return outcome._replace(note=f"{told.rate:,.0f} visits/s, {killed:,} killed")


def publish(edge: Path, keys: Path) -> None:
    """A door of its own, which seals to the keys of another core."""
    site.write_site(edge)
    site.write_page(edge, ARABIC, "<h1>waqqi</h1>")
    shutil.copytree(keys, edge / "keys")
    to = {"en": site.PATH, "ar": ARABIC}
    links = {key: {"s": key, "page": site.PAGE, "to": to, "main": "en"} for key in ("x7p2", "b4k9")}
    (edge / "site" / "links.json").write_text(json.dumps({"format": 1, "links": links}))
    site.touch_generation(edge)


def judge(store: Store, answered: Sums, cycles: int) -> Outcome:
    """What was answered against the sums."""
    rows = store.ask(
        "SELECT source, language, sum(visits), sum(previews) FROM campaigns_moment"
        " GROUP BY source, language"
    )
    found: Sums = Counter()
    for key, language, visits, previews in rows:
        found[("visits", key, language)] += int(visits)
        found[("previews", key, language)] += int(previews)
    off = {place: found[place] - answered[place] for place in found.keys() | answered.keys()}
    broken = store.number("SELECT count(*) FROM people_quarantine")
    return Outcome(
        cycles,
        acked=answered.total(),
        lost=-sum(number for number in off.values() if number < 0),
        duplicated=sum(number for number in off.values() if number > 0),
        invented=broken,
    )


# The flood --------------------------------------------------------------------------------------


class Told:
    """What the visitors were answered."""

    def __init__(self) -> None:
        self.answered: Sums = Counter()
        self.over = threading.Event()
        self.rate = 0.0


@contextmanager
def flooding(port: int, number: int, seed: int) -> Iterator[Told]:
    """So many visits, at RATE at most, in a thread of their own."""
    told = Told()
    thread = threading.Thread(target=_flood, args=(port, number, seed, told))
    thread.start()
    try:
        yield told
    finally:
        thread.join(300)
    assert told.answered.total() == number, f"{told.answered.total()} of {number} were answered"


def _flood(port: int, number: int, seed: int, told: Told) -> None:
    began = time.monotonic()
    try:
        uvloop.run(_all_lanes(port, number, seed, told, began))
    finally:
        told.rate = number / (time.monotonic() - began)
        told.over.set()


async def _all_lanes(port: int, number: int, seed: int, told: Told, began: float) -> None:
    left = iter(range(number))
    lanes = [_lane(port, left, random.Random(f"{seed}-{n}"), told, began) for n in range(LANES)]
    await asyncio.gather(*lanes)


async def _lane(
    port: int, left: Iterator[int], chance: random.Random, told: Told, began: float
) -> None:
    link = await Link.open(port)
    for number in left:
        early = began + number / RATE - time.monotonic()
        if early > 0:
            await asyncio.sleep(early)
        caller = Caller(
            chance.choice(("x7p2", "b4k9")), chance.choice(("en", "ar")), chance.random() < 0.1
        )
        reply = await link.ask(caller.request)
        assert reply.status == 302, reply.status
        told.answered[caller.place] += 1
    link.close()


def _fetch_all(ferry: Source, journal: Path) -> None:
    """Until the ferry has nothing left."""
    deadline = time.monotonic() + 60
    while list(journal.glob("*.journal")):
        assert time.monotonic() < deadline, "the ferry does not come to an end"
        ferry.step()


# The controls -----------------------------------------------------------------------------------


def cursor_on_its_own(folder: Path, cycles: int, seed: int) -> Outcome:
    """The control: the cursor moves before the sums, in another transaction."""
    return story(Store(folder), cycles, seed, "cursor")


def nothing_heard(folder: Path, cycles: int, seed: int) -> Outcome:
    """The control: a record that comes again is added again."""
    return story(Store(folder), cycles, seed, "heard")


FAULT: Final = Fault(
    "T16",
    "a flood of visits, core killed, a ferry and a lying disk, SQLite",
    short=10_000,
    long=200_000,
    run=on_sqlite,
    controls=(
        Control("the cursor in the sums' transaction", 10_000, cursor_on_its_own),
        Control("the memory of records", 4_000, nothing_heard),
    ),
)
POSTGRESQL: Final = Fault(
    "T16",
    "a flood of visits, core killed, a ferry and a lying disk, PostgreSQL",
    short=5_000,
    long=100_000,
    run=on_postgresql,
)
