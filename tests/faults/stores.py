"""A database with the drain's tables, and children that drain into it and are killed there."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID

import psycopg
import pysqlite3
import pytest

from groundswell.base import keyring, wire
from groundswell.delivery.tests.mailserver import use_settings
from groundswell.people.tests.journal import write_records
from tests.faults.matrix import Outcome

CHILD: Final = "tests.faults.drain_child"
KILLED: Final = -9


class Store:
    """An installation's environment and its database. The folder has keys; the tables are there."""

    def __init__(self, folder: Path, url: str = "sqlite") -> None:
        self.folder = folder
        self.url = url
        if not (folder / "keys").exists():
            keyring.init(folder / "keys")
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GROUNDSWELL_")}
        self.environ = kept | {
            "DJANGO_SETTINGS_MODULE": "groundswell.studio.settings",
            "GROUNDSWELL_VAR": str(folder),
            "GROUNDSWELL_DATABASE": url,
        }

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """The rows of a query, over a connection of its own."""
        if self.url == "sqlite":
            with contextlib.closing(pysqlite3.connect(self.folder / "db.sqlite3")) as database:
                return list(database.execute(question))
        with psycopg.connect(self.url, connect_timeout=20) as connection:
            return connection.execute(question).fetchall()

    def rows(self) -> list[str]:
        """The ids of all Participations, as often as they are there."""
        found = self.ask("SELECT submission_id FROM people_participation")
        return [UUID(str(one)).hex for (one,) in found]

    def number(self, question: str) -> int:
        """The one number a query gives; 0 for none."""
        return int(self.ask(question)[0][0] or 0)

    @contextlib.contextmanager
    def here(self) -> Iterator[None]:
        """This process reads the installation's keys, and seals and signs with them."""
        with pytest.MonkeyPatch.context() as there:
            use_settings(there, var=str(self.folder))
            yield

    def journal(self, groups: Iterable[Iterable[wire.Submission]]) -> None:
        """Journal each group in a file of its own, as intake does."""
        with self.here():
            for group in groups:
                write_records(self.folder / "journal", [wire.encode(one) for one in group])

    def judge(self, promised: Iterable[str], cycles: int = 1) -> Outcome:
        """What was promised against the rows."""
        wanted, rows = set(promised), self.rows()
        return Outcome(
            cycles,
            acked=len(wanted),
            lost=len(wanted - set(rows)),
            duplicated=len(rows) - len(set(rows)),
            invented=len(set(rows) - wanted),
        )


class Drains:
    """Starts drains quickly: one process that has imported everything forks for each of them."""

    def __init__(self, store: Store, *guards: str) -> None:
        self._store = store
        self._guards = guards
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        log = self._stack.enter_context((self._store.folder / "drains.log").open("ab"))
        self._process = self._stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", CHILD, *self._guards],
                env=self._store.environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                bufsize=1,
            )
        )
        return self

    def __exit__(self, *error: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(60)
        self._stack.close()

    def run(self, *, die_at: int = 0, die_after: float = 0.0, make: bool = False) -> int:
        """Drain all there is; the exit code. Killed at the `die_at`th step or after so long."""
        assert self._process.stdin
        assert self._process.stdout
        order = {"die_at": die_at, "die_after": die_after, "make": make}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline()
        assert said, "the drains' parent has died"
        return int(said)


@contextlib.contextmanager
def core(store: Store, *guards: str) -> Iterator["subprocess.Popen[bytes]"]:
    """core as it is run, with loops whose tables are not there failing on their own."""
    with (store.folder / "core.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", CHILD, "core", *guards],
            env=store.environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def wait_for_rows(store: Store, number: int, *, seconds: float = 120) -> None:
    """Return once so many rows are there. Raises AssertionError."""
    deadline = time.monotonic() + seconds
    while (there := store.number("SELECT count(*) FROM people_participation")) < number:
        assert time.monotonic() < deadline, f"{there} of {number} rows after {seconds} s"
        time.sleep(0.1)


def wait_until_drained(store: Store, *, seconds: float = 120) -> None:
    """Return once no file is left in the journal. Raises AssertionError."""
    deadline = time.monotonic() + seconds
    while left := list((store.folder / "journal").glob("*.journal")):
        assert time.monotonic() < deadline, f"{len(left)} files left after {seconds} s"
        time.sleep(0.05)
