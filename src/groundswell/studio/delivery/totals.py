"""Letters and calls summed up as an organiser thinks of them; letters are drawn as one bar.

All of it is read from running tallies: a row for each decision maker of a page, however many wrote.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from groundswell.delivery.models import TargetTally
from groundswell.delivery.queries import COUNTS, Counts
from groundswell.people.models_letters import CallTally
from groundswell.studio.delivery import words

# What an organiser asks first: (name, words, the counts it is made of).
PARTS: Final[tuple[tuple[str, Any, tuple[str, ...]], ...]] = (
    ("accepted", _("Accepted"), ("accepted",)),
    ("way", _("On the way"), ("pending",)),
    ("supporter", _("With the supporter"), ("with_supporter", "opened", "says_sent")),
    ("held", _("Held back"), ("held",)),
    ("back", _("Came back or failed"), ("bounced", "failed")),
    ("withdrawn", _("Taken back by the sender"), ("withdrawn",)),
)
WIDTH: Final = 1000


class Part(NamedTuple):
    """One part of the bar, from `x` on; the whole is `WIDTH` wide."""

    name: str
    words: str
    number: int
    x: int
    width: int


class Calls(NamedTuple):
    """How often callers told each outcome, for one decision maker or for a page."""

    target: str
    outcomes: dict[str, int]

    @property
    def all(self) -> int:
        return sum(self.outcomes.values())


def bar(counts: Counts) -> list[Part]:
    """The parts of the bar from left to right, those of no width too."""
    whole = counts.all or 1
    parts, before = [], 0
    for name, label, names in PARTS:
        number = sum(getattr(counts, one) for one in names)
        start, before = before * WIDTH // whole, before + number
        parts.append(Part(name, str(label), number, start, before * WIDTH // whole - start))
    return parts


def per_page(*, page_keys: Collection[UUID]) -> dict[UUID, Counts]:
    """The letters of each page; pages without any are missing. One query."""
    sums = {name: Sum(name) for name in (*COUNTS, "replies")}
    rows = TargetTally.objects.filter(page_key__in=page_keys).values("page_key", "is_held")
    found: dict[UUID, Counts] = {}
    for row in rows.annotate(**sums).order_by():
        found[row["page_key"]] = found.get(row["page_key"], Counts()) + _counts(dict(row))
    return found


def calls_per_page(*, page_keys: Collection[UUID]) -> dict[UUID, Calls]:
    """The calls of each page; pages without any are missing. One query."""
    rows = CallTally.objects.filter(page_key__in=page_keys).values_list("page_key", "outcome")
    found: dict[UUID, Calls] = {}
    for key, outcome, number in rows.annotate(Sum("number")).order_by():
        found.setdefault(key, Calls("", {})).outcomes[outcome] = number
    return found


def calls_per_target(*, page_key: UUID) -> list[Calls]:
    """A page's calls for each decision maker, the most called first. One query."""
    found: dict[str, Calls] = {}
    for one in CallTally.objects.filter(page_key=page_key):
        found.setdefault(one.target, Calls(one.target, {})).outcomes[one.outcome] = one.number
    return sorted(found.values(), key=lambda calls: (-calls.all, calls.target))


def outcomes(calls: Calls) -> list[tuple[str, str, int]]:
    """(code, words, number) for every outcome, in our order."""
    return [
        (code, str(label), calls.outcomes.get(code, 0)) for code, label in words.OUTCOMES.items()
    ]


def columns(rows: Sequence[Any]) -> dict[str, bool]:
    """Which of the counts that most pages have no use for stand in any of these rows."""
    seldom = ("held", "with_supporter", "opened", "says_sent", "withdrawn", "replies")
    return {name: any(getattr(row.counts, name) for row in rows) for name in seldom}


def _counts(row: dict[str, Any]) -> Counts:
    same = {name: row[name] for name in Counts.__struct_fields__ if name in row}
    if row["is_held"]:
        same["held"] += row["queued"]
        return Counts(**same, pending=row["sending"])
    return Counts(**same, pending=row["queued"] + row["sending"])
