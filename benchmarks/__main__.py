"""`python -m benchmarks [NAME…]`: measure against the budgets, in ten minutes at most.

Each benchmark is a module of this folder that prints Markdown tables; their text is shown as it
comes, and kept with the machine's name in `build/benchmarks.md` and, as data, `.json`.
"""

import json
import os
import platform
import runpy
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "build"
# Seconds after which each is stopped, wherever it is.
BENCHMARKS: Final = {"door": 180, "drain": 240, "recount": 80, "mail": 90}
TITLES: Final = {
    "door": "The public door, beside the same server doing nothing",
    "drain": "The drain, beside a plain insert",
    "recount": "The nightly recount, and whom it holds up",
    "mail": "Mails, beside a bare loop to the same server",
}


def main(names: list[str]) -> int:
    """Run the benchmarks named, or all that are there; 0 when all of them came to their end."""
    there = [name for name in BENCHMARKS if Path(__file__).with_name(f"{name}.py").exists()]
    wrong = set(names) - set(there)
    if wrong:
        print(f"There are these benchmarks: {', '.join(there)}.", file=sys.stderr)
        return 2
    results = [run(name) for name in (names or there)]
    head = machine()
    FOLDER.mkdir(exist_ok=True)
    text = "\n".join(f"- {name}: {value}" for name, value in head.items())
    text += "\n" + "\n".join(f"\n## {one['title']}\n\n{one['text']}" for one in results)
    (FOLDER / "benchmarks.md").write_text(f"# Benchmarks\n\n{text}")
    data = {"machine": head, "benchmarks": {one["name"]: one["tables"] for one in results}}
    (FOLDER / "benchmarks.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    print("\nThis is also in build/benchmarks.md and build/benchmarks.json.")
    return int(any(one["failed"] for one in results))


def run(name: str) -> dict[str, Any]:
    """One benchmark, shown while it runs. Ended with all it started when its time is over."""
    print(f"\n## {TITLES[name]}\n", flush=True)
    lines = []
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "benchmarks", "--here", name],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        clock = threading.Timer(BENCHMARKS[name], child.terminate)
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
        sys.exit(main(sys.argv[1:]))
