"""T5: the journal's disk is full, the quota used up, no inode left, a write cut short; then room.

`story` runs the whole Journal on a simulated disk. `real` is a whole intake over HTTP whose files
may not grow (RLIMIT_FSIZE): then the kernel itself writes less than it is told, and fails.
"""

import errno
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import GOOD, Intake, api_body
from tests.faults.disk_journal import Visitors, small_steps
from tests.faults.matrix import Control, Fault, Outcome
from tests.faults.simdisk import NEVER, SimDisk

KINDS: Final = ("full", "quota", "inodes", "short")
_CODES: Final = {"full": errno.ENOSPC, "quota": errno.EDQUOT, "inodes": errno.ENOSPC}
_CALLS: Final = {
    "full": ("pwrite", "open"),
    "quota": ("pwrite", "fdatasync"),  # some file systems notice only when they sync
    "inodes": ("open",),
    "short": ("pwrite",),
}
FILLS_ONE: Final = 500  # submissions, with something to spare
# Each file may only grow to 1.5 MB: then writes come back short and fail with EFBIG.
SMALL_FILES: Final = """
import resource
from groundswell.base import env
from groundswell.intake import server
resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
server.run(env.load())
"""
# The guard taken away: a failed write is taken for a good one.
SWALLOWING: Final = """
from groundswell.intake import journal_files
write = journal_files.SegmentFile.append
def carelessly(self, **group):
    try:
        write(self, **group)
    except journal_files.DiskFault:
        pass
journal_files.SegmentFile.append = carelessly
"""


def story(folder: Path, cycles: int, seed: int) -> Outcome:
    """Fill the disk `cycles` times, a kind after the other, and make room again."""
    outcome = Outcome(0, 0)
    with small_steps():
        for number in range(cycles):
            chance = random.Random(f"{seed}/{number}")
            outcome += _cycle(folder, chance, KINDS[number % len(KINDS)])
    return outcome


def _cycle(folder: Path, chance: random.Random, kind: str) -> Outcome:
    disk = SimDisk(chance)
    visitors = Visitors(folder, disk, chance)
    visitors.journal.start()
    visitors.send(chance.randrange(5))
    disk.before = _full(kind, chance)
    visitors.send(25)
    disk.before = lambda _name, _number: NEVER
    visitors.send_until_stored()
    visitors.send(5)
    return visitors.outcome(folder, disk)


def _full(kind: str, chance: random.Random) -> Callable[[str, int], int]:
    left = chance.randrange(3)

    def fail(name: str, _number: int) -> int:
        nonlocal left
        if name not in _CALLS[kind]:
            return NEVER
        if kind == "short" and left > 0:
            left -= 1
            return chance.randrange(1, 700)
        raise OSError(_CODES.get(kind, errno.ENOSPC), "no room")

    return fail


def real(folder: Path, cycles: int, seed: int, *, swallow: bool = False) -> Outcome:
    """Send `cycles` submissions of about 4 kB to an intake whose files may not grow past 1.5 MB."""
    cycles = max(cycles, FILLS_ONE)
    site.make_folder(folder)
    with site.intake(folder, program=(SWALLOWING if swallow else "") + SMALL_FILES) as door:
        promised, busy = fill(door, cycles)
        failed = "journal_disk_faults_total 0" not in door.metrics()
        assert failed or swallow, "no file was ever full"
        stored = [one.id.hex() for one in door.stored()]
    lost = len(promised - set(stored))
    # A group may be in the full file and in the next one; within a file there is one of each.
    return Outcome(cycles, len(promised), lost=lost, note=f"{busy} refused")


def fill(door: Intake, count: int) -> tuple[set[str], int]:
    """Send large submissions: (ids promised, how many were refused as busy)."""
    promised, busy = set(), 0
    for number in range(count):
        fields = {**GOOD, "email": f"n{number}@example.org", "comment": "words " * 160}
        fields |= {"q_why": "w" * 80}
        answer = door.api(api_body(fields))
        if answer.status == 202:
            promised.add(answer.json["id"])
        else:
            assert (answer.status, answer.json["error"]["code"]) == (503, "busy")
            assert int(answer.headers["retry-after"]) >= 1
            busy += 1
    return promised, busy


def _swallowing(folder: Path, cycles: int, seed: int) -> Outcome:
    return real(folder, cycles, seed, swallow=True)


FAULT: Final = Fault("T5", "disk full, quota, inodes, short writes", 400, 20_000, story)
REAL: Final = Fault(
    "T5",
    "files that cannot grow (EFBIG), over HTTP",
    600,
    20_000,
    real,
    (Control("a swallowed fault", 600, _swallowing),),
)
