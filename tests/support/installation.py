"""A prepared installation in a folder, on either database, without waiting for its migrations."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
import pysqlite3

from tests.support import databases

SECONDS: Final = 300


class Installation:
    """A data folder and a database, with the environment that its commands run in."""

    def __init__(self, folder: Path, database: str = "sqlite", **settings: str) -> None:
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environ |= {
            "DJANGO_SETTINGS_MODULE": "groundswell.studio.settings",
            "GROUNDSWELL_VAR": str(folder),
            "GROUNDSWELL_DATABASE": database,
            **{f"GROUNDSWELL_{name.upper()}": value for name, value in settings.items()},
        }

    def command(
        self, *words: str, module: str = "groundswell", **settings: str
    ) -> "subprocess.CompletedProcess[str]":
        """A command that ends, whatever comes of it."""
        return subprocess.run(
            [sys.executable, "-m", module, *words],
            env=self.environ | {f"GROUNDSWELL_{key.upper()}": one for key, one in settings.items()},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip

    def run(self, *words: str, module: str = "groundswell") -> str:
        """A command that succeeds; what it printed."""
        done = self.command(*words, module=module)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *words: str) -> str:
        """A command that says in one line what is wrong; that line."""
        done = self.command(*words)
        assert done.returncode == 2, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """The rows of a query, over a connection of its own."""
        url = self.environ["GROUNDSWELL_DATABASE"]
        if url == "sqlite":
            with contextlib.closing(pysqlite3.connect(self.folder / "db.sqlite3")) as database:
                return list(database.execute(question).fetchall())
        with psycopg.connect(url) as connection:
            return list(connection.execute(question.encode()).fetchall())


@contextlib.contextmanager
def prepared(folder: Path, **settings: str) -> Iterator[Installation]:
    """A migrated installation with keys, on the same kind of database as the tests."""
    folder.mkdir(exist_ok=True)
    with databases.fresh(folder) as url:
        made = Installation(folder, url, **settings)
        made.run("prepare")
        yield made
