"""T15: watched from outside (strace): no journal file goes before its rows are on the disk."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from groundswell.people.tests.journal import sign
from tests.faults.matrix import Control, Fault, Outcome
from tests.faults.stores import Store

PROGRAM: Final = """
from groundswell.people.tests import crash_child as child
{guard_off}
child.run()
"""
NO_SYNC: Final = "child.connection.cursor().execute('PRAGMA synchronous=OFF')"
_CALLS: Final = "pwrite64,fsync,fdatasync,unlink,unlinkat"
_WRITE: Final = re.compile(r"pwrite64\(\d+<[^>]*/db\.sqlite3-wal>")
_SYNC: Final = re.compile(r"f(?:data)?sync\(\d+<[^>]*/db\.sqlite3-wal>\) *= 0")
_GONE: Final = re.compile(r'unlink(?:at)?\(.*\.journal".*= 0')


def story(folder: Path, cycles: int, seed: int, *, guard_off: str = "") -> Outcome:
    """Drain so many files into SQLite; `lost` are those that went while their rows could."""
    store = Store(folder)
    _run(store, ["-m", "groundswell.people.tests.crash_child", "make"])
    signed = [sign(f"t15-{seed}-{number}@example.org") for number in range(cycles)]
    with store.here():
        store.journal([[one] for one in signed])
    trace = folder / "trace"
    program = PROGRAM.format(guard_off=guard_off)
    watch = ["strace", "-f", "-y", "-e", f"trace={_CALLS}", "-o", str(trace)]
    _run(store, ["-c", program], wrapper=watch)
    gone, early = read(trace)
    assert gone == cycles, f"{gone} deletions in the trace of {cycles}"
    return store.judge([one.id.hex() for one in signed], cycles) + Outcome(0, 0, lost=early)


def read(trace: Path) -> tuple[int, int]:
    """How many journal files went, and how many of them while a write to the WAL was not synced."""
    gone = early = 0
    dirty = False
    for line in trace.read_text(errors="replace").splitlines():
        if _WRITE.search(line):
            dirty = True
        elif _SYNC.search(line):
            dirty = False
        elif _GONE.search(line):
            gone += 1
            early += dirty
    return gone, early


def _run(store: Store, words: list[str], *, wrapper: list[str] | None = None) -> None:
    subprocess.run([*(wrapper or []), sys.executable, *words], env=store.environ, check=True)


def _without_sync(folder: Path, cycles: int, seed: int) -> Outcome:
    return story(folder, cycles, seed, guard_off=NO_SYNC)


FAULT: Final = Fault(
    "T15",
    "a journal file deleted before its rows are synced (strace)",
    12,
    500,
    story,
    (Control("core's SQLite syncs each commit", 4, _without_sync),),
)
