"""What `benchmarks.publish` runs, with its settings in the environment."""

import signal
import statistics
import sys
import time
from collections.abc import Callable
from typing import Final

import django

django.setup()

from django.core.management import call_command  # noqa: E402  after the set-up
from django.db import transaction  # noqa: E402

from benchmarks import budget  # noqa: E402
from groundswell import core  # noqa: E402
from groundswell.base import clock, env  # noqa: E402
from groundswell.campaigns import counters, publish  # noqa: E402
from groundswell.campaigns.models import ActionPage  # noqa: E402
from groundswell.intake.tests import site_factory as site  # noqa: E402
from groundswell.studio import catalogue  # noqa: E402
from groundswell.studio.home.tests import desk  # noqa: E402

PAGES_EACH: Final = 5
TIMES: Final = 7
COUNTS_EVERY: Final = 1.5  # how long core rests between two looks at the sums


def main(number: int) -> None:
    catalogue.compile()
    call_command("migrate", verbosity=0)
    desk.furnish()
    page = desk.make_page(desk.make_campaign("The first"))
    publish.publish_site()
    with site.intake(env.load().path(), metrics_port=0) as door:
        print("| pages | what | ms, median | ms, longest | of it, writing the files |")
        print("|---|---|---|---|---|", flush=True)
        publications(door, page, 1)
        grow(number)
        longest = publications(door, page, number)
        counts(door, page, number)
    budget.at_most(f"a change is public with {number} pages, ms", 2_000, longest)
    budget.show()


def grow(number: int) -> None:
    """More campaigns, each with some pages."""
    with transaction.atomic():
        for one in range(number // PAGES_EACH):
            campaign = desk.make_campaign(f"Campaign {one}")
            for two in range(PAGES_EACH):
                desk.make_page(campaign, title=f"Action {one}.{two}")
    began = time.perf_counter()
    publish.publish_site()
    took = f"{(time.perf_counter() - began) * 1000:.0f}"
    print(f"| {number} | the whole site anew, `groundswell publish` | {took} | | |", flush=True)


def publications(door: site.Intake, page: ActionPage, pages: int) -> float:
    """Change a title and publish it, several times; the longest time until it was seen."""
    address = publish_address(page)
    seen, written = [], []
    for one in range(TIMES):
        page.title = f"A title for the {one}th time with {pages} pages"
        page.save(update_fields=["title"])
        began = time.perf_counter()
        publish.publish_page(page)
        written.append(time.perf_counter() - began)
        wait(lambda: page.title in door.get(address).text)
        seen.append(time.perf_counter() - began)
    row = f"publish_page until the door shows it | {ms(seen, statistics.median)} | {ms(seen, max)}"
    print(f"| {pages} | {row} | {ms(written, statistics.median)} |", flush=True)
    return max(seen) * 1000


def counts(door: site.Intake, page: ActionPage, pages: int) -> None:
    """Add to one sum, and to all; until the door shows it, core's rest not included."""
    published: dict[object, counters.Totals] = {}
    core.publish_counts(published)  # type: ignore[arg-type]
    address = f"/count/{page.page_key.hex}.json"
    keys = list(ActionPage.objects.values_list("translation_key", flat=True).distinct())
    for what, changed in (("one page's count", [page.page_key]), ("all pages' counts", keys)):
        seen, written = [], []
        for _ in range(TIMES if len(changed) == 1 else 1):
            add(changed)
            total = counters.totals(page_key=page.page_key).collected
            began = time.perf_counter()
            core.publish_counts(published)  # type: ignore[arg-type]
            written.append(time.perf_counter() - began)
            wait(lambda total=total: door.get(address).json["collected"] == total)
            seen.append(time.perf_counter() - began)
        row = f"{what} | {ms(seen, statistics.median)} | {ms(seen, max)}"
        print(f"| {pages} | {row} | {ms(written, statistics.median)} |", flush=True)
        if len(changed) == 1:
            behind = max(seen) + COUNTS_EVERY
            budget.at_most(f"the count with {pages} pages, seconds behind", 2.0, behind, "{:.2f}")


def add(keys: list[object]) -> None:
    """One signature for each."""
    for key in keys:
        counters.add(
            counters.change(
                page_key=key, at=clock.now(), country="GB", language="en", source="",
                collected=1, confirmed=1,
            )  # type: ignore[arg-type]
        )  # fmt: skip


def publish_address(page: ActionPage) -> str:
    """Where the public finds a page."""
    return f"/{page.language}/{page.campaign.slug}/{page.slug}/"


def wait(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        if time.monotonic() > deadline:
            raise RuntimeError("the door never showed it")
        time.sleep(0.005)


def ms(times: list[float], pick: Callable[[list[float]], float]) -> str:
    return f"{pick(times) * 1000:.0f}"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the door is stopped
    main(int(sys.argv[1]))
