"""One intake worker and two: `python -m benchmarks.workers`.

Two workers get both cores, and on a machine with two wrk takes a part of the same ones: so what a
second of the server's own processor time carries is shown beside the plain rate. On a machine with
more, wrk has a core of its own.
"""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks import loads
from groundswell.intake.tests import site_factory as site

CONNECTIONS: Final = 256
CORES: Final = {1: "0", 2: "0,1"}


def main(folder: Path) -> None:
    script = folder / "sign.lua"
    script.write_text(loads.SIGN)
    core = "2" if (os.cpu_count() or 1) > 2 else "1"
    what = "shares core 1 with them" if core == "1" else "has core 2"
    print(f"wrk {what}; {CONNECTIONS} connections.\n")
    print("| what | workers | cores | a second | p99 ms | a second of server CPU | of one worker |")
    print("|---|---|---|---|---|---|---|", flush=True)
    with ExitStack() as stack:
        doors = {}
        for number, cores in CORES.items():
            home = folder / str(number)
            home.mkdir()
            site.make_folder(home)
            door = loads.door(home, cores=cores, intake_workers=number, metrics_port=0)
            doors[number] = stack.enter_context(door)
        for name, lua in (("page views", None), ("durable sealed acks", script)):
            targets = {
                str(number): loads.target(door, site.PATH, lua) for number, door in doors.items()
            }
            show(name, loads.in_turn(targets, CONNECTIONS, core=core))


def show(name: str, found: dict[str, loads.Result]) -> None:
    """Two rows."""
    for number, one in found.items():
        ratio = one.rate / found["1"].rate
        row = f"{name} | {number} | {len(CORES[int(number)].split(','))} | {one.rate:,.0f}"
        row += f" | {one.p99_ms:.0f} | {1e6 / one.cpu_us:,.0f} | {ratio:.0%}"
        print(f"| {row} |", flush=True)


if __name__ == "__main__":
    loads.need("wrk", "taskset")
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as name:
        main(Path(name))
