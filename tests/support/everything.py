"""`make test`: every test, part by part, and one closing line for each part.

The parts run one after the other, since each of them already uses all cores.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from types import FrameType

from tests.support import postgres

PYTEST = [sys.executable, "-m", "pytest", "-q"]
# One more than there are cores: many tests wait for a process, a disk or a browser.
WORKERS = str(min(4, (os.cpu_count() or 1) + 1))
SPREAD = ["-n", WORKERS, "--dist", "loadfile", "--no-loadscope-reorder"]  # see conftest.py
ON_POSTGRESQL = [
    "src/groundswell/campaigns",
    "src/groundswell/people",
    "src/groundswell/studio/audit",
    "src/groundswell/studio/home",
    "src/groundswell/studio/supporters",
    "src/groundswell/tests",
    # These see published files alone, which no database changes.
    "--ignore-glob=*_in_a_browser.py",
]


def main(extra: list[str]) -> int:
    """Run all parts; 0 if all passed. A signal ends the running part and what it started."""
    signal.signal(signal.SIGTERM, _leave)
    with tempfile.TemporaryDirectory(prefix="groundswell-run-") as folder:
        os.environ["TEST_RUN"] = folder  # the parts share what they make once
        closing = [
            _part("units and contracts", [*SPREAD, "src", "tests/contracts", *extra]),
            _on_postgresql(extra),
            _part("journeys", ["tests/journeys", *extra]),
        ]
    print("\n" + "\n".join(line for line, _ in closing), flush=True)
    return int(any(failed for _, failed in closing))


def _on_postgresql(extra: list[str]) -> tuple[str, bool]:
    with postgres.cluster() as url:
        environ = os.environ | {"GROUNDSWELL_DATABASE": url}
        return _part("on PostgreSQL", [*SPREAD, *ON_POSTGRESQL, *extra], environ)


def _part(name: str, args: list[str], environ: Mapping[str, str] | None = None) -> tuple[str, bool]:
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    last = ""
    with subprocess.Popen(
        PYTEST + args,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        try:
            for line in child.stdout or ():
                print(line, end="", flush=True)
                last = line.strip() or last
        except BaseException:
            os.killpg(child.pid, signal.SIGTERM)
            raise
    took = time.monotonic() - began
    failed = child.returncode != 0
    return f"{'FAILED' if failed else 'passed'}  {name}, {took:.0f} s: {last}", failed


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
