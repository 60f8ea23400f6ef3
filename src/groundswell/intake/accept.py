"""The whole hot path: from a request's body to a durable, sealed submission."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from groundswell.base import clock, wire
from groundswell.base.errors import Refused
from groundswell.base.wire import (
    MARK_CROSS_SITE,
    MARK_HONEYPOT,
    MARK_QUICK,
    MARK_SLOW_LANE,
    Submission,
)
from groundswell.intake.check import Form, check
from groundswell.intake.journal import Journal
from groundswell.intake.limits import Lane, Limits
from groundswell.intake.lookup import Lookups
from groundswell.intake.memory import Memory

GRACE_MS: Final = 60_000  # a form that was on its way when the page closed still counts
QUICK_MS: Final = 1_500
SLOW_SECONDS: Final = 2.0
# A rehearsal's crowd comes from one place; how real ones are limited is not what it measures.
_OPEN: Final[tuple[Lane, int]] = ("open", 0)
_SOURCE: Final = re.compile(r"[a-z0-9_-]{1,32}")


@dataclass(slots=True, kw_only=True)
class Incoming:
    """A submission as it came, however it came."""

    form: Form
    values: Mapping[str, str]
    key: str
    source: str
    sender: str
    cross_site: bool
    run: str = ""  # the rehearsal it belongs to


@dataclass(slots=True, kw_only=True)
class Door:
    """What accepting needs to hold on to between submissions."""

    journal: Journal
    limits: Limits
    memory: Memory
    lookups: Lookups
    now: Callable[[], int] = clock.now_ms
    slow_seconds: float = SLOW_SECONDS


async def accept(door: Door, incoming: Incoming) -> bytes:
    """Store one submission; returns its id once it would survive a power cut.

    The same key and values give the same id, at once or years later. Raises Refused, and Busy
    before anything was written. Being cancelled while waiting does not undo what was handed over.
    """
    spec = incoming.form.spec
    now = door.now()
    _check_dates(spec, now)
    lane, wait = _OPEN if incoming.run else door.limits.take(incoming.sender)
    if lane == "shut":
        raise Refused("too_many", status=429, retry_after=wait)
    key = _key(incoming.key, incoming.run)
    checked = check(incoming.form, incoming.values, lookups=door.lookups, now=now)
    body = wire.encode((spec.verb, checked.fields, checked.consents))
    entry, fresh = door.memory.entry(page=spec.page, verb=spec.verb, key=key, body=body, now=now)
    if fresh:
        entry.record = wire.encode(
            Submission(
                id=entry.id,
                verb=spec.verb,
                page=spec.page,
                kind=spec.kind,
                lang=spec.lang,
                at=now,
                key=entry.key,
                source=incoming.source if _SOURCE.fullmatch(incoming.source) else "",
                fields=checked.fields | checked.found,
                consents=checked.consents,
                marks=_marks(incoming) | (MARK_SLOW_LANE if lane == "slow" else 0),
                run=incoming.run,
            )
        )
        door.journal.put(entry)
        door.memory.hold(entry)
    if not entry.stored:
        await entry.wait(door.journal.loop)
    if lane == "slow":
        await asyncio.sleep(door.slow_seconds)
    return entry.id


def _check_dates(spec: wire.PageSpec, now: int) -> None:
    if spec.opens is not None and now < spec.opens - GRACE_MS:
        raise Refused("not_open_yet", status=403)
    if spec.closes is not None and now > spec.closes + GRACE_MS:
        raise Refused("closed", status=410)


def _key(text: str, run: str) -> bytes:
    """The idempotency key; a rehearsal's has its run in it, so it is never that of a real one."""
    if not text:
        return b""
    if not (16 <= len(text) <= 255 and text.isascii() and text.isprintable()):
        raise Refused("bad_request", status=400)
    return (text + run).encode()


def _marks(incoming: Incoming) -> int:
    """Reasons for a second look. They change nothing a visitor can see."""
    marks = 0
    if incoming.values.get("website"):
        marks |= MARK_HONEYPOT
    shown = incoming.values.get("shown", "")
    if len(shown) < 16 and shown.isdecimal() and int(shown) < QUICK_MS:
        marks |= MARK_QUICK
    if incoming.cross_site:
        marks |= MARK_CROSS_SITE
    return marks
