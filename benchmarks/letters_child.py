"""What `benchmarks.letters` runs for each database, with its settings in the environment."""

import os
import smtplib
import statistics
import sys
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402  after the set-up
from django.db import connection, transaction  # noqa: E402

from benchmarks import budget  # noqa: E402
from groundswell.base import clock, env  # noqa: E402
from groundswell.delivery.channels.email import message  # noqa: E402
from groundswell.delivery.channels.email.channel import Email  # noqa: E402
from groundswell.delivery.models import Parcel, TargetTally  # noqa: E402
from groundswell.delivery.sender import CLAIM, Sender  # noqa: E402
from groundswell.delivery.tests import letters  # noqa: E402

TARGETS = 100
CHUNK = 100_000
_NAME = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, {0}))",
}


def main(number: int, queued: int) -> None:
    os.sched_setaffinity(0, {0})
    call_command("migrate", verbosity=0)
    letters.queue(number + 2 * CLAIM, targets=TARGETS)
    few = measure(number)
    yardstick(number)
    pile_up(queued)
    many = measure(number)
    name = connection.vendor
    budget.at_least(f"{name}: letters sent a second, one core", 200, few.rate)
    budget.at_least(f"{name}: the same with {queued:,} queued", 200, many.rate)
    what = f"{name}: cost of a letter with {queued:,} queued, times that with a thousand"
    budget.at_most(what, 1.1, many.cost / few.cost, "{:.2f}")
    budget.show()


class Measured:
    """How many left a second, and the CPU milliseconds of the middle step for each letter."""

    def __init__(self, rate: float, cost: float) -> None:
        self.rate = rate
        self.cost = cost


def measure(number: int) -> Measured:
    """Send so many of those that wait; prints one line of the table."""
    waiting = sum(TargetTally.objects.values_list("queued", flat=True))
    sender = Sender(Email(), letters.compose)
    sender.step()  # opens the connections
    costs, sent, began = [], 0, time.perf_counter()
    while sent < number:
        cpu = time.process_time()
        left = sender.step()
        costs.append((time.process_time() - cpu) * 1000 / left)
        sent += left
    took = time.perf_counter() - began
    sender.close()
    accepted = Parcel.objects.filter(state="accepted").count()
    assert accepted >= sent
    return show(f"core, {Email().connections()} connections", waiting, sent / took, costs)


def show(what: str, waiting: int, rate: float, costs: list[float]) -> Measured:
    cost = statistics.median(costs)
    print(f"| {connection.vendor} | {waiting:,} | {what} | {rate:,.0f} | {cost:.2f} |", flush=True)
    return Measured(rate, cost)


def yardstick(number: int) -> None:
    """The same bytes, with nothing around them."""
    parcel = Parcel.objects.select_related("tally")[0]
    sample = message.build(letters.compose(parcel))
    settings = env.load()
    began, cpu = time.perf_counter(), time.process_time()
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port) as server:
        for _ in range(number):
            server.sendmail(sample.sender, sample.recipient, sample.data)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    show("yardstick: bare smtplib", 0, number / took, [cpu * 1000 / number])


def pile_up(number: int) -> None:
    """So many more letters wait, for the same targets, each with its first Transition."""
    now = clock.now()
    tallies = list(TargetTally.objects.order_by("pk"))
    first, last = tallies[0].pk, tallies[-1].pk
    name = _NAME[connection.vendor]
    columns = (
        'key, submission_id, campaign_key, page_key, tally_id, target, channel, language, "group",'
        " digest, batch, state, tries, unsure, made_at, changed_at, due_at"
    )
    values = (
        f"{name}, {name}, t.campaign_key, t.page_key, t.id, t.target, t.channel, 'en', '', %s,"
        " %s, 'queued', 0, 0, %s, %s, %s"
    )
    for start in range(0, number, CHUNK):
        size = min(CHUNK, number - start)
        numbers = _NUMBERS[connection.vendor].format(size)
        rows = (
            f"{numbers} INSERT INTO delivery_parcel ({columns}) SELECT {values} FROM n"
            f" JOIN delivery_targettally t ON t.id = {first} + n.i %% {last - first + 1}"
        )
        if connection.vendor == "sqlite":
            head, _, rest = rows.partition(" INSERT INTO ")
            into, _, select = rest.partition(" SELECT ")
            rows = f"INSERT INTO {into} {head} SELECT {select}"
        steps = (
            "INSERT INTO delivery_transition"
            " (parcel_id, at, state, host, attempt, words, reference, by)"
            " SELECT id, made_at, 'queued', '', 0, '', '', 'core' FROM delivery_parcel"
            " WHERE made_at = %s AND id > %s"
        )
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT max(id) FROM delivery_parcel")
            (before,) = cursor.fetchone()
            cursor.execute(rows, [b"", False, now, now, now])
            cursor.execute(steps, [now, before])
    add = "UPDATE delivery_targettally SET wake_at = %s, queued = (SELECT count(*) FROM"
    add += " delivery_parcel p WHERE p.tally_id = delivery_targettally.id AND p.state = 'queued')"
    with connection.cursor() as cursor:
        cursor.execute(add, [now])
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
