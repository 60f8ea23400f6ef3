"""Ten times as many at once: `python -m benchmarks.overload`.

First as many connections as one core serves well, then ten times as many, each sending its next
signature as soon as it is answered, whatever the answer was. What counts: the accepted rate does
not fall, and who is refused hears it soon. The crowd is one process on the other core and busy all
the time, so the times it measures are the longest that can be blamed on the door.
"""

import asyncio
import os
import resource
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

NORMAL: Final = 512
SECONDS: Final = 4.0
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


def crowd(port: int, connections: int) -> None:
    """In a process of its own, on the core for loads."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    found = uvloop.run(flood(port, connections))
    taken, refused = found.pop(303, []), found.pop(503, [])
    others = {status: len(some) for status, some in found.items()}
    print(len(taken) / SECONDS, p99(taken), len(refused) / SECONDS, p99(refused), others or "none")


def p99(times: list[float]) -> float:
    return sorted(times)[len(times) * 99 // 100] * 1000 if times else 0.0


def main(folder: Path) -> None:
    print("| connections | accepted a second | p99 ms | refused (503) a second | p99 ms | others |")
    print("|---|---|---|---|---|---|", flush=True)
    found = []
    site.make_folder(folder)
    with loads.door(folder, journal_queue=4096) as door:  # what it is if nobody sets it
        for connections in (NORMAL, NORMAL * 10, NORMAL):
            command = [
                "taskset",
                "-c",
                loads.LOAD_CORE,
                sys.executable,
                "-m",
                "benchmarks.overload",
            ]
            command += [str(door.port), str(connections)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            accepted, wait, refused, short, others = done.stdout.split(maxsplit=4)
            found.append((float(accepted), float(short), float(refused)))
            row = f"{float(accepted):,.0f} | {float(wait):.0f} | {float(refused):,.0f}"
            row += f" | {float(short):.0f} | {others.strip()}"
            print(f"| {connections:,} | {row} |", flush=True)
    normal = (found[0][0] + found[2][0]) / 2
    budget.at_least("accepted in a tenfold crowd, of normal", 0.9, found[1][0] / normal, "{:.0%}")
    if found[1][2]:
        budget.at_most("p99 of a refusal in a tenfold crowd, ms", 50, found[1][1])
    budget.show()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        crowd(int(sys.argv[1]), int(sys.argv[2]))
    else:
        loads.need("taskset")
        with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as name:
            main(Path(name))
