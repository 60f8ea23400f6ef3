"""Databases for tests, migrated once in a run and copied for each of its processes."""

import fcntl
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from groundswell.base import env, keyring
from tests.support.data_folder import FOLDER, RUN

TEMPLATE: Final = "groundswell_template"


def is_sqlite() -> bool:
    """Whether this run is on SQLite."""
    return env.load().database == "sqlite"


def copied(worker: str) -> dict[str, Any]:
    """Django's TEST settings for a process of this run. The first to ask makes the template."""
    with (RUN / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _sqlite(worker) if is_sqlite() else _postgresql()


@contextmanager
def fresh(folder: Path) -> Iterator[str]:
    """A migrated database of its own for the installation in a folder, gone at the end; its URL."""
    with (RUN / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = _sqlite(f"copy-{folder.name}")["NAME"] if is_sqlite() else _postgresql()["TEMPLATE"]
    if is_sqlite():
        shutil.move(made, folder / "db.sqlite3")
        yield "sqlite"
        return
    with empty(like=TEMPLATE) as url:
        yield url


@contextmanager
def empty(*, like: str = "template1") -> Iterator[str]:
    """A database of its own for PostgreSQL, with nothing in it; its URL. `sqlite` on SQLite."""
    server = env.load().database
    if is_sqlite():
        yield server
        return
    name = f"own_{os.getpid()}_{random.randrange(10**9)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {like}".encode())
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def hang_up() -> None:
    """End the sessions that a live server's threads may have left open on the test database."""
    if not is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _sqlite(worker: str) -> dict[str, Any]:
    template = RUN / "sqlite"
    if not template.exists():
        making = RUN / "making"
        _migrate(making, "sqlite")
        making.rename(template)
    file = FOLDER / f"{worker}.sqlite3"
    shutil.copyfile(template / "db.sqlite3", file)
    return {"NAME": file}


def _postgresql() -> dict[str, Any]:
    url = env.load().database
    done = RUN / f"postgresql-{urlsplit(url).port}"
    if not done.exists():
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
            admin.execute(f"CREATE DATABASE {TEMPLATE}")
        _migrate(RUN / "making", urlsplit(url)._replace(path=f"/{TEMPLATE}").geturl())
        done.touch()
    return {"TEMPLATE": TEMPLATE}


def _migrate(folder: Path, database: str) -> None:
    keyring.init(folder / "keys")
    environ: Mapping[str, str] = os.environ | {
        "DJANGO_SETTINGS_MODULE": "groundswell.studio.settings",
        "GROUNDSWELL_VAR": str(folder),
        "GROUNDSWELL_DATABASE": database,
    }
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
    subprocess.run(command, env=environ, check=True, stdin=subprocess.DEVNULL)
