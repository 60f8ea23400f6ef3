"""core: a few loops behind the public door, each with its own pace. No port is open here.

What each loop does is in its room; here is only when, and what happens when it fails: it says so
in its Heartbeat, waits longer each time, and goes on. No loop stops another.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import FrameType
from typing import Final
from uuid import UUID

import msgspec
from django.core.management import call_command
from django.db import connections

from groundswell.base import clock
from groundswell.base.env import Settings
from groundswell.campaigns import counters, publish, services, stamp
from groundswell.intake.journal_reader import JournalReader
from groundswell.people import quota, recount
from groundswell.people.alone import alone
from groundswell.people.drain import Drain
from groundswell.people.mail import Sender
from groundswell.people.models import Heartbeat, JournalCursor

Step = Callable[[], object]
BEAT_SECONDS: Final = 10.0
LONGEST_BACK_OFF: Final = 60.0
STOP_SECONDS: Final = 2.0
A_DAY: Final = 86_400.0

log = logging.getLogger("groundswell.core")


class Loop(msgspec.Struct, frozen=True):
    """A step and how long to wait after it. A step that returns a true value is done again at once.

    `first` delays the first step: what runs nightly need not run at each start.
    """

    name: str
    step: Step
    every: float
    first: float = 0.0


def run(settings: Settings) -> None:
    """Run all loops until SIGTERM or SIGINT, then stop within two seconds.

    Raises Trouble when another core has this data folder.
    """
    stop = threading.Event()
    with alone():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stopper(stop))
        run_loops(loops(settings, stop), stop)


def loops(settings: Settings, stop: threading.Event) -> list[Loop]:
    """Everything that core does."""
    journal = JournalReader(settings.path("journal"))
    drain = Drain(journal)
    sender = Sender(stop=stop)
    published: dict[UUID, counters.Totals] = {}
    return [
        Loop("drain", drain.step, every=0.1),
        Loop("journal", drain.check, every=10.0),
        Loop("mail", sender.send_due, every=0.5),
        Loop("counts", lambda: publish_counts(published), every=1.5),
        Loop("schedule", publish_scheduled, every=5.0),
        Loop("publish", publish_pending, every=5.0),
        Loop("recount", recount.check, every=A_DAY, first=seconds_until(hour=3)),
        Loop("cleaning", lambda: clean(journal), every=A_DAY / 24),
    ]


def run_loops(all_loops: Sequence[Loop], stop: threading.Event) -> None:
    """Run each loop in a thread of its own until `stop` is set, and give them time to finish."""
    Heartbeat.objects.exclude(name__in=[loop.name for loop in all_loops]).delete()
    threads = [
        threading.Thread(target=keep, args=(loop, stop), name=loop.name, daemon=True)
        for loop in all_loops
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    deadline = time.monotonic() + STOP_SECONDS - 0.3
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    late = [thread.name for thread in threads if thread.is_alive()]
    if late:
        # Safe at any point: what is not committed is done again by the next core.
        log.warning("stopped in the middle of: %s", ", ".join(late))


def keep(loop: Loop, stop: threading.Event) -> None:
    """Repeat a loop's step until `stop` is set, whatever the step may raise."""
    pulse, failures, wait = Pulse(loop.name), 0, loop.first
    while not _rest(wait, pulse, stop):
        try:
            again = loop.step()
        except Exception as error:
            failures += 1
            wait = min(2.0**failures / 4, LONGEST_BACK_OFF)
            log.exception("%s failed, again in %.1f s", loop.name, wait)
            pulse.beat(f"{type(error).__name__}: {error}"[:500], at_once=True)
            connections.close_all()
        else:
            pulse.beat("", at_once=failures > 0)
            failures, wait = 0, 0.0 if again else loop.every
    connections.close_all()


def _rest(seconds: float, pulse: "Pulse", stop: threading.Event) -> bool:
    """Wait, with signs of life; true when it is time to stop."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if stop.wait(min(left, BEAT_SECONDS)):
            return True
        pulse.beat()
    return stop.is_set()


class Pulse:
    """A loop's Heartbeat row, written now and then: often enough to be believed."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._detail = ""
        self._last = 0.0

    def beat(self, detail: str | None = None, *, at_once: bool = False) -> None:
        """Say that the loop lives; `detail` is its trouble, empty when that is over."""
        self._detail = self._detail if detail is None else detail
        if not at_once and time.monotonic() - self._last < BEAT_SECONDS:
            return
        self._last = time.monotonic()
        try:
            Heartbeat.objects.update_or_create(
                name=self._name, defaults={"at": clock.now(), "detail": self._detail}
            )
        except Exception:
            # With the database away there is nowhere to say so but here.
            log.exception("no heartbeat for %s", self._name)
            connections.close_all()


# The steps that belong to no room ---------------------------------------------------------------


def publish_counts(published: dict[UUID, counters.Totals]) -> None:
    """Publish the totals that have changed since `published`, and note them there."""
    now = counters.all_totals()
    changed = {key: totals for key, totals in now.items() if published.get(key) != totals}
    if changed:
        stamp.stamp_counts(changed)
        published.update(changed)


def publish_scheduled() -> None:
    """Publish and unpublish by schedule, and render again what has just opened or closed."""
    services.publish_scheduled()
    for campaign in publish.due_transitions(clock.now()):
        publish.publish_page(campaign)


def publish_pending() -> None:
    """Try again what the public door has not been told. What still fails waits for the next round,
    so the number that is left must not make the loop hurry.
    """
    services.publish_pending()


def clean(journal: JournalReader) -> None:
    """Forget sessions, days and cursors that nobody will ask for again."""
    call_command("clearsessions")
    quota.forget(before=clock.now().date() - timedelta(days=1))
    old = JournalCursor.objects.filter(at__lt=clock.now() - timedelta(days=1))
    old.exclude(file__in=journal.files()).delete()


def seconds_until(*, hour: int) -> float:
    """Seconds until the clock next shows that hour, UTC."""
    now = clock.now()
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return (then - now).total_seconds() % A_DAY


def _stopper(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    return lambda _number, _frame: stop.set()
