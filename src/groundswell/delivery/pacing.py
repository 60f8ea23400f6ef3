"""When the next letter may leave: to one decision maker, and to one mail domain.

A row of Pace remembers it, so that several senders, and the next core, keep the same pace. The gaps
vary by a quarter, so that letters do not arrive as by clockwork.
"""

import random
from collections.abc import Mapping, Sequence
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


def known_turn(tally: TargetTally, now: datetime, full: Mapping[str, datetime]) -> datetime | None:
    """When to ask again, if `full` says that it is no use to ask now."""
    turn = max((full[name] for name, _gap in _gaps(tally) if name in full), default=now)
    return turn if turn > now else None


def reserve(tally: TargetTally, now: datetime, full: dict[str, datetime]) -> datetime | None:
    """Take the place of one letter: None if it may leave now, or when to ask again.

    In a transaction, and taken back with it. What it learns it adds to `full`.
    """
    gaps = _gaps(tally)
    names = [name for name, _gap in gaps]
    Pace.objects.bulk_create(
        [Pace(name=name, next_at=now) for name in names], ignore_conflicts=True
    )
    rows = Pace.objects.filter(name__in=names).select_for_update(skip_locked=True)
    times = dict(rows.values_list("name", "next_at"))
    full.update({name: times.get(name, now + SOON) for name in names})
    turn = known_turn(tally, now, full)
    if turn is not None:
        return turn
    for name, gap in gaps:
        full[name] = now + gap * _jitter()
        Pace.objects.filter(name=name).update(next_at=full[name])
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
