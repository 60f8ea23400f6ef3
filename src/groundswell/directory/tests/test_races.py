"""Two organisers at once: the second sees what the first wrote.

On PostgreSQL alone: SQLite lets nobody begin to write while another does.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection

from groundswell.directory import checks, editions, services
from groundswell.directory.models import ContactDetail, Correction, Row, Source
from groundswell.directory.tests.factories import load, parliament

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("on"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
MAIL = "zz/ada#email"
TIMES = 20


def correct(number: int) -> None:
    try:
        services.correct(
            kind="contact", key=MAIL, field="value", value=f"ada{number}@new.example",
            note="x", by="x",
        )  # fmt: skip
    finally:
        connection.close()


def at_once(work: Callable[[int], Any], numbers: range) -> list[BaseException | None]:
    with ThreadPoolExecutor(2) as pool:
        return [one.exception() for one in [pool.submit(work, number) for number in numbers]]


def test_it_corrects_one_after_the_other() -> None:
    load(parliament())
    assert at_once(correct, range(TIMES)) == [None] * TIMES
    told = list(Correction.objects.order_by("pk").values_list("before", "after"))
    assert len(told) == TIMES
    assert all(first[1] == second[0] for first, second in pairwise(told))
    assert ContactDetail.objects.get(key=MAIL, current=True).value == told[-1][1]


def test_it_would_collide_without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    load(parliament())
    both, real = Barrier(2, timeout=60), checks.correction

    def together(row: Row, field: str, value: str) -> str:
        both.wait()
        return real(row, field, value)

    monkeypatch.setattr(editions, "lock", lambda source_id: Source.objects.get(pk=source_id))
    monkeypatch.setattr(checks, "correction", together)
    ended = at_once(correct, range(2))
    assert [type(one) for one in ended if one] == [IntegrityError]
