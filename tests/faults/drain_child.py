"""Drains to be killed: `drain_child [GUARD…]` forks one for each order, `core …` runs all of core.

An order is a line of JSON: `die_at` is the step at which the drain kills itself (each statement to
the database, each commit and each deletion of a file has one before and one after it), `die_after`
the seconds after which it is killed from outside. Words that name a guard take it away.
"""

import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import django

django.setup()

from django.db import connection, transaction  # noqa: E402  after the set-up
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402

from groundswell import core  # noqa: E402
from groundswell.base import env  # noqa: E402
from groundswell.campaigns import moments  # noqa: E402
from groundswell.intake.journal_reader import JournalReader  # noqa: E402
from groundswell.people import drain, models, store, verbs  # noqa: E402
from groundswell.people.tests import crash_child  # noqa: E402

FULL_SPEED: Final = drain.MAX_GROUPS
CONFLICT: Final = " ON CONFLICT (submission_id) DO NOTHING"


class Steps:
    """Counts steps, and dies at one of them as by kill -9."""

    def __init__(self, die_at: int) -> None:
        self._left = die_at

    def step(self) -> None:
        """One more."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """`work` with a step before and one after it."""

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self.step()
            result = work(*args, **kwargs)
            self.step()
            return result

        return wrapped

    def statement(self, execute: Callable[..., Any], *args: Any) -> Any:
        """As `around`, for Django's wrapper of statements."""
        return self.around(execute)(*args)


def run(die_at: int) -> None:
    """Drain until the journal is empty, a few records at a time."""
    steps = Steps(die_at)
    BaseDatabaseWrapper._commit = steps.around(BaseDatabaseWrapper._commit)  # type: ignore[attr-defined]
    journal = JournalReader(env.load().path("journal"))
    journal.remove = steps.around(journal.remove)  # type: ignore[method-assign]
    with connection.execute_wrapper(steps.statement):
        while journal.files():
            drain.drain(journal)


def make() -> None:
    """The tables; without `unique` a submission may be there twice."""
    if "unique" in sys.argv:
        models.Participation._meta.get_field("submission_id")._unique = False  # type: ignore[attr-defined]
    crash_child.make()


def take_guards_away() -> None:
    """As the words on the command line say."""
    if "cursor" in sys.argv:
        drain.store = _store_cursor_first
    if "unique" in sys.argv:
        store.known = lambda submissions: set()
        inside = store._insert
        store._insert = lambda rows: _without_conflict(inside, rows)
    if "heard" in sys.argv:
        moments.unheard = _never_heard
    if "commit" in sys.argv:
        drain.wait_for_the_disk = lambda: None
    if "slowly" in sys.argv:
        drain.MAX_GROUPS = 1  # type: ignore[misc]
        drain.store = Slowly(drain.store)
    if "outage" in sys.argv:
        keep = drain.store
        drain.store = lambda batch: _store_if_there(keep, batch)
    if "singly" in sys.argv:
        drain._store_singly = _give_up


def _store_cursor_first(batch: drain.Batch) -> None:
    """The cursor moves in a transaction of its own."""
    with transaction.atomic():
        drain._advance(batch)
    with transaction.atomic():
        verbs.perform([record.deed for record in batch.records if record.deed])


class Slowly:
    """Stores slowly until the database goes, so that there is a middle to take it away in."""

    def __init__(self, keep: Callable[..., Any]) -> None:
        self._keep = keep
        self._pause = 0.1

    def __call__(self, batch: drain.Batch) -> None:
        try:
            self._keep(batch)
            time.sleep(self._pause)
        except drain.OUTAGE:
            self._pause = 0.0
            drain.MAX_GROUPS = FULL_SPEED  # type: ignore[misc]
            raise


def _store_if_there(keep: Callable[..., Any], batch: drain.Batch) -> None:
    """A database that is away is no reason to wait."""
    try:
        keep(batch)
    except drain.OUTAGE:
        logging.getLogger("groundswell").exception("never mind")


def _never_heard(records: Collection[UUID], *, at: datetime) -> set[UUID]:
    """Each record of visits is taken for a new one."""
    return set(records)


def _without_conflict(insert: Callable[..., Any], rows: Any) -> Any:
    """What is there already is stored again."""

    def plain(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        return execute(sql.replace(CONFLICT, ""), *args)

    with connection.execute_wrapper(plain):
        return insert(rows)


def _give_up(batch: drain.Batch) -> None:
    """A batch that fails is skipped as a whole."""
    with transaction.atomic():
        drain._advance(batch)


def fork(order: dict[str, Any]) -> int:
    """Do an order in a child; its exit code, or minus the signal that killed it."""
    pid = os.fork()
    if pid == 0:
        try:
            make() if order["make"] else run(order["die_at"])
        except BaseException:
            logging.getLogger("groundswell").exception("the drain failed")
            os._exit(1)
        os._exit(0)
    if order["die_after"]:
        time.sleep(order["die_after"])
        os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    take_guards_away()
    if "core" in sys.argv:
        core.run(env.load())
    else:
        drain.MAX_GROUPS = 2  # type: ignore[misc]  # many small transactions
        for line in sys.stdin:
            print(fork(json.loads(line)), flush=True)
