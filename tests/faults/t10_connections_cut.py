"""T10: connections that break at the worst moments, and people who send the same again.

Before the request is complete, after it was sent, and in the middle of the answer, when it has been
stored and nobody was told.
"""

import random
from pathlib import Path
from typing import Final

from groundswell.intake.tests import site_factory as site
from tests.faults.crowd import Crowd, Link, Reply, Visit, compare, plainly, request
from tests.faults.matrix import Control, Fault, Outcome

PEOPLE: Final = 24
MOST_CUTS: Final = 3
COMMIT: Final = 0.005  # about as long as a commit takes: some cuts come before its end


def story(folder: Path, cycles: int, seed: int, *, same_key: bool = True) -> Outcome:
    """So many people, each cut off once or more before they hear that it is stored."""
    site.make_folder(folder)
    chance = random.Random(seed)

    async def ask(link: Link, visit: Visit) -> Reply:
        if not same_key:
            visit.key = chance.randbytes(16).hex()
        if visit.tries > chance.randint(1, MOST_CUTS):
            return await plainly(link, visit)
        data = request(visit.body(), chunked=False)
        where = chance.choice(("before", "after", "middle"))
        sent = data[: chance.randrange(1, len(data))] if where == "before" else data
        wait = chance.random() * COMMIT
        return await link.cut(sent, after_answer=where == "middle", wait=wait)

    with site.intake(folder) as door:
        crowd = Crowd(door.port, lanes=PEOPLE, seed=seed, limit=cycles, ask=ask)
        with crowd:
            crowd.wait_for(cycles)
        assert not crowd.wrong, crowd.wrong[:3]
        assert crowd.cuts >= cycles, crowd.cuts
        outcome = compare(crowd.visits.values(), door.stored(), cycles)
    return outcome._replace(note=f"{crowd.cuts:,} connections cut")


def new_keys(folder: Path, cycles: int, seed: int) -> Outcome:
    """The control: whoever sends again does so as somebody new."""
    return story(folder, cycles, seed, same_key=False)


FAULT: Final = Fault(
    "T10",
    "connections cut before, during and after the commit",
    short=1500,
    long=10_000,
    run=story,
    controls=(Control("the same key for the same signature", 200, new_keys),),
)
