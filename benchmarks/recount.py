"""What the nightly recount costs, and whom it holds up: `python -m benchmarks.recount [NUMBER]`.

On SQLite, where one writer at a time is all there is. The drain goes on in a thread of its own,
first alone and then beside the recount; memory is the most the process ever had, before and after.
"""

import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from groundswell.base import keyring

FOLDER = tempfile.TemporaryDirectory(prefix="groundswell-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "groundswell.studio.settings"
os.environ["GROUNDSWELL_VAR"] = FOLDER.name
keyring.init(Path(FOLDER.name) / "keys")

from groundswell.people.tests import crash_child  # noqa: E402  sets Django up

from django.db import connections  # isort: skip # noqa: E402
from groundswell.base import env  # isort: skip # noqa: E402
from groundswell.base import breath  # isort: skip # noqa: E402
from groundswell.people import drain, recount  # isort: skip # noqa: E402
from groundswell.people.tests import factories  # isort: skip # noqa: E402
from groundswell.people.tests.journal import PAGE, sign, write  # isort: skip # noqa: E402

BATCH = 50


def main(number: int) -> None:
    crash_child.make()
    now = datetime.now(UTC)
    factories.fill(number, factories.Recipe(page_keys=[PAGE], until=now))
    alone = Drains()
    alone.until(lambda: time.sleep(5))
    before, breaths, wrong = memory(), Breaths(), []
    beside = Drains()

    def count() -> None:
        breath.becomes(breaths.take)
        wrong.extend(recount.recount(page_key=PAGE))

    began = time.perf_counter()
    beside.until(count)
    took = time.perf_counter() - began
    print("| the recount | |\n|---|---|")
    print(f"| rows | {number:,} in {took:.1f} s, {number / took:,.0f} a second |")
    print(f"| sums that were wrong | {len(wrong)} |")
    print(f"| longest time without a breath | {breaths.longest * 1000:.0f} ms |")
    print(f"| memory | {before} MiB before, {memory()} MiB after |")
    print(f"| a drain of {BATCH}, alone | {alone} |")
    print(f"| a drain of {BATCH}, beside the recount | {beside} |", flush=True)


class Breaths:
    """How long the recount went without one."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.last = time.perf_counter()

    def take(self) -> None:
        now = time.perf_counter()
        self.longest, self.last = max(self.longest, now - self.last), now


class Drains:
    """Small drains, one after the other, each timed."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.over = threading.Event()

    def until(self, work: Callable[[], object]) -> None:
        """Drain for as long as the work takes."""
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            work()
        finally:
            self.over.set()
            thread.join()

    def _run(self) -> None:
        while not self.over.is_set():
            reader = write(env.load().path("journal"), [sign() for _ in range(BATCH)])
            began = time.perf_counter()
            drain.drain(reader)
            self.times.append(time.perf_counter() - began)
        connections.close_all()

    def __str__(self) -> str:
        middle = statistics.median(self.times) * 1000
        return f"median {middle:.0f} ms, longest {max(self.times) * 1000:.0f} ms"


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    with FOLDER:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
