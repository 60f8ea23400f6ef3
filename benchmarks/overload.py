"""Ten times as many at once: `python -m benchmarks.overload`.

First as many connections as one core serves well, then ten times as many, each sending its next
signature as soon as it is answered, whatever the answer was; that is wrk. Beside it, some visitors
of our own measure how long an answer takes: wrk does not tell a refusal's time from the others'.
All of them share one core, so these times are upper bounds; and where a crowd never pauses, nobody
can be answered sooner than its size divided by how many are answered a second.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Final, cast

import uvloop

from benchmarks import budget, loads
from groundswell.intake.tests import site_factory as site

NORMAL: Final = 256
VISITORS: Final = 128
QUEUE: Final = 1024  # so that the crowd is larger than what may wait
SECONDS: Final = 4
HEAD: Final = (
    f"POST {site.PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n"
    "content-type: application/x-www-form-urlencoded\r\n\r\n"
)
FORM: Final = (
    "given_name=Amina&family_name=O%%27Brien&email=amina.%d%%40example.org&country=GB"
    "&comment=For+the+river+behind+our+school.&consent_news=v2&website=&shown=14250"
    "&key=benchmark-{run}-%016d"
)
RUN: Final = os.urandom(6).hex()  # or what was sent in the last round would not be new
Times = dict[int, list[float]]


class Lane(asyncio.Protocol):
    """One connection that never rests."""

    sent = 0

    def __init__(self, times: Times) -> None:
        self.times = times
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.send()

    def send(self) -> None:
        Lane.sent += 1
        body = FORM.replace("{run}", RUN) % (Lane.sent, Lane.sent)
        self.began = time.perf_counter()
        self.transport.write((HEAD % len(body) + body).encode())

    def data_received(self, data: bytes) -> None:
        self.rest += data
        head, end, body = self.rest.partition(b"\r\n\r\n")
        size = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if not end or len(body) < int(size or 0):
            return
        self.rest = b""
        self.times[int(head[9:12])].append(time.perf_counter() - self.began)
        self.send()

    def connection_lost(self, error: Exception | None) -> None:
        self.times[0].append(0.0)


async def flood(port: int, connections: int) -> Times:
    """All answers' times by status; 0 is a connection that was cut."""
    times: Times = defaultdict(list)
    loop = asyncio.get_running_loop()
    lanes = []
    for _ in range(connections):
        _, lane = await loop.create_connection(lambda: Lane(times), "127.0.0.1", port)
        lanes.append(lane)
    times.clear()
    await asyncio.sleep(SECONDS)
    found = {status: list(some) for status, some in times.items()}
    for lane in lanes:
        lane.transport.abort()
    return found


def visit(port: int) -> None:
    """Some visitors, in a process of their own, on the core for loads."""
    found = uvloop.run(flood(port, VISITORS))
    taken, refused = found.pop(303, []), found.pop(503, [])
    others = {status: len(some) for status, some in found.items()}
    print(p99(taken), len(refused), p99(refused), others or "none")


def p99(times: list[float]) -> float:
    return sorted(times)[len(times) * 99 // 100] * 1000 if times else 0.0


def main(folder: Path) -> None:
    print("| connections | accepted a second | refused (503) a second | p99 ms | p99 ms of a 503 |")
    print("|---|---|---|---|---|", flush=True)
    site.make_folder(folder)
    script = folder / "sign.lua"
    script.write_text(loads.SIGN)
    found = []
    with loads.door(folder, journal_queue=QUEUE) as door:
        for salt, connections in enumerate((NORMAL, NORMAL * 10, NORMAL)):
            found.append(
                measure(loads.target(door, site.PATH, script), door.port, connections, salt)
            )
    normal = (found[0][0] + found[2][0]) / 2
    budget.at_least("accepted in a tenfold crowd, of normal", 0.9, found[1][0] / normal, "{:.0%}")
    if found[1][1]:
        budget.at_most("p99 of a refusal in a tenfold crowd, ms", 50, found[1][1])
    budget.show()


def measure(door: loads.Target, port: int, connections: int, salt: int) -> tuple[float, float]:
    """The accepted rate, and the time of a refusal; prints a row."""
    command = ["taskset", "-c", loads.LOAD_CORE, sys.executable]
    command += ["-m", "benchmarks.overload", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as visitors:
        crowd = loads.wrk(door, connections, salt=salt, seconds=SECONDS + 2)
        said, _ = visitors.communicate(timeout=60)
    wait, refusals, short, others = said.split(maxsplit=3)
    accepted = crowd.rate * (1 - crowd.errors / crowd.requests)
    row = f"{accepted:,.0f} | {crowd.rate - accepted:,.0f} | {float(wait):.0f}"
    row += f" | {float(short):.0f} of {refusals}" if int(refusals) else " | none"
    print(f"| {connections:,} | {row} |", flush=True)
    if others.strip() != "none":
        print(f"\nOther answers: {others}\n")
    return accepted, float(short)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        visit(int(sys.argv[1]))
    else:
        loads.need("taskset", "wrk")
        with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as name:
            main(Path(name))
