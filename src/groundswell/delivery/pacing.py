"""When the next letter may leave: to one decision maker, and to one mail domain.

A row of Pace remembers it, so that several senders, and the next core, keep the same pace. The gaps
vary by a quarter, so that letters do not arrive as by clockwork.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from groundswell.base import env
from groundswell.delivery import hours
from groundswell.delivery.models import Pace, TargetTally

JITTER: Final = 0.25
# Another sender is about to write to the same place.
SOON: Final = timedelta(seconds=1)


def closed_until(tally: TargetTally, now: datetime) -> datetime | None:
    """When its office opens; None if it is open, not known, or the operator does not care."""
    if not env.load().letters_office_hours:
        return None
    return hours.opens(now, hours=tally.hours, zone=tally.zone)


def is_free(tally: TargetTally) -> bool:
    """Whether nothing but the connections limits how fast its letters leave."""
    return not _gaps(tally)


def reserve(tally: TargetTally, now: datetime) -> datetime | None:
    """Take the place of one letter: None if it may leave now, or when to ask again.

    In a transaction, and taken back with it.
    """
    gaps = _gaps(tally)
    names = [name for name, _gap in gaps]
    Pace.objects.bulk_create(
        [Pace(name=name, next_at=now) for name in names], ignore_conflicts=True
    )
    rows = Pace.objects.filter(name__in=names).select_for_update(skip_locked=True)
    times = dict(rows.values_list("name", "next_at"))
    if len(times) < len(names):
        return now + SOON
    latest = max(times.values(), default=now)
    if latest > now:
        return latest
    for name, gap in gaps:
        Pace.objects.filter(name=name).update(next_at=now + gap * _jitter())
    return None


def next_turn(tally: TargetTally, now: datetime) -> datetime:
    """When its target may get the next letter."""
    names = [name for name, _gap in _gaps(tally)]
    times = Pace.objects.filter(name__in=names).values_list("next_at", flat=True)
    return max(times, default=now)


def later(tries: int) -> timedelta:
    """How long to wait after so many tries: greylists let in after five minutes at the latest."""
    wait = timedelta(minutes=5 * 2 ** min(tries, 16))
    return min(wait, timedelta(hours=12)) * _jitter()


def _gaps(tally: TargetTally) -> Sequence[tuple[str, timedelta]]:
    settings = env.load()
    gaps = []
    if settings.letters_per_hour:
        gaps.append((f"to {tally.target}", timedelta(hours=1 / settings.letters_per_hour)))
    domain = tally.address.rpartition("@")[2].lower()
    if settings.letters_per_minute and domain:
        gaps.append((f"at {domain}"[:260], timedelta(minutes=1 / settings.letters_per_minute)))
    return gaps


def _jitter() -> float:
    return random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  nobody is to be kept from guessing
