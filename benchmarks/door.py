"""The public door beside servers that do less: `python -m benchmarks.door`.

Page views against the same Granian with a constant answer, against nginx serving the same file, and
against the front that we ship; durable sealed acknowledgements against a POST that is read and
thrown away, and against raw writes of the same groups to the same disk. One core for the server and
one for wrk, medians of three, in turn: only the ratios mean anything on another machine.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Final, NamedTuple

from benchmarks import budget, front, loads
from benchmarks.loads import Result, Target
from groundswell.intake.journal_reader import JournalReader
from groundswell.intake.tests import site_factory as site

CONNECTIONS: Final = (64, 256)
RAW_SECONDS: Final = 1.0
COLUMNS: Final = (
    "| what | connections | a second | p99 ms | CPU µs each | of the first | the same by CPU |"
)


def main(folder: Path) -> None:
    site.make_folder(folder)
    page = publish(folder)
    script = folder / "sign.lua"
    script.write_text(loads.SIGN)
    with ExitStack() as stack:
        door = stack.enter_context(loads.door(folder))
        yard = stack.enter_context(loads.granian(page.with_name("index.html.gz")))
        plain = stack.enter_context(loads.nginx(folder, folder / "site" / "public"))
        time.sleep(1)
        worker = loads.family(loads.target(door).pid)[-1]
        memory = Memory(rest=loads.memory(worker))
        with memory.watched(worker):
            fronts = stack.enter_context(front.shipped(folder, door.port))
            views(door, yard, plain, fronts)
            acked = signatures(door, yard, script)
    groups = Groups.read(folder)
    raw(folder, groups)
    stored = len(site.read_journal(folder))
    print(f"\n{acked:,} acknowledged, {stored:,} stored and readable: what was on its way when wrk")
    print("stopped listening, at most one for each connection of each run, is stored too.")
    memory.show()
    budget.show()


def publish(folder: Path) -> Path:
    """A page whose compressed form is as large as a page may be: what ours cost at most."""
    path = folder / "site" / "public" / site.PATH.strip("/") / "index.html"
    words = "".join(f"<p>{os.urandom(21).hex()} words of a page</p>" for _ in range(410))
    site.write_page(folder, site.PATH, f"<!doctype html>{words}")
    size = path.with_name("index.html.gz").stat().st_size
    print(f"The page: {path.stat().st_size:,} bytes, {size:,} with gzip.\n", flush=True)
    site.touch_generation(folder)
    return path


def views(door: site.Intake, yard: Target, plain: Target, fronts: Mapping[str, Target]) -> None:
    """Page views, each with `Accept-Encoding: gzip`."""
    targets = {
        "Granian, a constant": yard,
        "page views, intake": loads.target(door, site.PATH),
        "nginx, the same file": plain._replace(url=plain.url + site.PATH),
        **{name: one._replace(url=one.url + site.PATH) for name, one in fronts.items()},
    }
    for connections in CONNECTIONS:
        found = loads.in_turn(targets, connections)
        rows(connections, found)
        ours, theirs = found["page views, intake"], found["Granian, a constant"]
        what = f"page views, of a Granian constant, {connections} connections"
        budget.at_least(what, 0.8, ours.rate / theirs.rate, "{:.0%}")
        for name in fronts:
            what = f"{name}, of plain nginx, {connections} connections"
            ratio = found[name].rate / found["nginx, the same file"].rate
            budget.at_least(what, 0.8, ratio, "{:.0%}")
    print(flush=True)


def signatures(door: site.Intake, yard: Target, script: Path) -> int:
    """Signatures, each with a key of its own; returns how many were acknowledged."""
    targets = {
        "Granian, POST that stores nothing": yard._replace(script=script),
        "durable sealed acks, intake": loads.target(door, site.PATH, script),
    }
    acked = 0
    for connections in CONNECTIONS:
        found = loads.in_turn(targets, connections)
        rows(connections, found)
        theirs, ours = found.values()
        acked += ours.requests - ours.errors
        what = f"durable sealed acks, {connections} connections"
        budget.at_least(f"{what}: a second on one core", 10_000, ours.rate)
        budget.at_least(
            f"{what}: of a POST that stores nothing", 0.4, ours.rate / theirs.rate, "{:.0%}"
        )
        budget.at_most(f"{what}: p99 ms", 250, ours.p99_ms)
        if ours.errors:
            print(f"\n{ours.errors} of intake's answers were neither 2xx nor 3xx.\n")
    return acked


def rows(connections: int, found: Mapping[str, Result]) -> None:
    """A table; its last column compares with its first row."""
    print(f"\n{COLUMNS}\n|---|---|---|---|---|---|---|")
    first = next(iter(found.values()))
    for name, one in found.items():
        cells = f"{name} | {connections} | {one.rate:,.0f} | {one.p99_ms:.0f} | {one.cpu_us:.0f}"
        ratios = f"{one.rate / first.rate:.0%} | {first.cpu_us / one.cpu_us:.0%}"
        print(f"| {cells} | {ratios} |", flush=True)


# The disk alone ---------------------------------------------------------------------------------


class Groups(NamedTuple):
    """What the door's groups were like."""

    records: float
    size: float

    @classmethod
    def read(cls, folder: Path) -> "Groups":
        reader = JournalReader(folder / "journal")
        records, sizes = [], []
        for file in reader.files():
            after = 0
            while groups := reader.read(file, after=after):
                records += [group.n for group in groups]
                sizes += [len(group.sealed) for group in groups]
                after = groups[-1].seq
        return cls(statistics.mean(records), statistics.mean(sizes))


def raw(folder: Path, groups: Groups) -> None:
    """Write and fdatasync such groups for a while, three times."""
    group = os.urandom(round(groups.size))
    waits: list[float] = []
    rates = []
    for _ in range(loads.ROUNDS):
        began = len(waits)
        with (folder / "raw").open("wb", buffering=0) as file:
            start = time.perf_counter()
            while (now := time.perf_counter()) < start + RAW_SECONDS:
                file.write(group)
                os.fdatasync(file.fileno())
                waits.append(time.perf_counter() - now)
        rates.append((len(waits) - began) / RAW_SECONDS)
    rate = statistics.median(rates)
    waits.sort()
    print("\n| raw group commits to the same disk | |\n|---|---|")
    print(f"| records in a group, as the door made them | {groups.records:.0f} |")
    print(f"| bytes of a group, sealed | {groups.size:,.0f} |")
    print(f"| write + fdatasync a second | {rate:,.0f} |")
    print(f"| that is, records a second | {rate * groups.records:,.0f} |")
    middle, last = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
    print(f"| fdatasync p50, p99 | {middle * 1000:.2f} ms, {last * 1000:.2f} ms |", flush=True)


# Memory -----------------------------------------------------------------------------------------


class Memory:
    """What the worker had at rest, and the most it had meanwhile."""

    def __init__(self, *, rest: tuple[float, float]) -> None:
        self.rest = self.most = rest

    @contextmanager
    def watched(self, pid: int) -> Iterator[None]:
        over = Event()

        def watch() -> None:
            while not over.wait(0.2):
                self.most = max(self.most, loads.memory(pid))

        thread = Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def show(self) -> None:
        print("\n| intake, one worker | RSS MiB | PSS MiB |\n|---|---|---|")
        for name, (rss, pss) in (("at rest", self.rest), ("under load", self.most)):
            print(f"| {name} | {rss:.0f} | {pss:.0f} |")
        budget.at_most(
            "memory of an intake worker under load, RSS in MB", 80, self.most[0] * 1.048576
        )


if __name__ == "__main__":
    loads.need("wrk", "taskset", "nginx")
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as name:
        main(Path(name))
