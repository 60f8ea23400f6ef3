"""What `benchmarks.drain` runs for each database, with its settings in the environment."""

import contextlib
import os
import resource
import sys
import time
from collections.abc import Iterator

from benchmarks import budget
from groundswell.people.tests import crash_child  # sets Django up

from django.db import connection, transaction  # isort: skip
from groundswell.base import env, wire  # isort: skip
from groundswell.people import store, verbs  # isort: skip
from groundswell.people.drain import drain  # isort: skip
from groundswell.people.tests.journal import click, sign, write, write_records  # isort: skip

PART = 5_000
RATES: dict[str, float] = {}


def main(number: int) -> None:
    crash_child.make()
    clicks = sign_all("first half", number // 2) + sign_all("second half", number // 2)
    reader = write_records(env.load().path("journal"), clicks)
    with timed("confirmations", len(clicks)):
        drain(reader)
    plain_insert(number)
    wanted = 2_000 if connection.vendor == "sqlite" else 3_000
    slowest = min(RATES[name] for name in RATES if name.startswith("signatures"))
    budget.at_least(f"{connection.vendor}: signatures drained a second", wanted, slowest)
    budget.show()


def sign_all(half: str, number: int) -> list[bytes]:
    """Drain so many signatures; returns the records that confirm them."""
    clicks = []
    for start in range(0, number, PART):
        size = min(PART, number - start)
        part = [sign(f"{os.urandom(6).hex()}@example.org") for _ in range(size)]
        clicks += [wire.encode(click(one)) for one in part]
        reader = write(env.load().path("journal"), part)
    with timed(f"signatures, {half}", number):
        drain(reader)
    return clicks


def plain_insert(number: int) -> None:
    reader = verbs.Reader()
    deeds = [reader.read(sign(f"yard{one}@example.org")) for one in range(number)]
    rows = [deed.row for deed in deeds if isinstance(deed, verbs.Signature)]
    with timed("yardstick: plain insert", number):
        for start in range(0, number, 1000):
            with transaction.atomic():
                store.insert_new(rows[start : start + 1000])


@contextlib.contextmanager
def timed(what: str, number: int) -> Iterator[None]:
    """Prints one line of the table for what happens inside."""
    began, cpu = time.perf_counter(), time.process_time()
    yield
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    RATES[what] = number / took
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    each = f"{cpu * 1000 / number:.2f}"
    print(
        f"| {connection.vendor} | {what} | {number / took:,.0f} | {each} | {memory} |", flush=True
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
