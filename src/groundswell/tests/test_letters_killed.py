"""A sender that is killed in the middle repeats at most what it had claimed, and says so."""

import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from groundswell.delivery.claims import TWICE
from groundswell.delivery.sender import CLAIM
from groundswell.delivery.tests.hostile_mailserver import Hostile
from groundswell.people.tests.processes import ask, child, installation
from groundswell.tests.letters_child import NUMBER

pytestmark = pytest.mark.fault
MODULE = "groundswell.tests.letters_child"
TOLD = f"SELECT count(DISTINCT parcel_id) FROM delivery_transition WHERE words LIKE '{TWICE}%'"


def killed(folder: Path, mode: str) -> tuple[Counter[str], int]:
    """What the server got, and how many letters' records say that they may have gone twice."""
    server = Hostile(greylists=0, refuses=0, cut=0, silent=0, slow=0.5)
    try:
        with installation(folder) as environ:
            environ |= {
                "GROUNDSWELL_SMTP_PORT": str(server.port),
                "GROUNDSWELL_LETTERS_PER_HOUR": "0",
                "GROUNDSWELL_LETTERS_PER_MINUTE": "0",
            }
            with child("make", environ, MODULE) as made:
                pass
            assert made.returncode == 0
            with child(mode, environ, MODULE) as sender:
                while len(server.taken) < NUMBER // 3 and sender.poll() is None:
                    time.sleep(0.01)
                os.kill(sender.pid, signal.SIGKILL)
            with child("send", environ, MODULE) as sender:
                pass
            assert sender.returncode == 0
            states = "SELECT count(*) FROM delivery_parcel WHERE state = 'accepted'"
            assert ask(environ, states) == (NUMBER,)
            return Counter(server.taken), ask(environ, TOLD)[0]
    finally:
        server.stop()


def test_it_repeats_only_what_was_claimed_when_it_was_killed(tmp_path: Path) -> None:
    times, told = killed(tmp_path, "send")
    twice = [name for name, number in times.items() if number > 1]
    assert len(times) == NUMBER
    assert max(times.values()) <= 2
    assert len(twice) <= told <= CLAIM


def test_it_would_repeat_all_if_it_wrote_nothing_down(tmp_path: Path) -> None:
    times, _told = killed(tmp_path, "forget")
    assert sum(1 for number in times.values() if number > 1) > CLAIM
