"""T1: kill -9 of intake under load, its worker alone or all of it, over and over."""

import random
import time
from pathlib import Path
from typing import Final

from groundswell.intake.tests import site_factory as site
from tests.faults import doors
from tests.faults.crowd import Crowd, Visit, compare
from tests.faults.doors import ACK_EARLY, SLOW_DISK, START
from tests.faults.matrix import Control, Fault, Outcome

PEOPLE: Final = 12
A_LIFE: Final = 50  # kills between two looks at the journal
# The guard taken away: what was stored before the start is not remembered.
FORGETFUL: Final = """
from groundswell.intake import journal_files
journal_files.SegmentDisk.recent_tags = lambda self, limit: []
"""


def story(folder: Path, cycles: int, seed: int, *, sabotage: str = "") -> Outcome:
    """Kill it in a crowd that repeats itself until it is acknowledged, then read the journal."""
    site.make_folder(folder)
    total = Outcome(0, 0)
    for life, first in enumerate(range(0, cycles, A_LIFE)):
        part = min(A_LIFE, cycles - first)
        total += _life(folder, part, seed=seed + life, program=sabotage)
    return total


def _life(folder: Path, cycles: int, *, seed: int, program: str) -> Outcome:
    chance = random.Random(seed)
    with site.intake(folder, program=program + START if program else "") as door:
        crowd = Crowd(door.port, lanes=PEOPLE, seed=seed, name=f"life{seed}")
        with crowd:
            for cycle in range(cycles):
                # In the middle of many answers, and sometimes before the first.
                if cycle % 4 < 3:
                    crowd.wait_for(crowd.statuses[202] + chance.randrange(1, 200))
                time.sleep(chance.uniform(0, 0.03))
                chance.choice((doors.kill_all, doors.kill_worker))(door)
        door.stop()
        door.start()
        changed = _answers_that_change(door, list(crowd.visits.values())[-100:])
        door.stop()
    assert not crowd.wrong, crowd.wrong[:3]
    assert crowd.cuts >= cycles, f"{crowd.cuts} connections cut by {cycles} kills"
    found = compare(crowd.visits.values(), doors.take_out(folder), cycles)
    return found._replace(duplicated=found.duplicated + changed)


def _answers_that_change(door: site.Intake, visits: list[Visit]) -> int:
    """How many who send the same again, with the same key, are told of another submission."""
    again = [door.api(visit.body()) for visit in visits]
    return sum(
        answer.status != 202 or answer.json["id"] != visit.promise
        for answer, visit in zip(again, visits, strict=True)
    )


def answered_early(folder: Path, cycles: int, seed: int) -> Outcome:
    """The control: an answer does not wait for the disk."""
    return story(folder, cycles, seed, sabotage=SLOW_DISK + ACK_EARLY)


def forgotten(folder: Path, cycles: int, seed: int) -> Outcome:
    """The control: a new worker knows nothing of what the one before it has stored."""
    return story(folder, cycles, seed, sabotage=FORGETFUL)


FAULT: Final = Fault(
    "T1",
    "kill -9 of intake under load",
    short=60,
    long=1000,
    run=story,
    controls=(
        Control("answers before the commit", 3, answered_early),
        Control("forgets its keys at a start", 4, forgotten),
    ),
)
