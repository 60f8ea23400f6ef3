"""The names of a letter's co-signers in the order in which they were shown, a page at a time.

A page is a stretch of that order. Whoever is shown later comes at its end, and a name that goes
leaves its page shorter: so a change touches the pages it is about and no other, however many names
there are.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Count, Max, QuerySet, Sum
from django.db.models.functions import Coalesce

from groundswell.campaigns.models_signatories import Cosignature
from groundswell.campaigns.render import plain
from groundswell.campaigns.render_letter_views import NameView

PER_PAGE: Final = 100
# Where in the order somebody stands: when they were shown, in microseconds, and their number.
Place = tuple[int, int]
_AT: Final = Coalesce("decided_at", "confirmed_at")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Pulse(NamedTuple):
    """What differs as soon as any name does; read without reading the names."""

    shown: int
    numbers: int
    latest: str


class Stretch(NamedTuple):
    """One page of names: where it begins, whom it shows, and what tells it from another."""

    begins: Place
    numbers: tuple[int, ...]
    digest: str


def pulse(*, page_key: UUID) -> Pulse:
    """A letter's state as far as its shown names go."""
    found = _shown(page_key).aggregate(count=Count("id"), numbers=Sum("id"), latest=Max(_AT))
    latest = found["latest"].isoformat() if found["latest"] else ""
    return Pulse(found["count"], found["numbers"] or 0, latest)


def stretches(*, page_key: UUID, begun: Sequence[Place] = ()) -> list[Stretch]:
    """A letter's pages, one at least. `begun`: where those it had begin, which stays."""
    places = _places(page_key)
    begins = list(begun) or [(0, 0)]
    start = bisect_left(places, begins[-1])
    begins += places[start + PER_PAGE :: PER_PAGE]
    cuts = [bisect_left(places, begin) for begin in begins[1:]]
    pages = [places[a:b] for a, b in pairwise([0, *cuts, len(places)])]
    return [
        Stretch(begin, tuple(number for _, number in page), _digest(page))
        for begin, page in zip(begins, pages, strict=True)
    ]


def names(*, numbers: Sequence[int]) -> list[NameView]:
    """The names with these numbers, in this order; without those that went meanwhile."""
    rows = Cosignature.objects.filter(pk__in=numbers, state=Cosignature.State.SHOWN).in_bulk()
    return [_name(rows[number]) for number in numbers if number in rows]


def latest(*, page_key: UUID, limit: int) -> list[NameView]:
    """Those shown last, the newest first."""
    return [_name(row) for row in _shown(page_key).order_by(_AT.desc(), "-id")[:limit]]


def _shown(page_key: UUID) -> QuerySet[Cosignature]:
    return Cosignature.objects.filter(page_key=page_key, state=Cosignature.State.SHOWN)


def _places(page_key: UUID) -> list[Place]:
    rows = _shown(page_key).order_by(_AT, "id").values_list(_AT, "id")
    return [(_micros(at), number) for at, number in rows.iterator()]


def _micros(at: datetime) -> int:
    past = at - _EPOCH
    return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds


def _digest(page: Sequence[Place]) -> str:
    return sha256(repr(page).encode()).hexdigest()[:16]


def _name(row: Cosignature) -> NameView:
    return NameView(number=row.id, name=plain(row.name), role=plain(row.role), version=row.revision)
