"""kill -9 in the middle of a transaction loses nothing and doubles nothing."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.base import wire
from groundswell.people.tests.journal import click, sign, write
from groundswell.people.tests.mailserver import use_settings
from groundswell.people.tests.processes import ask, child, installation, make_tables

pytestmark = pytest.mark.fault
SIGNED, CYCLES = 600, 6


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An installation whose drain is killed."""
    with installation(tmp_path) as environ:
        make_tables(environ)
        yield environ


def drain_through_crashes(mode: str, environ: dict[str, str]) -> None:
    for cycle in range(CYCLES + 1):
        with child(mode, environ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "draining\n"
            if cycle < CYCLES:
                time.sleep(random.uniform(0.05, 0.3))
                process.kill()
    assert process.returncode == 0


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
    drain_through_crashes("drain-cursor-first", environ)
    (rows,) = ask(environ, "SELECT count(*) FROM people_participation")
    assert rows < SIGNED
