"""`make test`: every test, part by part, and one closing line for each part.

The parts run one after the other, since each of them already uses all cores. Where at most three
tests of a part fail they get a second chance, each alone: machines that run tests are shared and
noisy. A file whose tests went down together, because a server that they share did not start, counts
as one. Whatever needed it is named in the closing line, so that nobody gets used to it.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import Final

from tests.support import postgres

PYTEST = [sys.executable, "-m", "pytest", "-q"]
# One more than there are cores: many tests wait for a process, a disk or a browser.
WORKERS = str(min(4, (os.cpu_count() or 1) + 1))
# More than these are no accident.
SECOND_CHANCES: Final = 3
TESTS_FAILED: Final = 1  # pytest's exit code; others are worse than a failed test
SPREAD = ["-n", WORKERS, "--dist", "loadfile", "--no-loadscope-reorder"]  # see conftest.py
ON_POSTGRESQL = [
    "src/groundswell/campaigns",
    "src/groundswell/directory/importing",
    "src/groundswell/directory/tests",
    "src/groundswell/ops/doctor/tests/test_durability.py",
    "src/groundswell/people",
    "src/groundswell/studio/audit",
    "src/groundswell/studio/home",
    "src/groundswell/studio/supporters",
    "src/groundswell/tests",
    "tests/faults/test_t14_restore.py",
    # These see published files alone, which no database changes.
    "--ignore-glob=*_in_a_browser.py",
]


def main(extra: list[str]) -> int:
    """Run all parts; 0 if all passed. A signal ends the running part and what it started."""
    signal.signal(signal.SIGTERM, _leave)
    with tempfile.TemporaryDirectory(prefix="groundswell-run-") as folder:
        os.environ["TEST_RUN"] = folder  # the parts share what they make once
        closing = [
            _part(
                "units and contracts", [*SPREAD, "src", "tests/contracts", "tests/deploy", *extra]
            ),
            _on_postgresql(extra),
            # The short fault matrix: at most six minutes on two cores (`make torture` is the long).
            _part("faults", [*SPREAD, "tests/faults", *extra]),
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
    code, lines = _pytest(args, environ)
    last = lines[-1] if lines else "nothing was printed"
    if code == TESTS_FAILED:
        code, remark = second_chance(lines, lambda test: _pytest([test], environ)[0])
        last += remark
    took = time.monotonic() - began
    return f"{'FAILED' if code else 'passed'}  {name}, {took:.0f} s: {last}", code != 0


def second_chance(lines: Sequence[str], run: Callable[[str], int]) -> tuple[int, str]:
    """Run what pytest's summary in `lines` says has failed once more, one after the other.

    Returns the exit code that counts and what to add to the closing line.
    """
    tests = _failed(lines)
    unread = any(line.startswith("ERROR ") and "::" not in line for line in lines)
    if unread or not 0 < len(tests) <= SECOND_CHANCES:
        return TESTS_FAILED, ""
    print(f"\n-- alone: {', '.join(tests)}", flush=True)
    again = [test for test in tests if run(test) != 0]
    if again:
        return TESTS_FAILED, f"; FAILED AGAIN when run alone: {', '.join(again)}"
    return 0, f"; {len(tests)} PASSED ONLY WHEN RUN ALONE: {', '.join(tests)}"


def _failed(lines: Sequence[str]) -> list[str]:
    """What pytest's summary names, once: a test that failed and whose fixture broke at its end as
    well, and a file instead of the tests that a fixture of it has taken down together."""
    found = [re.match(r"(FAILED|ERROR) (\S.*)", line) for line in lines]
    named = dict.fromkeys((one[1], one[2].partition(" - ")[0]) for one in found if one)
    broken = Counter(_file(test) for how, test in named if how == "ERROR")
    return list(
        dict.fromkeys(_file(test) if broken[_file(test)] > 1 else test for _, test in named)
    )


def _file(test: str) -> str:
    return test.partition("::")[0]


def _pytest(args: list[str], environ: Mapping[str, str] | None) -> tuple[int, list[str]]:
    """Run pytest and show what it prints; its exit code and the lines that were not empty."""
    lines = []
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
                lines += [line.strip()] if line.strip() else []
        except BaseException:
            os.killpg(child.pid, signal.SIGTERM)
            raise
    return child.returncode, lines


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
