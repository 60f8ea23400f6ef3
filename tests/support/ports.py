"""Ports for servers of tests."""

import random
import socket
from typing import Final

# Below those that the kernel hands out (32768 and more): the loads that tests make open thousands
# of connections, and each would hold such a port just when a server comes to listen on it. Granian
# binds, lets go and binds again in its worker, which then panics.
FIRST: Final = 10_000
BEYOND: Final = 32_000


def free_port() -> int:
    """A port that nobody listens on at the moment, and that no connection takes by chance."""
    while True:
        port = random.SystemRandom().randrange(FIRST, BEYOND)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
