"""core as a process: alone, stopped in order, killed without harm."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.delivery.tests.mailserver import use_settings
from groundswell.people.tests.journal import click, sign, write
from groundswell.people.tests.processes import ask, child, installation, make_tables

pytestmark = pytest.mark.fault
CORE = "groundswell.tests.core_child"
COUNTED = "SELECT count(*) FROM people_participation WHERE counted"


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """An installation with its tables made and nothing running."""
    with installation(tmp_path) as environ:
        make_tables(environ)
        use_settings(monkeypatch, var=str(tmp_path))
        yield environ


def sign_and_confirm(folder: Path, number: int, name: str) -> None:
    signed = [sign(f"{name}{one}@example.org") for one in range(number)]
    write(folder / "journal", [*signed, *[click(one) for one in signed]])


def wait_for(environ: dict[str, str], number: int) -> None:
    deadline = time.monotonic() + 20
    while ask(environ, COUNTED) != (number,):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def started(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"


def test_it_drains_until_it_is_told_to_stop(environ: dict[str, str], tmp_path: Path) -> None:
    with child("", environ, CORE) as core:
        started(core)
        sign_and_confirm(tmp_path, 30, "p")
        wait_for(environ, 30)
        began = time.monotonic()
        core.send_signal(signal.SIGTERM)
        assert core.wait(timeout=10) == 0
        assert time.monotonic() - began < 3
    assert not list((tmp_path / "journal").glob("*.journal"))


def test_it_lets_no_second_core_in_and_goes_on_after_a_kill(
    environ: dict[str, str], tmp_path: Path
) -> None:
    with child("", environ, CORE) as core:
        started(core)
        sign_and_confirm(tmp_path, 10, "p")
        wait_for(environ, 10)
        with child("", environ, CORE) as second:
            started(second)
            assert second.wait(timeout=30) != 0
        core.kill()
    sign_and_confirm(tmp_path, 10, "q")
    with child("", environ, CORE) as core:
        started(core)
        wait_for(environ, 20)
        core.send_signal(signal.SIGINT)
        assert core.wait(timeout=10) == 0
