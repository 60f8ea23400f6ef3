"""Upgrading and restarting while people sign: nothing is lost, and of a handover nobody notices."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from tests.faults import t14_restore as t14
from tests.support.installation import Installation, prepared
from tests.support.stack import wait

pytestmark = pytest.mark.fault
CHILD: Final = "tests.support.installation_child"
# What the first release's database had.
FIRST: Final = {"people": "0001", "campaigns": "0001", "studio": "0001"}


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Installation]:
    """An installation with a published campaign."""
    with prepared(tmp_path / "old", **t14._settings()) as made:
        made.run("campaign", module=t14.CHILD)
        yield made


def test_it_upgrades_while_people_sign(old: Installation) -> None:
    old.run("drain", module=CHILD)
    for app, name in FIRST.items():
        old.run("migrate", app, name, "--verbosity=0", module="django")
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


def test_it_stops_before_a_newer_database(tmp_path: Path) -> None:
    with prepared(tmp_path / "old") as old:
        old.run("newer", module=CHILD)
        for words in (["core"], ["studio"], ["prepare"], ["backup", str(tmp_path / "backups")]):
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
    old.run("drain", module=CHILD)
    assert set(people.promised.values()) <= t14._ids(old)


def _intake(at: Installation) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "groundswell", "intake"],
        env=at.environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
