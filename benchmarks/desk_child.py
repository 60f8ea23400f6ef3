"""What `benchmarks.desk` runs for each database, with its settings in the environment."""

import itertools
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

import django

django.setup()

from django.core.management import call_command  # noqa: E402  after the set-up
from django.db import connection  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks import budget, loads, many  # noqa: E402
from groundswell.base import clock, env  # noqa: E402
from groundswell.campaigns import counters  # noqa: E402
from groundswell.campaigns.models import ActionPage  # noqa: E402
from groundswell.people import export  # noqa: E402
from groundswell.people.drain import drain  # noqa: E402
from groundswell.people.models import Participation  # noqa: E402
from groundswell.people.queries import Filters  # noqa: E402
from groundswell.people.tests.journal import sign, write  # noqa: E402
from groundswell.studio import roles  # noqa: E402
from groundswell.studio.home.tests import desk  # noqa: E402

CAMPAIGNS: Final = 20
PAGES_EACH: Final = 5
TIMES: Final = 9
DRAINED: Final = 1_000
UPDATES: Final = 100
EXPORT_SECONDS: Final = 8.0


def grow(number: int) -> None:
    """Fill the tables in three steps, and see what one more signature costs after each."""
    call_command("migrate", verbosity=0)
    desk.furnish()
    pages = [
        desk.make_page(campaign, title=f"Action {one}").page_key
        for campaign in [desk.make_campaign(f"Campaign {one}") for one in range(CAMPAIGNS)]
        for one in range(PAGES_EACH)
    ]
    now, made = clock.now(), 0
    print(
        "| database | participations | one update of all sums, ms | of that, CPU |"
        " one signature drained, CPU ms |"
    )
    print("|---|---|---|---|---|", flush=True)
    costs = []
    for size in sorted({number // 1000, number // 10, number}):
        many.fill(first=made + 1, last=size, total=number, pages=pages, now=now)
        made = size
        took, cpu = cost_of_an_update(pages[0])
        costs.append(cpu)
        drained = cost_of_draining(pages[0])
        row = f"{connection.vendor} | {size:,} | {took:.2f} | {cpu:.2f} | {drained:.2f}"
        print(f"| {row} |", flush=True)
    what = f"CPU of a counter's update at {number:,} rows, of that at {number // 1000:,}"
    budget.at_most(f"{connection.vendor}: {what}", 1.5, costs[-1] / costs[0], "{:.2f}")
    many.seal_ends()
    budget.show()


def cost_of_an_update(page: UUID) -> tuple[float, float]:
    """Milliseconds for adding one signature to every sum, in a transaction of its own.

    The second is processor time: the first is mostly the disk's.
    """
    times, cpu = [], []
    for _ in range(UPDATES):
        change = counters.change(
            page_key=page, at=clock.now(), country="GB", language="en", source="x", collected=1
        )
        began, used = time.perf_counter(), time.process_time()
        counters.add(change)
        times.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
    return statistics.median(times) * 1000, statistics.median(cpu) * 1000


def cost_of_draining(page: UUID) -> float:
    """Milliseconds of processor time for one of a thousand signatures drained together."""
    signed = [sign(f"{os.urandom(6).hex()}@example.org", page=page.hex) for _ in range(DRAINED)]
    reader = write(env.load().path("journal"), signed)
    began = time.process_time()
    drain(reader)
    return (time.process_time() - began) * 1000 / DRAINED


# What organisers look at ------------------------------------------------------------------------


def look(_number: int) -> None:
    """Ask for each page as an administrator does."""
    keys = ActionPage.objects.order_by("pk").values_list("translation_key", flat=True)
    pages = list(dict.fromkeys(keys))
    client = desk.client_of(roles.ADMINISTRATORS)
    client.defaults["SERVER_NAME"] = "localhost"
    last = Participation.objects.order_by("-id")[0]
    someone = f"/supporters/{last.submission_id}/"
    early = Participation.objects.order_by("id")[many.OPENED // 2].pk
    busy = pages[0]
    addresses = {
        "organiser's home": "/",
        "what keeps it fresh": reverse("desk_live"),
        "home by day": "/?by=day",
        "one action's page": reverse("desk_action", args=[busy]),
        "supporters, newest": "/supporters/",
        "supporters, deep": f"/supporters/?before={early}",
        "supporters of one page": f"/supporters/?page={busy}",
        "supporters of the page with fewest": f"/supporters/?page={pages[-1]}",
        "supporters, a frequent filter": "/supporters/?country=DE",
        "supporters, a rare filter": "/supporters/?state=withdrawn&country=JO&source=tiktok",
        "supporters of a campaign, marked": f"/supporters/?page={campaign_of(busy)}&marked=on",
        "one supporter": someone,
        "export, its form": "/supporters/export/",
    }
    print("\n| database | page | ms, median | ms, longest |\n|---|---|---|---|", flush=True)
    for what, address in addresses.items():
        ask(what, lambda address=address: client.get(address))
    ask(
        "find an address",
        lambda: client.post("/supporters/find/", {"email": many.a_person(last.pk)["email"]}),
    )
    download(pages)
    budget.show()


def campaign_of(page: UUID) -> str:
    """How the list's filter names an action page's campaign."""
    return f"campaign-{ActionPage.objects.get(translation_key=page).campaign.pk}"


def ask(what: str, request: Callable[[], object]) -> None:
    """One row of the table, and the budget."""
    times = []
    for _ in range(TIMES + 1):
        began = time.perf_counter()
        answer = request()
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (what, answer.status_code)  # type: ignore[attr-defined]
    middle, longest = statistics.median(times[1:]), max(times[1:])
    print(f"| {connection.vendor} | {what} | {middle:.0f} | {longest:.0f} |", flush=True)
    budget.at_most(f"{connection.vendor}: {what}, ms", 300, middle)


# Exports ----------------------------------------------------------------------------------------


def download(pages: Sequence[UUID]) -> None:
    """The first rows of an export of everything, for a while, and one deep in the table."""
    print("\n| database | export | rows a second | MiB at its start | MiB at its end |")
    print("|---|---|---|---|---|", flush=True)
    organiser = desk.organiser(roles.ADMINISTRATORS, name="exporter")
    filters = {
        "everything": Filters(),
        "withdrawn ones, a hundredth": Filters(state="withdrawn"),
        "one campaign's": Filters(page_keys=pages[:PAGES_EACH]),
    }
    for what, chosen in filters.items():
        stream = export.stream(
            by=organiser, filters=chosen, columns=export.Columns(consents=["news"]), titles={},
            bom=False,
        )  # fmt: skip
        began, lines, before = time.perf_counter(), 0, 0
        for piece, number in zip(stream, itertools.count(), strict=False):
            lines += piece.count("\n")
            before = before or (memory() if number == 5 else 0)
            if time.perf_counter() > began + EXPORT_SECONDS:
                break
        rate = lines / (time.perf_counter() - began)
        row = f"{connection.vendor} | {what} | {rate:,.0f} | {before} | {memory()}"
        print(f"| {row} |", flush=True)


def memory() -> int:
    """What this process has now, in MiB."""
    return round(loads.memory(os.getpid())[0])


if __name__ == "__main__":
    {"grow": grow, "look": look}[sys.argv[1]](int(sys.argv[2]))
