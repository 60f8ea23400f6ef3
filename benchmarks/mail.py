"""How fast core sends confirmation mails: `python -m benchmarks.mail [NUMBER]`.

Into a real SMTP server in a process of its own that takes everything. Beside it, in the same run,
a yardstick: the standard library's smtplib, handing the same bytes to the same server over one
connection, without a database, a template or a key. Then into one that is 30 ms away, over one
connection and over four: each command is answered so much later.
"""

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any, Final

from aiosmtpd.controller import Controller

from benchmarks import child
from tests.support.ports import free_port
from tests.support.postgres import cluster

AWAY_MS: Final = 30
# So few to the server that is away: over one connection seven a second leave.
FAR: Final = 60


class Sink:
    """Takes every mail and keeps none, and answers each command after `away` seconds."""

    def __init__(self, away: float = 0.0) -> None:
        self._away = away

    async def handle_MAIL(  # noqa: N802
        self, server: object, session: object, envelope: Any, address: str, options: object
    ) -> str:
        await asyncio.sleep(self._away)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: object, session: object, envelope: Any, address: str, options: object
    ) -> str:
        await asyncio.sleep(self._away)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        # Twice the way: the server says that it listens, too.
        await asyncio.sleep(2 * self._away)
        return "250 OK"


def main(number: int) -> None:
    print("| from | what | mails a second | CPU ms each |\n|---|---|---|---|", flush=True)
    with sink() as near, sink(AWAY_MS) as far:
        measure("sqlite", number, near, str(far), str(AWAY_MS), str(FAR))
        with cluster() as url:
            measure(url, number, near)


@contextlib.contextmanager
def sink(away_ms: int = 0) -> Iterator[int]:
    """The server in a process of its own, so many milliseconds away; yields its port."""
    port = free_port()
    words = ["sink", str(port), str(away_ms)]
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.mail", *words])
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def measure(database: str, number: int, port: int, *far: str) -> None:
    child.run(
        "mail_child",
        number,
        *far,
        database=database,
        smtp_port=str(port),
        mail_per_second="1000000",
    )


def serve(port: int, away_ms: int) -> None:
    """The server, until it is told to stop."""
    Controller(Sink(away_ms / 1000), hostname="127.0.0.1", port=port).start()
    while True:
        time.sleep(60)


def wait_for(port: int) -> None:
    """Return when somebody listens."""
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the mail server did not start")


if __name__ == "__main__":
    if sys.argv[1:2] == ["sink"]:
        serve(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
