"""core: a few loops behind the public door, each with its own pace. No port is open here.

What each loop does is in its room; here is only when, and what happens when it fails: it says so
in its Heartbeat, waits longer each time, and goes on. No loop stops another. One more thread writes
all heartbeats, so that a step may hold a transaction open and still be seen to live.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import FrameType
from typing import Final
from uuid import UUID

import msgspec
from django.core.management import call_command
from django.db import connections

from groundswell.base import breath, clock
from groundswell.base.env import Settings
from groundswell.campaigns import (
    became,
    counters,
    moments,
    publish,
    publish_letters,
    publish_lookup,
    services,
    stamp,
)
from groundswell.delivery import bridges
from groundswell.delivery.channels.registry import CHANNELS
from groundswell.delivery.inbox import reading
from groundswell.delivery.post import ServerDown
from groundswell.delivery.ringing import Ringer
from groundswell.delivery.sender import Sender as LetterSender
from groundswell.directline import reminders
from groundswell.intake import ferry_client
from groundswell.intake.journal_reader import JournalReader
from groundswell.messengers import links
from groundswell.messengers.cards import publishing as cards
from groundswell.people import (
    calls,
    letter_compose,
    letters_after,
    open_letter_mail,
    quota,
    recount,
    rehearsed,
    retention,
    rings,
)
from groundswell.people.alone import alone
from groundswell.people.drain import OUTAGE, Drain
from groundswell.people.mail import Sender
from groundswell.people.models import Heartbeat, JournalCursor
from groundswell.people.trace import said, trace

Step = Callable[[], object]
BEAT_SECONDS: Final = 10.0
PULSE_SECONDS: Final = 0.2
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
    sender = Sender(stop=stop, alone=True)
    published: dict[UUID, counters.Totals] = {}
    return [
        *ferries(settings),
        Loop("drain", drain.step, every=0.1),
        Loop("journal", drain.check, every=10.0),
        Loop("mail", sender.send_due, every=0.5),
        *letters(stop),
        *inbox(settings),
        *bridge(settings),
        Loop("counts", lambda: publish_counts(published), every=1.5),
        Loop("schedule", publish_scheduled, every=5.0),
        Loop("publish", publish_pending, every=5.0),
        Loop("became", became.refresh, every=5.0),
        Loop("links", links.publish, every=3.0),
        Loop("cards", draw_cards, every=5.0),
        Loop("open letters", publish_letters.refresh, every=5.0),
        Loop("lookup", publish_lookup.refresh, every=30.0),
        Loop("reminders", reminders.step, every=60.0),
        Loop("invitations", open_letter_mail.step, every=5.0),
        Loop("recount", recount.check, every=A_DAY, first=seconds_until(hour=3)),
        Loop("retention", retention.keep_promises, every=A_DAY, first=300.0),
        Loop("cleaning", lambda: clean(journal), every=A_DAY / 24),
    ]


def letters(stop: threading.Event) -> list[Loop]:
    """A loop for each way letters take, so that one that is down holds up no other."""
    senders = {
        name: LetterSender(channel, letter_compose.compose, stop=stop, alone=True)
        for name, channel in CHANNELS.items()
    }
    return [
        *[Loop(f"letters by {name}", sender.step, every=1.0) for name, sender in senders.items()],
        Loop("letters sent", letters_after.step, every=5.0),
    ]


def ferries(settings: Settings) -> list[Loop]:
    """A loop for each intake host, so that one that is down holds up no other."""
    sources = ferry_client.sources(settings)
    return [
        *[Loop(f"ferry {source.name}"[:64], source.step, every=0.5) for source in sources],
        *[Loop(f"journal of {source.name}"[:64], source.check, every=10.0) for source in sources],
    ]


def inbox(settings: Settings) -> list[Loop]:
    """What reads the mail that comes back for letters, where the operator has a mailbox for it."""
    mailbox = reading.mailbox(settings)
    return [Loop("inbox", reading.Inbox(mailbox).step, every=30.0)] if mailbox else []


def bridge(settings: Settings) -> list[Loop]:
    """What has supporters rung and connected, where the operator has an account for it."""
    return [Loop("bridge", Ringer(rings.compose).step, every=1.0)] if settings.rings else []


def run_loops(all_loops: Sequence[Loop], stop: threading.Event) -> None:
    """Run each loop in a thread of its own until `stop` is set, and give them time to finish."""
    Heartbeat.objects.exclude(name__in=[loop.name for loop in all_loops]).delete()
    pulses = [Pulse(loop.name, stop) for loop in all_loops]
    threads = [
        threading.Thread(target=keep, args=(loop, pulse), name=loop.name, daemon=True)
        for loop, pulse in zip(all_loops, pulses, strict=True)
    ]
    threads.append(threading.Thread(target=write_pulses, args=(pulses, stop), daemon=True))
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


class Pulse:
    """A loop's last sign of life and its trouble, empty when there is none."""

    def __init__(self, name: str, stop: threading.Event) -> None:
        self.name = name
        self.stop = stop
        self.at = clock.now()
        self.detail = ""

    def beat(self) -> None:
        """Say that the loop lives. Raises Stopping when it should not go on."""
        self.at = clock.now()
        if self.stop.is_set():
            raise breath.Stopping

    def rest(self, seconds: float) -> None:
        """Wait, with signs of life. Raises Stopping."""
        until = time.monotonic() + seconds
        self.beat()
        while (left := until - time.monotonic()) > 0:
            self.stop.wait(min(left, BEAT_SECONDS / 2))
            self.beat()


def keep(loop: Loop, pulse: Pulse) -> None:
    """Repeat a loop's step until it is time to stop, whatever the step may raise."""
    breath.becomes(pulse.beat)
    try:
        pulse.rest(loop.first)
        while True:
            pulse.rest(_step(loop, pulse))
    except breath.Stopping:
        connections.close_all()


def _step(loop: Loop, pulse: Pulse) -> float:
    """Do a loop's step, again and again while it fails; returns how long to wait then."""
    failures = 0
    while True:
        try:
            again = loop.step()
        except breath.Stopping:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, the loop goes on
            failures += 1
            wait = min(2.0**failures / 4, LONGEST_BACK_OFF)
            # An outage of another machine is no bug of ours: one line says it all.
            where = (
                said(error)
                if isinstance(error, (*OUTAGE, ServerDown, ferry_client.SourceDown))
                else trace(error)
            )
            log.error("%s failed, again in %.1f s\n%s", loop.name, wait, where)
            pulse.detail = said(error)
            connections.close_all()
            pulse.rest(wait)
        else:
            pulse.detail = ""
            return 0.0 if again else loop.every


def write_pulses(pulses: Sequence[Pulse], stop: threading.Event) -> None:
    """Write the loops' signs of life into their Heartbeats, trouble and its end at once."""
    written: dict[str, tuple[datetime, str]] = {}
    while not stop.wait(PULSE_SECONDS):
        news = {pulse.name: (pulse.at, pulse.detail) for pulse in pulses}
        fresh = {name: new for name, new in news.items() if _is_news(written.get(name), *new)}
        try:
            _write_heartbeats(fresh)
        except Exception as error:  # noqa: BLE001  with the database away this is all we can do
            log.error("no heartbeat can be written\n%s", trace(error))
            connections.close_all()
            stop.wait(BEAT_SECONDS)
        else:
            written.update(fresh)
    connections.close_all()


def _is_news(old: tuple[datetime, str] | None, at: datetime, detail: str) -> bool:
    return old is None or old[1] != detail or abs((at - old[0]).total_seconds()) >= BEAT_SECONDS


def _write_heartbeats(news: dict[str, tuple[datetime, str]]) -> None:
    if news:
        Heartbeat.objects.bulk_create(
            [Heartbeat(name=name, at=at, detail=detail) for name, (at, detail) in news.items()],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["at", "detail"],
        )


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


def draw_cards() -> None:
    """Draw a few cards that are due. Those that are left wait: drawing must not make core hurry."""
    cards.refresh()


def clean(journal: JournalReader) -> None:
    """Forget what nobody will ask for again: sessions, days, taps, rings, cursors, rehearsals."""
    call_command("clearsessions")
    calls.forget()
    bridges.forget()
    quota.forget(before=clock.now().date() - timedelta(days=1))
    rehearsed.forget()
    moments.keep_small()
    old = JournalCursor.objects.filter(at__lt=clock.now() - timedelta(days=1))
    old.exclude(file__in=journal.files()).delete()


def seconds_until(*, hour: int) -> float:
    """Seconds until the clock next shows that hour, UTC."""
    now = clock.now()
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return (then - now).total_seconds() % A_DAY


def _stopper(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    return lambda _number, _frame: stop.set()
