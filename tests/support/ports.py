"""Ports for servers of tests."""

import itertools
import os
import random
import socket
from typing import Final

# Below those that the kernel gives to connections, of which loads of ours open thousands.
FIRST: Final = 10_000
BEYOND: Final = 32_000


def _own() -> range:
    """This test process's share of the ports.

    A port that was asked for is not listened on yet, and a second server with SO_REUSEADDR may bind
    it as well: the one that listens later fails, and Granian's worker panics. So no two processes
    of a run ever try the same.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    number = int(worker) if worker.isdecimal() else 0
    share = (BEYOND - FIRST) // max(1, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    return range(FIRST + number * share, FIRST + (number + 1) * share)


_turns: Final = itertools.count(random.SystemRandom().randrange(BEYOND))


def free_port() -> int:
    """A port that nobody has, and that this process has not been given for a long time."""
    own = _own()
    while True:
        port = own[next(_turns) % len(own)]
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
