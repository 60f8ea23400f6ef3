"""`python -m benchmarks [NAME…]`: measure against the budgets, in ten minutes at most.

Each benchmark is a module of this folder that prints Markdown tables; their text is shown as it
comes, and kept with the machine's name in `build/benchmarks.md` and, as data, `.json`. With
`--write-docs` they go into docs/performance.md too; with that alone, what was measured last.
"""

import json
import os
import platform
import re
import runpy
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks import budget

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "build"
DOCUMENT: Final = ROOT / "docs" / "performance.md"
MARKS: Final = ("<!-- measured: begin -->", "<!-- measured: end -->")
# Seconds after which each is stopped, wherever it is; the last takes what the others leave.
ALL_TOGETHER: Final = 585
BENCHMARKS: Final = {
    "door": 130, "links": 60, "workers": 60, "overload": 60, "publish": 170, "memory": 80,
    "drain": 90, "recount": 70, "mail": 80, "desk": 400,
}  # fmt: skip
# Too long to go with the others: only when they are named.
ALONE: Final = {"desk_postgresql": 1500, "letters": 900}
TITLES: Final = {
    "door": "The public door, beside servers that do less",
    "links": "Tracked links, beside a page view",
    "workers": "One intake worker and two",
    "overload": "Ten times as many at once",
    "publish": "From an organiser's change to the public",
    "memory": "Memory of each process",
    "drain": "The drain, beside a plain insert",
    "recount": "The nightly recount, and whom it holds up",
    "mail": "Mails, beside a bare loop to the same server",
    "letters": "Letters to decision makers, with a million behind them",
    "desk": "Ten million participations",
    "desk_postgresql": "Ten million participations in PostgreSQL",
}


def main(names: list[str]) -> int:
    """Run the benchmarks named, or all that are there; 0 when all of them came to their end."""
    limits = BENCHMARKS | ALONE
    if set(names) - set(limits):
        print(f"There are these benchmarks: {', '.join(limits)}.", file=sys.stderr)
        return 2
    began = time.monotonic()
    results = []
    for name in names or BENCHMARKS:
        left = ALL_TOGETHER - (time.monotonic() - began)
        results.append(run(name, limits[name] if names else min(limits[name], left)))
    keep(results, seconds=time.monotonic() - began)
    return int(any(one["failed"] for one in results))


def keep(results: list[dict[str, Any]], *, seconds: float) -> None:
    """Write the two files."""
    head = {**machine(), "all together": f"{seconds:.0f} s"}
    FOLDER.mkdir(exist_ok=True)
    budgets = [row for one in results for row in one["tables"] if "verdict" in row]
    parts = ["\n".join(f"- {name}: {value}" for name, value in head.items())]
    if budgets:
        rows = "\n".join("| " + " | ".join(row.values()) + " |" for row in budgets)
        parts.append(f"## Budgets\n\n{budget.HEADER}\n{rows}")
    # The budgets are all in the table above.
    parts += [f"## {one['title']}\n\n{without_budgets(one['text'])}" for one in results]
    (FOLDER / "benchmarks.md").write_text("# Benchmarks\n\n" + "\n\n".join(parts) + "\n")
    data = {
        "machine": head, "budgets": budgets,
        "benchmarks": {one["name"]: one["tables"] for one in results},
    }  # fmt: skip
    (FOLDER / "benchmarks.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    print("\nThis is also in build/benchmarks.md and build/benchmarks.json.")


def without_budgets(text: str) -> str:
    """A benchmark's text without its tables of budgets and its empty lines in a row."""
    kept, inside = [], False
    for line in text.splitlines():
        inside = line.startswith("|") and (inside or line == budget.HEADER.splitlines()[0])
        if not inside:
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def write_docs() -> int:
    """Put what was measured last into docs/performance.md, between its marks."""
    measured = (FOLDER / "benchmarks.md").read_text()
    measured = re.sub("^#", "##", measured.partition("\n\n")[2], flags=re.MULTILINE)
    before, begin, rest = DOCUMENT.read_text().partition(MARKS[0])
    _old, end, after = rest.partition(MARKS[1])
    if not (begin and end):
        print(f"{DOCUMENT} has lost its marks.", file=sys.stderr)
        return 1
    DOCUMENT.write_text(f"{before}{begin}\n\n{measured.strip()}\n\n{end}{after}")
    return 0


def run(name: str, seconds: float) -> dict[str, Any]:
    """One benchmark, shown while it runs. Ended with all it started when its time is over."""
    print(f"\n## {TITLES[name]}\n", flush=True)
    lines = []
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "benchmarks", "--here", name],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        clock = threading.Timer(max(1.0, seconds), child.terminate)
        clock.start()
        for line in child.stdout or ():
            lines.append(line)
            print(line, end="", flush=True)
        clock.cancel()
    if child.returncode:
        lines.append(f"\nIt ended early, with code {child.returncode}.\n")
        print(lines[-1], flush=True)
    text = "".join(lines)
    return {
        "name": name, "title": TITLES[name], "text": text, "tables": tables(text),
        "failed": child.returncode != 0,
    }  # fmt: skip


def run_here(name: str) -> None:
    """In this process. SIGTERM ends it as an exception would, so that it stops its servers."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.argv = [name]
    runpy.run_module(f"benchmarks.{name}", run_name="__main__")


def tables(text: str) -> list[dict[str, str]]:
    """The rows of a text's Markdown tables, each as column: cell."""
    rows: list[dict[str, str]] = []
    columns: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            columns = []
        elif not columns:
            columns = cells
        elif not line.startswith("|---"):
            rows.append(dict(zip(columns, cells, strict=False)))
    return rows


def machine() -> dict[str, str]:
    """What the numbers were measured on."""
    described = Path("/proc/cpuinfo").read_text()
    models = [line.partition(":")[2] for line in described.splitlines() if "model name" in line]
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "processor": f"{os.cpu_count()} × {models[0].strip() if models else platform.machine()}",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load at the end": load,
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        run_here(sys.argv[2])
    else:
        words = [word for word in sys.argv[1:] if word != "--write-docs"]
        code = main(words) if words or "--write-docs" not in sys.argv else 0
        sys.exit(code or ("--write-docs" in sys.argv and write_docs()))
