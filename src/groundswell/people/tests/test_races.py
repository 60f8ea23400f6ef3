"""Two processes at once, on the real database: a mailbox still counts once."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import psycopg
import pysqlite3
import pytest

from groundswell.delivery.tests.mailserver import use_settings
from groundswell.people.tests.journal import sign, write
from groundswell.people.tests.processes import ask, child, installation, make_tables

pytestmark = pytest.mark.fault
ROUNDS = 40
RACER = "groundswell.people.tests.race_child"


class Result(NamedTuple):
    """How many rows were confirmed, and what the rows and the sums say is counted."""

    confirmed: int
    rows: int
    sums: int


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    with installation(tmp_path) as environ:
        make_tables(environ)
        with monkeypatch.context() as there:
            use_settings(there, var=str(tmp_path))
            yield environ


def drop_the_constraint(environ: dict[str, str]) -> None:
    url = environ.get("GROUNDSWELL_DATABASE", "sqlite")
    if url == "sqlite":
        database = pysqlite3.connect(Path(environ["GROUNDSWELL_VAR"], "db.sqlite3"))
        database.execute("DROP INDEX counted_once")
        database.close()
        return
    with psycopg.connect(url) as connection:
        connection.execute("DROP INDEX counted_once")


def race(environ: dict[str, str], folder: Path) -> Result:
    """Confirm both duplicates of many mailboxes, each by a process of its own."""
    pairs = [(sign(f"p{n}@example.org"), sign(f"P{n}+x@example.org")) for n in range(ROUNDS)]
    write(folder / "journal", [one for pair in pairs for one in pair])
    with child("drain", environ) as drained:
        drained.communicate()
    assert drained.returncode == 0
    with ExitStack() as running:
        racers = [running.enter_context(racer(place, environ)) for place in "01"]
        hear(racers, "ready")
        for first, second in pairs:
            tell(racers, f"{first.id.hex()} {second.id.hex()}")
            hear(racers, "decided")
            tell(racers, "go")
            hear(racers, "")
        for one in racers:
            assert one.stdin is not None
            one.stdin.close()
    confirmed = "SELECT count(*) FROM people_participation WHERE state = 'confirmed'"
    counted = "SELECT count(*) FROM people_participation WHERE counted"
    sums = "SELECT confirmed FROM campaigns_count WHERE dimension = 'all'"
    return Result(*(ask(environ, question)[0] for question in (confirmed, counted, sums)))


def racer(place: str, environ: dict[str, str]) -> subprocess.Popen[str]:
    return child(place, environ, RACER, stdin=subprocess.PIPE)


def tell(racers: list[subprocess.Popen[str]], line: str) -> None:
    for one in racers:
        assert one.stdin is not None
        one.stdin.write(line + "\n")
        one.stdin.flush()


def hear(racers: list[subprocess.Popen[str]], start: str) -> None:
    for one in racers:
        assert one.stdout is not None
        line = one.stdout.readline()
        assert line.endswith("\n")
        assert line.startswith(start)


def test_it_counts_once_whoever_is_faster(environ: dict[str, str], tmp_path: Path) -> None:
    assert race(environ, tmp_path) == Result(2 * ROUNDS, ROUNDS, ROUNDS)


def test_it_would_count_twice_without_the_constraint(
    environ: dict[str, str], tmp_path: Path
) -> None:
    drop_the_constraint(environ)
    result = race(environ, tmp_path)
    assert result.confirmed == 2 * ROUNDS
    assert result.rows > ROUNDS
