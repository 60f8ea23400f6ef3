"""What the target's machine does meanwhile: its processors and disk, and what intake says itself.

Only of this machine: /proc and intake's private metrics port cannot be seen from elsewhere.
"""

import http.client
import os
import threading
import time
import urllib.request
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec

EVERY: Final = 0.5
ASK_EVERY: Final = 0.23
PATIENCE: Final = 5.0
_PREFIX: Final = "groundswell_"


class Look(msgspec.Struct, frozen=True):
    """The machine at one moment. All but `at` are sums since some beginning, or states.

    `answer`: the longest that intake itself took to send the page, asked past all in front of it.
    `door_cpu`: processor seconds of each of intake's workers. `commits` and `commit_seconds`: the
    journal's groups and the time spent waiting for the disk with them. None: cannot be seen.
    """

    at: float
    cpu_busy: float
    cpu_all: float
    disk_busy: float | None = None
    door_cpu: list[float] = []
    commits: float | None = None
    commit_seconds: float | None = None
    waiting: float | None = None
    can_store: bool | None = None
    answer: float | None = None
    arrived: int | None = None


class Sample(msgspec.Struct, frozen=True):
    """Between two looks: shares from 0 to 1, seconds, numbers. None: cannot be seen.

    `door` is the busiest worker's share of a core; `commits` groups of the journal were waited for
    `written` seconds, in all; `writing` is that as a share of the time, `commit` the mean.
    """

    at: float
    cpu: float
    disk: float | None = None
    door: float | None = None
    commits: float = 0.0
    written: float = 0.0
    writing: float | None = None
    commit: float | None = None
    answer: float | None = None
    waiting: float | None = None
    can_store: bool | None = None
    arrived: int | None = None


class Door(msgspec.Struct, frozen=True):
    """Where intake itself can be asked for the page, on this machine."""

    address: str
    port: int
    authority: str
    path: str


class Machine:
    """Looks twice a second, in a thread, from `start` to `stop`."""

    def __init__(
        self,
        *,
        metrics_ports: list[int],
        door: Door | None = None,
        folder: Path | None,
        arrived: Callable[[], int] | None,
        every: float = EVERY,
    ) -> None:
        self._ports = metrics_ports
        self._door = door
        self._device = _device(folder) if folder else ""
        self._arrived = arrived
        self._every = every  # seconds between two questions to the database
        self._asked = 0.0
        self._stop = threading.Event()
        self._answers: list[float] = []
        runs = (self._run, self._ask) if door else (self._run,)
        self._threads = [threading.Thread(target=run, daemon=True) for run in runs]
        self._began = 0.0
        self.looks: list[Look] = []

    def start(self, began: float) -> None:
        """`began`: the monotonic moment that is second 0 of the results."""
        self._began = began
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(10)

    @property
    def sees_the_door(self) -> bool:
        """Whether intake's own metrics can be read."""
        return any(look.door_cpu for look in self.looks)

    def samples(self) -> list[Sample]:
        """What happened between each two looks."""
        looks = list(self.looks)
        return [_between(one, two) for one, two in pairwise(looks)]

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            self.looks.append(self._look())

    def _ask(self) -> None:
        """Ask the door for the page, at moments that do not depend on how it answers."""
        due = time.monotonic()
        while not self._stop.wait(max(0.0, due - time.monotonic())):
            assert self._door is not None  # noqa: S101  this thread is only started for one
            if _asked(self._door):
                self._answers.append(time.monotonic() - due)
            due = max(due + ASK_EVERY, time.monotonic() - PATIENCE)

    def _slowest_answer(self) -> float | None:
        answers, self._answers = self._answers, []
        return max(answers, default=None)

    def _look(self) -> Look:
        busy, every = _cpu()
        found = [text for port in self._ports if (text := _metrics(port))]
        return Look(
            at=time.monotonic() - self._began,
            cpu_busy=busy,
            cpu_all=every,
            disk_busy=_disk(self._device),
            door_cpu=[one.get("cpu_seconds", 0.0) for one in found],
            commits=_sum(found, "journal_commit_seconds_count"),
            commit_seconds=_sum(found, "journal_commit_seconds_sum"),
            waiting=_sum(found, "journal_waiting"),
            can_store=all(one.get("can_store", 1.0) for one in found) if found else None,
            answer=self._slowest_answer(),
            arrived=self._count(),
        )

    def _count(self) -> int | None:
        if self._arrived is None or time.monotonic() - self._asked < self._every:
            return None
        self._asked = time.monotonic()
        try:
            return self._arrived()
        except Exception:  # noqa: BLE001  a database that is away is what may be rehearsed
            return None


def _between(one: Look, two: Look) -> Sample:
    took = max(0.001, two.at - one.at)
    commits = _less(two.commits, one.commits)
    writing = _less(two.commit_seconds, one.commit_seconds)
    doors = zip(one.door_cpu, two.door_cpu, strict=False)
    workers = max(1, len(two.door_cpu))
    return Sample(
        at=two.at,
        cpu=(two.cpu_busy - one.cpu_busy) / max(0.001, two.cpu_all - one.cpu_all),
        disk=_share(_less(two.disk_busy, one.disk_busy), took),
        door=max((new - old for old, new in doors), default=0) / took if two.door_cpu else None,
        commits=commits or 0.0,
        written=writing or 0.0,
        writing=_share(writing, took * workers),
        commit=writing / commits if writing is not None and commits else None,
        answer=two.answer,
        waiting=two.waiting,
        can_store=two.can_store,
        arrived=two.arrived,
    )


def _less(new: float | None, old: float | None) -> float | None:
    return None if new is None or old is None else max(0.0, new - old)


def _share(part: float | None, whole: float) -> float | None:
    return None if part is None else min(1.0, part / whole)


def _sum(found: list[dict[str, float]], name: str) -> float | None:
    return sum(one.get(name, 0.0) for one in found) if found else None


def _cpu() -> tuple[float, float]:
    """Processor time of all cores: busy, and all of it."""
    first = Path("/proc/stat").read_text().split("\n", 1)[0]
    times = [float(one) for one in first.split()[1:9]]
    idle = times[3] + times[4]
    return sum(times) - idle, sum(times)


def _device(folder: Path) -> str:
    device = folder.stat().st_dev
    return f"{os.major(device)} {os.minor(device)}"


def _disk(device: str) -> float | None:
    """Seconds for which a disk has had work to do."""
    try:
        lines = Path("/proc/diskstats").read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        words = line.split()
        if " ".join(words[:2]) == device:
            return int(words[12]) / 1000
    return None


def _asked(door: Door) -> bool:
    """Ask intake for the page; whether it answered."""
    connection = http.client.HTTPConnection(door.address, door.port, timeout=PATIENCE)
    try:
        connection.request("GET", door.path, headers={"Host": door.authority})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _metrics(port: int) -> dict[str, float]:
    """Intake's own numbers; empty when they cannot be read."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=2) as answer:
            text = answer.read().decode()
    except OSError:
        return {}
    found = {}
    for line in text.splitlines():
        name, _, value = line.rpartition(" ")
        if name.startswith(_PREFIX) and "{" not in name:
            found[name.removeprefix(_PREFIX)] = float(value)
    return found
