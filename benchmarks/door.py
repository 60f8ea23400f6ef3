"""Measure the public door against the same Granian doing nothing: `python -m benchmarks.door`.

Page views against a constant answer, durable sealed acknowledgements against a POST that is read
and thrown away. Server on one core, wrk on another, medians of three, interleaved in one run: only
the ratios mean anything on another machine.
"""

import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from groundswell.intake.tests import site_factory as site

ROUNDS: Final = 3
SECONDS: Final = 3
CONNECTIONS: Final = (64, 256)
YARDSTICK: Final = """
import sys
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server
body = open(sys.argv[2], "rb").read()
headers = [("content-type", "text/html; charset=utf-8")]
async def app(scope, proto):
    if scope.method == "POST":
        await proto()
        proto.response_empty(303, [("location", "/")])
    else:
        proto.response_bytes(200, headers, body)
Server("x", port=int(sys.argv[1]), interface=Interfaces.RSGI, loop=Loops.uvloop,
       http=HTTPModes.http1, websockets=False, backlog=4096, backpressure=16384,
       log_level=LogLevels.error).serve(target_loader=lambda: app, wrap_loader=False)
"""
# Each request has a key of its own, as the page's script makes one.
SIGN: Final = """
local count = 0
local id = "0"
function init(args)
  math.randomseed(os.time() + tonumber(args[1]))
  id = tostring(math.random(1, 1e9))
end
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
function request()
  count = count + 1
  local body = "given_name=Amina&family_name=O%27Brien&email=amina." .. id .. "." .. count
    .. "%40example.org&country=GB&postcode=SW1A+1AA&comment=For+the+river+behind+our+school."
    .. "&consent_news=v2&website=&shown=14250&key=benchmark-" .. id .. "-" .. count
  return wrk.format("POST", nil, nil, body)
end
"""


class Result(NamedTuple):
    """One run of wrk. `cpu_us` is the server's processor time for one request."""

    rate: float
    p99_ms: float
    cpu_us: float
    errors: int


class Target(NamedTuple):
    """A server and one address of it."""

    pid: int
    url: str


@contextmanager
def pinned(command: list[str]) -> Iterator[int]:
    """A server on core 0."""
    process = subprocess.Popen(["taskset", "-c", "0", *command], start_new_session=True)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def cpu_seconds(pid: int) -> float:
    """Processor time of a server's main process and its workers."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = 0
    for each in (str(pid), *children):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def wrk(target: Target, connections: int, script: Path | None, salt: int) -> Result:
    """Load from core 1."""
    before = cpu_seconds(target.pid)
    command = ["taskset", "-c", "1", "wrk", "--latency", "-t1", f"-c{connections}"]
    command += [f"-d{SECONDS}s", *(["-s", str(script)] if script else [])]
    command.append(target.url)
    command += ["--", str(salt)] if script else []
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", text)
    p99 = re.search(r"99%\s+([0-9.]+)(us|ms|s)", text)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if not rate or not p99:
        raise RuntimeError(text)
    unit = {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]
    total = re.search(r"(\d+) requests in", text)
    cpu = (cpu_seconds(target.pid) - before) / max(1, int(total[1]) if total else 1)
    return Result(float(rate[1]), float(p99[1]) * unit, cpu * 1e6, int(bad[1]) if bad else 0)


def measure(folder: Path) -> None:
    """Run all of it and print a table."""
    site.make_folder(folder)
    page = folder / "site" / "public" / site.PATH.strip("/") / "index.html"
    page.write_text("<!doctype html>" + "<p>words of a page</p>" * 560)
    page.with_name("index.html.br").unlink()
    page.with_name("index.html.gz").unlink()
    script = folder / "sign.lua"
    script.write_text(SIGN)
    door = site.Intake(folder, metrics_port=0, journal_queue=8192)
    yard_port = site.free_port()
    yardstick = [sys.executable, "-c", YARDSTICK, str(yard_port), str(page)]
    print(
        "| what | connections | door /s | p99 ms | CPU µs | Granian /s | p99 ms | CPU µs | ratio |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    with pinned(yardstick) as yard:
        door.start(wrapper=["taskset", "-c", "0"])
        assert door.process is not None
        try:
            time.sleep(1)
            ours = Target(door.process.pid, f"http://127.0.0.1:{door.port}{site.PATH}")
            theirs = Target(yard, f"http://127.0.0.1:{yard_port}")
            for connections in CONNECTIONS:
                compare("page views", connections, ours, theirs, None)
                compare("durable acks", connections, ours, theirs, script)
        finally:
            door.stop()
    print(f"\nStored and readable afterwards: {len(site.read_journal(folder))} submissions.")


def compare(what: str, connections: int, ours: Target, theirs: Target, script: Path | None) -> None:
    """Ours and the yardstick in turn, so that a noisy machine is noisy for both."""
    mine, yard = [], []
    for salt in range(ROUNDS):
        mine.append(wrk(ours, connections, script, salt * 1000 + connections))
        yard.append(wrk(theirs, connections, script, salt))
    cells = [f"{what} | {connections}"]
    for runs in (mine, yard):
        rate, p99, cpu = (statistics.median(run[at] for run in runs) for at in range(3))
        cells.append(f"{rate:,.0f} | {p99:.0f} | {cpu:.0f}")
    ratio = statistics.median(r.rate for r in mine) / statistics.median(r.rate for r in yard)
    print(f"| {' | '.join(cells)} | {ratio:.0%} |", flush=True)
    refused = sum(run.errors for run in mine)
    if refused:
        print(f"\n{refused} of the door's answers above were neither 2xx nor 3xx.\n")


if __name__ == "__main__":
    if not (shutil.which("wrk") and shutil.which("taskset")):
        sys.exit("benchmarks need wrk and taskset: apt install wrk util-linux")
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as name:
        measure(Path(name))
