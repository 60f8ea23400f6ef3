"""T9, overload: floods and hostile clients in other processes; a visitor is served all the same."""

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import Intake, api_body
from tests.faults.crowd import percentile
from tests.faults.doors import SLOW_DISK, START
from tests.faults.flood import Hostile
from tests.faults.matrix import Fault, Outcome

CONNECTIONS: Final = 300
HOLDERS: Final = ("headers", "bodies", "idle", "chunks")
CEILING: Final = 90.0


class Visitor:
    """An ordinary one: opens the page, signs, and sends the same again if there was no room."""

    def __init__(self, door: Intake) -> None:
        self._door = door
        self.ids: list[str] = []
        self.refused = 0
        self.taken_ms: list[float] = []

    def come(self, times: int) -> float:
        """So often; the 99th percentile in milliseconds. Raises for an answer that is not right."""
        first = len(self.taken_ms)
        for _ in range(times):
            began = time.monotonic()
            assert self._door.get(site.PATH).status == 200
            self.ids.append(self._sign(api_body()))
            self.taken_ms.append((time.monotonic() - began) * 1000)
        return percentile(self.taken_ms[first:])

    def _sign(self, body: dict[str, Any]) -> str:
        deadline = time.monotonic() + CEILING
        while (answer := self._door.api(body)).status == 503:
            assert int(answer.headers["retry-after"]) >= 1
            assert time.monotonic() < deadline, "never let in"
            self.refused += 1
            time.sleep(0.1)
        assert answer.status == 202, answer.text
        stored: str = answer.json["id"]
        return stored


def flooded(folder: Path, cycles: int, seed: int) -> Outcome:
    """Two processes send all they can, to a disk that is slower, while a visitor comes so often."""
    site.make_folder(folder)
    with ExitStack() as stack:
        door = stack.enter_context(site.intake(folder, program=SLOW_DISK + START, journal_queue=64))
        visitor = Visitor(door)
        before = visitor.come(cycles)
        hostile = _all_ready(stack, door, ["flood", "flood"])
        during = visitor.come(cycles)
        seen = [one.stop() for one in hostile]
        door.stop()
    wrong = [what for one in seen for what in one["wrong"]]
    assert not wrong, wrong
    assert all(one["accepted"] for one in seen)
    assert sum(one["refused"] for one in seen), "there was room for all of them"
    promised = {*visitor.ids, *(i for one in seen for i in one["promised"].values())}
    rates = [sum(one[name] for one in seen) for name in ("offered", "accepted", "refused")]
    note = "{:,.0f}/s offered, {:,.0f} accepted, {:,.0f} refused".format(*rates)
    slowest = max(one["refused_ms"][1] for one in seen)
    note += f" (p99 {slowest:.0f} ms); a visitor's p99 {before:.0f}, then {during:.0f} ms"
    return _judge(folder, promised, cycles)._replace(note=note)


def held(folder: Path, cycles: int, seed: int) -> Outcome:
    """Slow heads, slow bodies, silence and endless chunks, until the door has closed them all."""
    site.make_folder(folder)
    with ExitStack() as stack:
        door = stack.enter_context(site.intake(folder))
        visitor = Visitor(door)
        before = visitor.come(cycles)
        hostile = _all_ready(stack, door, HOLDERS)
        deadline = time.monotonic() + CEILING
        first = len(visitor.taken_ms)
        while not all(one.has("closed") for one in hostile):
            visitor.come(1)
            time.sleep(0.05)
            assert time.monotonic() < deadline, "held for ever"
        visitor.come(cycles)
        during = percentile(visitor.taken_ms[first:])
        seen = [one.stop() for one in hostile]
        door.stop()
    assert visitor.refused == 0, "who holds on must not take anybody's place"
    answered = {status for one in seen for status in one["statuses"]}
    assert answered <= {408}, answered
    note = f"a visitor's p99 {before:.0f} ms, then {during:.0f} ms"
    return _judge(folder, set(visitor.ids), cycles)._replace(note=note)


def _all_ready(stack: ExitStack, door: Intake, kinds: tuple[str, ...] | list[str]) -> list[Hostile]:
    hostile = [stack.enter_context(Hostile(kind, door.port, CONNECTIONS)) for kind in kinds]
    site.wait_until(lambda: all(one.has("ready") for one in hostile), seconds=CEILING)
    return hostile


def _judge(folder: Path, promised: set[str], cycles: int) -> Outcome:
    """What a flood sent and did not hear of may be stored as well: nothing is invented here."""
    found = [one.id.hex() for one in site.read_journal(folder)]
    missing = promised - set(found)
    return Outcome(cycles, len(promised), len(missing), len(found) - len(set(found)))


FLOODED: Final = Fault("T9", "a flood from two processes, visits beside it", 10, 300, flooded)
HELD: Final = Fault("T9", "slowloris, slow bodies, idle connections", 40, 400, held)
