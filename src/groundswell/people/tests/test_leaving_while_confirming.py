"""Somebody is withdrawn in the very moment in which their confirmation is stored.

On SQLite there is one writer at a time and nothing to prove.
"""

import threading
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, connections
from django.db.models import QuerySet

from groundswell.base import clock
from groundswell.people import confirm, drain, withdraw
from groundswell.people.models import Participation
from groundswell.people.recount import recount
from groundswell.people.tests.journal import PAGE, sign, write

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs two writers"),
]


def meet(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Participation:
    """Withdraw; after the totals were set right and before the rows are, the click arrives."""
    signed = sign()
    drain.drain(write(folder, [signed]))
    threads: list[threading.Thread] = []
    uncount = withdraw.uncount

    def clicked(submission_id: UUID, at: datetime) -> None:
        confirm.confirm(clicks=[confirm.Click(submission_id, at)])
        connections.close_all()

    def overtaken(rows: Iterable[Participation]) -> None:
        uncount(rows)
        threads.append(threading.Thread(target=clicked, args=(key, clock.now())))
        threads[0].start()
        threads[0].join(1)

    key = UUID(bytes=signed.id)
    monkeypatch.setattr(withdraw, "uncount", overtaken)
    withdraw.withdraw(submission_id=key, at=clock.now())
    threads[0].join(10)
    return Participation.objects.get()


def test_it_never_counts_who_has_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = meet(tmp_path, monkeypatch)
    assert (row.state, row.counted) == ("withdrawn", False)
    assert recount(page_key=PAGE) == []


def test_it_would_count_them_without_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda query: query)
    row = meet(tmp_path, monkeypatch)
    assert row.state == "withdrawn"
    assert row.counted
