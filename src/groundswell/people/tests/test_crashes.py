"""kill -9 in the middle of a transaction loses nothing and doubles nothing."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pysqlite3
import pytest

from groundswell.base import env, keyring, wire
from groundswell.people.tests.journal import click, sign, write
from groundswell.people.tests.mailserver import use_settings

pytestmark = pytest.mark.fault
SIGNED, CYCLES = 600, 6


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A data folder and a database of their own for the process that is killed."""
    keyring.init(tmp_path / "keys")
    settings = {
        "DJANGO_SETTINGS_MODULE": "groundswell.studio.settings",
        "GROUNDSWELL_VAR": str(tmp_path),
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


def child(mode: str, environ: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "groundswell.people.tests.crash_child", mode],
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
    )


def drain_through_crashes(mode: str, environ: dict[str, str]) -> None:
    for cycle in range(CYCLES + 1):
        with child(mode, environ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "draining\n"
            if cycle < CYCLES:
                time.sleep(random.uniform(0.05, 0.3))
                process.kill()
    assert process.returncode == 0


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


def fill(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[wire.Submission]:
    """Journal signatures, then the confirmation of every second one."""
    with monkeypatch.context() as there:
        use_settings(there, var=str(folder))
        signed = [sign(f"p{number}@example.org") for number in range(SIGNED)]
        for start in range(0, SIGNED, 20):
            part = signed[start : start + 20]
            write(folder / "journal", part + [click(one) for one in part[::2]])
    return signed


def test_it_loses_and_doubles_nothing_when_it_is_killed(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(monkeypatch, tmp_path)
    make_tables(environ)
    drain_through_crashes("drain", environ)
    rows = "SELECT count(*), count(DISTINCT submission_id) FROM people_participation"
    assert ask(environ, rows) == (SIGNED, SIGNED)
    half = SIGNED // 2
    counted = "SELECT count(*) FROM people_participation WHERE counted"
    assert ask(environ, counted) == (half,)
    sums = "SELECT sum(collected), sum(confirmed) FROM campaigns_count WHERE dimension = 'all'"
    assert ask(environ, sums) == (SIGNED, half)
    assert ask(environ, "SELECT count(*) FROM people_outgoingmail") == (half,)
    assert ask(environ, "SELECT count(*) FROM people_consent") == (SIGNED,)
    assert ask(environ, "SELECT count(*) FROM people_event") == (half,)


def test_it_would_lose_rows_if_the_cursor_moved_on_its_own(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(monkeypatch, tmp_path)
    make_tables(environ)
    drain_through_crashes("drain-cursor-first", environ)
    (rows,) = ask(environ, "SELECT count(*) FROM people_participation")
    assert rows < SIGNED
