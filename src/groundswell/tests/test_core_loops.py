"""core's loops go on whatever happens to one of them, and stop when told."""

import threading
import time
from collections.abc import Callable
from typing import Self

import pytest
from django.db import connections

from groundswell import core
from groundswell.base.breath import breathe
from groundswell.delivery.post import ServerDown
from groundswell.people.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Running:
    """Loops in a thread of their own; leaving stops them."""

    def __init__(self, *loops: core.Loop) -> None:
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(loops,))

    def _run(self, loops: tuple[core.Loop, ...]) -> None:
        core.run_loops(loops, self.stop)
        connections.close_all()

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        self.thread.join(timeout=5)
        assert not self.thread.is_alive()


def test_it_repeats_a_step_and_says_that_it_lives() -> None:
    steps: list[float] = []
    with Running(core.Loop("tick", lambda: steps.append(time.monotonic()), every=0.01)):
        until(lambda: len(steps) > 5)
        until(lambda: Heartbeat.objects.filter(name="tick", detail="").exists())


def test_it_goes_on_after_a_failure_and_says_what_is_wrong() -> None:
    broken, done = threading.Event(), threading.Event()
    broken.set()

    def step() -> None:
        if broken.is_set():
            raise OSError("the disk is full")
        done.set()

    with Running(core.Loop("shaky", step, every=0.01)):
        until(lambda: Heartbeat.objects.filter(detail="OSError: the disk is full").exists())
        broken.clear()
        until(done.is_set)
        until(lambda: Heartbeat.objects.filter(name="shaky", detail="").exists())


def test_it_lets_no_loop_stop_another() -> None:
    steps: list[int] = []

    def broken() -> None:
        raise ValueError("always")

    with Running(
        core.Loop("broken", broken, every=0.01),
        core.Loop("sound", lambda: steps.append(1), every=0.01),
    ):
        until(lambda: len(steps) > 20)
        until(lambda: Heartbeat.objects.filter(name="broken").exists())


def test_it_forgets_the_heartbeat_of_a_loop_that_is_no_more() -> None:
    Heartbeat.objects.create(name="renamed", at="2026-01-01T00:00Z")
    with Running(core.Loop("tick", lambda: None, every=0.01)):
        until(lambda: Heartbeat.objects.filter(name="tick").exists())
    assert not Heartbeat.objects.filter(name="renamed").exists()


def test_it_stops_within_two_seconds_in_the_middle_of_a_step() -> None:
    entered, leave = threading.Event(), threading.Event()

    def long_step() -> None:
        entered.set()
        leave.wait(20)

    running = Running(core.Loop("long", long_step, every=1))
    with running:
        assert entered.wait(5)
        began = time.monotonic()
        running.stop.set()
        running.thread.join(timeout=5)
        assert time.monotonic() - began < core.STOP_SECONDS
    leave.set()


def test_it_is_seen_to_live_and_stops_at_once_in_work_that_breathes() -> None:
    begun = threading.Event()

    def long_step() -> None:
        while True:
            begun.set()
            time.sleep(0.01)
            breathe()

    with Running(core.Loop("long", long_step, every=1)) as running:
        assert begun.wait(5)
        until(lambda: Heartbeat.objects.filter(name="long").exists())
        began = time.monotonic()
        running.stop.set()
        running.thread.join(timeout=5)
        assert time.monotonic() - began < 0.5


def test_it_writes_no_one_into_the_log_or_the_heartbeat(
    caplog: pytest.LogCaptureFixture,
) -> None:
    name = "Zephyrine"

    def step() -> None:
        try:
            raise ValueError(f"{name}@example.org is odd")
        except ValueError as error:
            raise KeyError(name) from error

    with Running(core.Loop("shaky", step, every=0.01)):
        until(lambda: Heartbeat.objects.filter(detail="KeyError").exists())
    assert "ValueError" in caplog.text
    assert "in step" in caplog.text
    assert name.lower() not in caplog.text.lower()


@pytest.mark.parametrize(
    ("error", "in_full"), [(ServerDown("no answer"), False), (ValueError("a bug"), True)]
)
def test_it_says_an_outage_in_a_line_and_a_bug_in_full(
    error: Exception, in_full: bool, caplog: pytest.LogCaptureFixture
) -> None:
    def step() -> None:
        raise error

    with Running(core.Loop("mail", step, every=0.01)):
        until(lambda: caplog.records)
    assert ("raise error" in caplog.text) == in_full


def test_it_does_a_step_again_at_once_while_there_is_more() -> None:
    left = [3, 2, 1, 0]
    with Running(core.Loop("hungry", lambda: left.pop(0) if left else 0, every=60)):
        until(lambda: not left)


def test_it_knows_how_long_the_night_is_away() -> None:
    assert 0 <= core.seconds_until(hour=3) < core.A_DAY
