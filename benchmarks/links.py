"""Tracked links beside a page view and a constant: `python -m benchmarks.links`.

One core for the server and one for wrk, medians of three, in turn; then what was answered against
what the journal holds of it.
"""

import json
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

from benchmarks import budget, loads
from groundswell.intake.tests import site_factory as site

CONNECTIONS: Final = (64, 256)
ARABIC: Final = "/ar/anhar/waqqi/"
# What a phone sends: our answer depends on the language and on who asks.
PHONE: Final = """
wrk.headers["User-Agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) "
  .. "AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 355.0.0.30.103"
wrk.headers["Accept-Language"] = "ar-EG,ar;q=0.9,en;q=0.8"
"""


def main(folder: Path) -> None:
    site.make_folder(folder)
    site.write_page(folder, ARABIC, "<h1>waqqi</h1>")
    to = {"en": site.PATH, "ar": ARABIC}
    link = {"s": "x7p2", "page": site.PAGE, "to": to, "main": "en"}
    (folder / "site" / "links.json").write_text(json.dumps({"format": 1, "links": {"x7p2": link}}))
    site.touch_generation(folder)
    body, script = folder / "constant", folder / "phone.lua"
    body.write_bytes(b"")
    script.write_text(PHONE)
    with loads.granian(body) as yard, loads.door(folder) as door:
        time.sleep(1)
        targets = {
            "Granian, a constant": yard._replace(script=script),
            "page views, intake": loads.target(door, site.PATH, script),
            "a tracked link, intake": loads.target(door, "/k/x7p2", script),
        }
        answered = 0
        for connections in CONNECTIONS:
            found = loads.in_turn(targets, connections)
            rows(connections, found)
            link_rate, page = found["a tracked link, intake"], found["page views, intake"]
            answered += link_rate.requests
            what = f"a tracked link, of a page view, {connections} connections"
            budget.at_least(f"{what}: by CPU", 0.8, page.cpu_us / link_rate.cpu_us, "{:.0%}")
            budget.at_least(
                f"tracked links a second, {connections} connections", 5_000, link_rate.rate
            )
        time.sleep(1.5)
    counted, records = told(folder)
    print(
        f"\n{answered:,} answers that wrk heard, {counted:,} visits in {records:,} records of the"
    )
    print("journal: what was on its way when wrk stopped listening is counted, too.\n")
    budget.show()


def rows(connections: int, found: dict[str, loads.Result]) -> None:
    """A table; its last column compares with its first row."""
    print("\n| what | connections | a second | p99 ms | CPU µs each | of the first by CPU |")
    print("|---|---|---|---|---|---|")
    first = next(iter(found.values()))
    for name, one in found.items():
        cells = f"{name} | {connections} | {one.rate:,.0f} | {one.p99_ms:.0f} | {one.cpu_us:.0f}"
        print(f"| {cells} | {first.cpu_us / one.cpu_us:.0%} |", flush=True)


def told(folder: Path) -> tuple[int, int]:
    """The visits in the journal, and how many records they are in."""
    records = [one for one in site.read_journal(folder) if one.verb == "visits"]
    sums: Counter[str] = Counter()
    for one in records:
        for name, numbers in one.fields.items():
            sums[name] += int(numbers.split()[0])
    return sums.total(), len(records)


if __name__ == "__main__":
    loads.need("wrk", "taskset")
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as place:
        main(Path(place))
