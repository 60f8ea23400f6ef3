"""T15: watched from outside (strace): no answer leaves before the kernel has confirmed its group.

The tags of a frame hold the ids of its submissions, and an answer holds the id it speaks of. So
each answer is compared with the very write and the very sync that cover it, while several
visitors send at once.
"""

import os
import re
import signal
import struct
import threading
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

from groundswell.intake.journal_files import TAG_BYTES
from groundswell.intake.journal_frames import FRAME_HEAD, MARK
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import Intake, api_body
from tests.faults.doors import ACK_EARLY, SLOW_DISK, START
from tests.faults.matrix import Control, Fault, Outcome

VISITORS: Final = 8
NO_SYNC: Final = "import os\nos.fdatasync = lambda _descriptor: None\n"
_CALLS: Final = "fsync,fdatasync,write,writev,pwrite64,sendto,sendmsg"
_LINE: Final = re.compile(r"(?P<thread>\d+) +(?:<\.\.\. )?(?P<call>\w+)(?P<rest>.*)")
_STRING: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_JOURNAL: Final = "".join(rf"\x{byte:02x}" for byte in b".journal") + ">"  # strace spells paths so
_ID: Final = re.compile(rb'"id": ?"([0-9a-f]{32})"')


class Seen(NamedTuple):
    """What a trace shows: per answer whether it was early, and how large the groups were."""

    answers: int
    early: int
    groups: list[int]


def story(folder: Path, cycles: int, seed: int, *, program: str = "") -> Outcome:
    """Send `cycles` submissions from several connections; `lost` is who was answered too early."""
    site.make_folder(folder)
    trace = folder / "trace"
    door = Intake(folder, program=program + START if program else "")
    watch = ["strace", "-f", "-y", "-xx", "-s", "4200", "-e", f"trace={_CALLS}", "-o", str(trace)]
    try:
        door.start(wrapper=watch)
        _send(door, cycles)
        assert door.process is not None
        os.killpg(door.process.pid, signal.SIGTERM)
        door.process.wait(60)
    finally:
        door.close()
    seen = read(trace)
    assert seen.answers == cycles, f"{seen.answers} answers in the trace of {cycles}"
    note = f"{len(seen.groups)} groups, the largest of {max(seen.groups)}"
    return Outcome(cycles, seen.answers, lost=seen.early, note=note)


def _send(door: Intake, cycles: int) -> None:
    statuses: Counter[int] = Counter()
    ready = threading.Barrier(VISITORS)

    def visit(index: int) -> None:
        ready.wait()
        for _ in range(index, cycles, VISITORS):
            statuses[door.api(api_body()).status] += 1

    for thread in site.in_threads(VISITORS, visit):
        thread.join()
    assert statuses == {202: cycles}, statuses


def read(trace: Path) -> Seen:
    """Go through a trace of all threads, in the kernel's order."""
    written: dict[str, set[bytes]] = {}  # by file: what no sync that has begun since covers
    syncing: dict[str, tuple[str, set[bytes]]] = {}  # by thread: what its sync will cover
    durable: set[bytes] = set()
    groups: list[int] = []
    answers = early = 0
    for line in trace.read_text(errors="replace").splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        thread, call, rest = match.groups()
        if call == "pwrite64" and _JOURNAL in rest:
            ids = _ids(_bytes(rest))
            groups += [len(ids)] if ids else []
            written.setdefault(_file(rest), set()).update(ids)
        elif call in {"fdatasync", "fsync"}:
            if _JOURNAL in rest:
                syncing[thread] = _file(rest), written.pop(_file(rest), set())
            if thread in syncing and rest.rstrip().endswith("= 0"):
                durable |= syncing.pop(thread)[1]
        elif "resumed" not in rest and (data := _bytes(rest)).startswith(b"HTTP/1.1 202"):
            answers += 1
            found = _ID.search(data)
            early += found is None or bytes.fromhex(found[1].decode()) not in durable
    return Seen(answers, early, groups)


def _file(rest: str) -> str:
    return rest[rest.index("<") : rest.index(">")]


def _bytes(rest: str) -> bytes:
    return b"".join(bytes.fromhex(part.replace("\\x", "")) for part in _STRING.findall(rest))


def _ids(data: bytes) -> set[bytes]:
    """The submissions in a frame, by its tags; none if these bytes are no frame."""
    if not data.startswith(MARK) or len(data) < FRAME_HEAD:
        return set()
    (length,) = struct.unpack_from("<I", data, len(MARK) + 20)
    tags = data[FRAME_HEAD : FRAME_HEAD + length]
    assert len(tags) == length, "the trace is too short to see who is in a group"
    return {tags[at + 16 : at + TAG_BYTES] for at in range(0, length, TAG_BYTES)}


def _without_sync(folder: Path, cycles: int, seed: int) -> Outcome:
    return story(folder, cycles, seed, program=NO_SYNC)


def _early(folder: Path, cycles: int, seed: int) -> Outcome:
    return story(folder, cycles, seed, program=SLOW_DISK + ACK_EARLY)


FAULT: Final = Fault(
    "T15",
    "an answer before its sync (strace)",
    120,
    5_000,
    story,
    (Control("no fdatasync", 40, _without_sync), Control("early answers", 40, _early)),
)
