"""Processes of ours with a data folder and a database of their own, to be stopped and killed."""

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pysqlite3

from groundswell.base import env, keyring

DRAIN = "groundswell.people.tests.crash_child"


@contextlib.contextmanager
def installation(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation in a folder, on the same kind of database as the tests."""
    keyring.init(folder / "keys")
    settings = {
        "DJANGO_SETTINGS_MODULE": "groundswell.studio.settings",
        "GROUNDSWELL_VAR": str(folder),
    }
    url = env.load().database
    if url == "sqlite":
        yield {**os.environ, **settings}
        return
    name = f"crash_{os.getpid()}_{random.randrange(10**6)}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield {
            **os.environ,
            **settings,
            "GROUNDSWELL_DATABASE": urlsplit(url)._replace(path=f"/{name}").geturl(),
        }
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def child(
    mode: str, environ: dict[str, str], module: str = DRAIN, *, stdin: int | None = None
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, mode],
        env=environ,
        stdin=stdin,
        stdout=subprocess.PIPE,
        text=True,
    )


def make_tables(environ: dict[str, str]) -> None:
    with child("make", environ) as process:
        pass
    assert process.returncode == 0


def ask(environ: dict[str, str], question: str) -> tuple[int, ...]:
    url = environ.get("GROUNDSWELL_DATABASE", "sqlite")
    if url == "sqlite":
        database = pysqlite3.connect(Path(environ["GROUNDSWELL_VAR"], "db.sqlite3"))
        try:
            return tuple(database.execute(question).fetchone())
        finally:
            database.close()
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return tuple(int(value) for value in row)
