"""Upgrading and restarting while people sign: nothing is lost, and of a handover nobody notices."""

import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Self

import pytest

from groundswell.ops.doctor import network
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
    with t14.campaigning(tmp_path / "old") as made:
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


def test_it_hands_over_to_a_new_intake_without_refusing_anybody(old: Installation) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(t14._running(old, "intake"))
        t14._wait_for_intake(old)
        with t14._crowd(old, "handover", 2) as people, Knocks(_port(old)) as knocks:
            people.wait_for(20)
            second = stack.enter_context(t14._running(old, "intake"))
            wait(lambda: _doors(old) == 2, seconds=t14.SECONDS, what="the second intake")
            _stop(first)
            people.wait_for(people.statuses[202] + 40)
            assert knocks.answered > 20
            assert knocks.refused == 0
            # The other order, to see that somebody would have noticed.
            _stop(second)
            wait(lambda: knocks.refused, seconds=t14.SECONDS, what="somebody to be refused")
            stack.enter_context(t14._running(old, "intake"))
            t14._wait_for_intake(old)
        assert people.wrong == []
    old.run("drain", module=CHILD)
    assert set(people.promised.values()) <= t14._ids(old)


class Knocks:
    """People who come to the door one after the other, and how many find it closed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answered = self.refused = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go_on)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._stop.wait(0.005):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=t14.SECONDS).close()
                self.answered += 1
            except ConnectionRefusedError:
                self.refused += 1


def _port(at: Installation) -> int:
    return int(at.environ["GROUNDSWELL_PUBLIC_PORT"])


def _doors(at: Installation) -> int:
    return sum(port == _port(at) for _, port in network.listeners())


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=t14.SECONDS)
