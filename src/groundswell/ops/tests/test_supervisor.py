"""The supervisor, with real child processes."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from groundswell.base import env
from groundswell.ops.supervisor import LONGEST_DELAY
from groundswell.ops.up import children

# A supervisor whose children are small Python programs given on the command line.
PROGRAM = """
import asyncio, os, sys
from groundswell.base.errors import Trouble
from groundswell.ops.supervisor import Child, supervise
python = [sys.executable, "-u", "-c"]
longest = float(os.environ.get("LONGEST", "30"))
children = [
    Child(f"c{n}", [*python, code], longest_delay=longest) for n, code in enumerate(sys.argv[1:])
]
try:
    sys.exit(asyncio.run(supervise(children, when_ready=lambda: print("ALL READY", flush=True))))
except Trouble as trouble:
    print("TROUBLE", trouble, flush=True)
    sys.exit(2)
"""
STEADY = "import os, time; print('pid', os.getpid()); print('ready'); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + STEADY


class Supervisor:
    """A running supervisor and what it has printed."""

    def __init__(self, *codes: str, longest: str = "30") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", PROGRAM, *codes],
            env={**os.environ, "LONGEST": longest},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first further line that matches. Fails when the output ends before."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if found := re.search(pattern, line):
                return found
        pytest.fail(f"nothing matched {pattern!r} in:\n" + "\n".join(self.lines))

    def end(self) -> int:
        """Read on to the end; the exit code."""
        assert self.process.stdout is not None
        self.lines.extend(line.rstrip() for line in self.process.stdout)
        return self.process.wait(timeout=30)


@pytest.fixture
def start() -> Iterator[Callable[..., Supervisor]]:
    running: list[Supervisor] = []

    def _start(*codes: str, **options: str) -> Supervisor:
        running.append(Supervisor(*codes, **options))
        return running[-1]

    yield _start
    for supervisor in running:
        supervisor.process.terminate()
        supervisor.process.wait(timeout=30)
        if supervisor.process.stdout:
            supervisor.process.stdout.close()


def gone(pid: int) -> bool:
    """Whether the process has ended, now or within five seconds."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_it_announces_once_all_are_ready(start: Callable[..., Supervisor]) -> None:
    supervisor = start(STEADY, STEADY)
    supervisor.wait_for("ALL READY")
    assert sum("is ready after" in line for line in supervisor.lines) == 2


def test_it_starts_again_what_was_killed_and_says_so(start: Callable[..., Supervisor]) -> None:
    supervisor = start(STEADY)
    first = int(supervisor.wait_for(r"pid (\d+)")[1])
    supervisor.wait_for("ALL READY")
    os.kill(first, signal.SIGKILL)
    supervisor.wait_for(r"c0 was killed by SIGKILL; starting it again in 0.5 s")
    assert int(supervisor.wait_for(r"pid (\d+)")[1]) != first
    supervisor.wait_for("c0 is back")


def test_it_waits_longer_after_each_death(start: Callable[..., Supervisor]) -> None:
    supervisor = start("print('oh no')")
    supervisor.wait_for("ended with code 0; starting it again in 0.5 s")
    supervisor.wait_for("starting it again in 1 s")
    supervisor.wait_for("starting it again in 2 s")


def test_it_never_waits_longer_than_a_child_may_be_away(start: Callable[..., Supervisor]) -> None:
    supervisor = start("print('oh no')", longest="0.5")
    for _ in range(3):
        assert supervisor.wait_for(r"starting it again in (\S+) s")[1] == "0.5"


def test_it_keeps_the_public_door_shut_for_a_second_at_most() -> None:
    delays = {child.name: child.longest_delay for child in children(env.load(), sink=False)}
    assert delays == {"intake": 1.0, "core": LONGEST_DELAY, "studio": LONGEST_DELAY}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_everything_on_a_signal(
    start: Callable[..., Supervisor], number: signal.Signals
) -> None:
    supervisor = start(STEADY, STEADY)
    child = int(supervisor.wait_for(r"pid (\d+)")[1])
    supervisor.wait_for("ALL READY")
    supervisor.process.send_signal(number)
    assert supervisor.end() == 0
    assert gone(child)
    assert "everything has stopped" in supervisor.lines[-1]


def test_it_kills_what_does_not_stop(start: Callable[..., Supervisor]) -> None:
    supervisor = start(STUBBORN)
    child = int(supervisor.wait_for(r"pid (\d+)")[1])
    supervisor.wait_for("ALL READY")
    supervisor.process.terminate()
    assert supervisor.end() == 0
    assert gone(child)
    assert any("did not stop in 10 s" in line for line in supervisor.lines)


def test_it_takes_its_children_with_it_when_it_is_killed(start: Callable[..., Supervisor]) -> None:
    supervisor = start(STEADY)
    child = int(supervisor.wait_for(r"pid (\d+)")[1])
    supervisor.wait_for("ALL READY")
    supervisor.process.kill()
    assert gone(child)


def test_it_ends_the_workers_that_a_dead_child_left(start: Callable[..., Supervisor]) -> None:
    leaving = (
        "import subprocess, sys, os; p = subprocess.Popen(['sleep', '61']);"
        "print('worker', p.pid); print('ready'); sys.stdout.flush(); os.kill(os.getpid(), 9)"
    )
    supervisor = start(leaving)
    worker = int(supervisor.wait_for(r"worker (\d+)")[1])
    supervisor.wait_for("was killed by SIGKILL")
    assert gone(worker)


def test_it_gives_up_when_a_child_is_set_up_wrong(start: Callable[..., Supervisor]) -> None:
    supervisor = start(STEADY, "print('no such key'); raise SystemExit(2)")
    assert supervisor.end() == 2
    assert any(line.endswith("no such key") for line in supervisor.lines)
    assert "TROUBLE c1 cannot start" in supervisor.lines[-1]
