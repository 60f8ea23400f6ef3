"""A worker whose main process was killed while it was being started does not live on."""

import signal
import subprocess
import sys
from typing import Final

import pytest

# As a worker finds itself: forked from a main process with a handler of its own, and orphaned.
WORKER: Final = """
import os, signal, time
from groundswell.intake import server
signal.signal(signal.SIGTERM, lambda *_: None)
{guard_off}
server._die_with(os.getppid() + 1)
time.sleep(5)
"""
GUARD_OFF: Final = "server.signal = type('', (), dict(vars(signal), signal=lambda *_: None))"


def ending(*, guard_off: str = "") -> int:
    program = WORKER.format(guard_off=guard_off)
    return subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode


@pytest.mark.fault
def test_it_ends_with_its_main_process() -> None:
    assert ending() == -signal.SIGTERM


@pytest.mark.fault
def test_control_with_the_inherited_handler_it_lives_on() -> None:
    assert ending(guard_off=GUARD_OFF) == 0
