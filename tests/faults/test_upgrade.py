"""Upgrading and restarting while people sign: nothing is lost, and of a handover nobody notices."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults import t14_restore as t14
from tests.support.installation import Installation, prepared
from tests.support.stack import wait

pytestmark = pytest.mark.fault
# What the first release's database had.
FIRST = {"people": "0001", "campaigns": "0001", "studio": "0001"}


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Installation]:
    """An installation of the first release, with data."""
    with prepared(tmp_path / "old", **t14._settings()) as made:
        made.run("campaign", module=t14.CHILD)
        made.run("drain", module="tests.support.installation_child")
        for app, name in FIRST.items():
            made.run("migrate", app, name, "--verbosity=0", module="django")
        yield made


def test_it_upgrades_while_people_sign(old: Installation) -> None:
    assert "not prepared" in old.refused("core")
    with ExitStack() as stack:
        stack.enter_context(t14._running(old, "intake"))
        t14._wait_for_intake(old)
        with t14._crowd(old, "before", 1) as people:
            people.wait_for(20)
            old.run("prepare")
            people.wait_for(people.statuses[202] + 20)
            stack.enter_context(t14._running(old, "core"))
            people.wait_for(people.statuses[202] + 20)
        promised = set(people.promised.values())
        assert people.cuts == 0
        assert people.wrong == []
        wait(lambda: promised <= t14._ids(old), seconds=t14.SECONDS, what="all stored")
    assert len(t14._ids(old)) == len(promised) + 3
    assert "Every sum is what the rows add up to." in old.run("recount")
    assert old.run("backup", str(old.folder.parent / "backups"))


@pytest.mark.parametrize("command", ["core", "studio", "prepare", "backup"])
def test_it_stops_before_a_newer_database(old: Installation, command: str) -> None:
    old.run("prepare")
    old.run("newer", module="tests.support.installation_child")
    words = [command, str(old.folder.parent / "backups")] if command == "backup" else [command]
    said = old.refused(*words)
    assert "a newer version" in said
    assert "people 9999_from_tomorrow" in said
    assert "install that version" in said


def test_it_hands_over_to_a_new_intake_without_turning_anybody_away(old: Installation) -> None:
    first = _intake(old)
    try:
        t14._wait_for_intake(old)
        with t14._crowd(old, "handover", 2) as people:
            people.wait_for(20)
            second = _intake(old)
            try:
                # The new one has its place beside the old one's, and then its port.
                place = old.folder / "journal" / "1.lock"
                wait(place.exists, seconds=t14.SECONDS, what="the second intake")
                people.wait_for(people.statuses[202] + 60)
                first.send_signal(signal.SIGTERM)
                first.wait(timeout=t14.SECONDS)
                people.wait_for(people.statuses[202] + 40)
            finally:
                people.leave()
                second.send_signal(signal.SIGTERM)
                second.wait(timeout=t14.SECONDS)
    finally:
        first.kill()
        first.wait()
    assert people.wrong == []
    old.run("prepare")
    backup = old.folder.parent / "backups"
    old.run("backup", str(backup))
    old.run("drain", module="tests.support.installation_child")
    assert set(people.promised.values()) <= t14._ids(old)


def _intake(at: Installation) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "groundswell", "intake"],
        env=at.environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
