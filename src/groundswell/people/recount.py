"""Counting the rows, to check that the sums are what they should be.

Costs what the table costs, so it runs at night; everything in the day adds. The rows are gone
through in pieces, so that memory stays the same, core is seen to be alive and can be stopped.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple, cast
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count as Number
from django.db.models import Expression, F, Func, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Substr

from groundswell.base.breath import breathe
from groundswell.campaigns import counters
from groundswell.campaigns.models import Count
from groundswell.people import signed_texts
from groundswell.people.models import Participation

Slice = tuple[str, str]  # dimension and value
Sums = dict[Slice, tuple[int, int]]  # collected and confirmed
PIECE: Final = 20_000
_COLUMNS: Final = ("country", "language", "source")

log = logging.getLogger(__name__)


class Mismatch(NamedTuple):
    """A sum that is not what the rows add up to."""

    page_key: UUID
    dimension: str
    value: str
    stored: tuple[int, int]
    true: tuple[int, int]


class Miscounted(Exception):
    """The recount found sums that are wrong; `groundswell recount --repair` sets them right."""


def check() -> None:
    """Recount every page, for core at night. Raises Miscounted, which becomes an alarm."""
    wrong = [one for page_key in pages() for one in recount(page_key=page_key)]
    for one in wrong:
        log.error("miscounted: %s", one)
    if wrong:
        raise Miscounted(f"{len(wrong)} sums differ from the rows, first: {wrong[0]}")


def pages() -> list[UUID]:
    """The pages that have rows or sums."""
    counted = Count.objects.order_by().values_list("page_key", flat=True).distinct()
    return sorted({*signed_pages(), *counted})


def signed_pages() -> Iterator[UUID]:
    """The pages that have rows, found by as many looks into the index as there are pages."""
    keys = Participation.objects.order_by("page_key").values_list("page_key", flat=True)
    page_key = keys.first()
    while page_key is not None:
        yield page_key
        page_key = keys.filter(page_key__gt=page_key).first()


def recount(*, page_key: UUID) -> list[Mismatch]:
    """Compare a page's sums with its rows, as they were at one moment."""
    with _one_moment():
        true, stored = _true(page_key), _stored(page_key)
    return [
        Mismatch(page_key, *key, stored.get(key, (0, 0)), true.get(key, (0, 0)))
        for key in sorted(true.keys() | stored.keys())
        if stored.get(key, (0, 0)) != true.get(key, (0, 0))
    ]


def repair(*, page_key: UUID) -> list[Mismatch]:
    """Set a page's sums to what its rows add up to; returns what was wrong.

    Corrected by adding the difference, so that what is counted meanwhile is kept.
    """
    wrong = recount(page_key=page_key)
    with transaction.atomic():
        counters.add(
            counters.Change(
                page_key,
                cast("counters.Dimension", one.dimension),
                one.value,
                one.true[0] - one.stored[0],
                one.true[1] - one.stored[1],
            )
            for one in wrong
        )
    return wrong


def _true(page_key: UUID) -> Sums:
    collected: Counter[Slice] = Counter()
    confirmed: Counter[Slice] = Counter()
    for piece in _pieces(Participation.objects.filter(page_key=page_key)):
        _group(piece, "received_at", collected)
        counting = piece.filter(counted=True)
        _group(counting, "confirmed_at", confirmed)
        confirmed.update(signed_texts.sums(page_key=page_key, rows=counting))
        breathe()
    for sums in (collected, confirmed):
        _fold_sources(page_key, sums)
    keys = collected.keys() | confirmed.keys()
    return {key: (collected[key], confirmed[key]) for key in keys}


def _fold_sources(page_key: UUID, sums: Counter[Slice]) -> None:
    """Count together what the counters count together."""
    sources = [value for dimension, value in sums if dimension == "source"]
    for source in counters.surplus_sources(page_key=page_key, sources=sources):
        sums["source", counters.OTHER_SOURCES] += sums.pop(("source", source))


def _pieces(rows: QuerySet[Participation]) -> Iterator[QuerySet[Participation]]:
    after = 0
    last: int | None = 0
    while last is not None:
        rest = rows.filter(pk__gt=after)
        last = rest.order_by("pk").values_list("pk", flat=True)[PIECE - 1 : PIECE].first()
        yield rest if last is None else rest.filter(pk__lte=last)
        after = last or 0


def _group(rows: QuerySet[Participation], moment: str, sums: Counter[Slice]) -> None:
    """Add to the sums what the rows come to."""
    grouped = (
        rows.order_by()
        .annotate(**_quarter_hour(moment))
        .values_list("hour", "quarter", *_COLUMNS)
        .annotate(number=Number("pk"))
    )
    for hour, quarter, country, language, source, number in grouped.iterator():
        window = f"{hour[:10]}T{hour[11:]}:{int(quarter) * counters.WINDOW_MINUTES:02d}"
        for key in (
            ("all", ""),
            ("window", window),
            ("country", country),
            ("language", language),
            ("source", source),
        ):
            sums[key] += number


def _quarter_hour(moment: str) -> dict[str, Expression]:
    """`2026-11-21 18` and 0 to 3, by the database's own means.

    Django's functions for times would call Python for each row of SQLite, some million times.
    """
    if connection.vendor == "sqlite":
        text: Expression = Cast(moment, TextField())
    else:
        utc = Func(Value("UTC"), F(moment), function="timezone", output_field=TextField())
        text = Func(utc, Value("YYYY-MM-DD HH24:MI"), function="to_char", output_field=TextField())
    minutes = Cast(Substr(text, 15, 2), IntegerField())
    return {"hour": Substr(text, 1, 13), "quarter": minutes / Value(counters.WINDOW_MINUTES)}


def _stored(page_key: UUID) -> Sums:
    rows = Count.objects.filter(page_key=page_key).exclude(collected=0, confirmed=0)
    return {(row.dimension, row.value): (row.collected, row.confirmed) for row in rows.iterator()}


@contextmanager
def _one_moment() -> Iterator[None]:
    """Reads in here all see the same state, and hold nobody up.

    Django's own transactions take SQLite's write lock, which a recount must not hold for minutes.
    """
    if connection.in_atomic_block:
        yield
        return
    begin = (
        "BEGIN DEFERRED"
        if connection.vendor == "sqlite"
        else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    )
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("COMMIT")
