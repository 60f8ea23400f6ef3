"""How fast core sends confirmation mails: `python -m benchmarks.mail [NUMBER]`.

Into a real SMTP server in a process of its own that takes everything. Beside it, in the same run,
a yardstick: the standard library's smtplib, handing the same bytes to the same server over one
connection, without a database, a template or a key.
"""

import socket
import subprocess
import sys
import time

from aiosmtpd.controller import Controller

from benchmarks import child
from tests.support.postgres import cluster, free_port


class Sink:
    """Takes every mail and keeps none."""

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        return "250 OK"


def main(number: int) -> None:
    port = free_port()
    sink = subprocess.Popen([sys.executable, "-m", "benchmarks.mail", "sink", str(port)])
    try:
        wait_for(port)
        print("| from | what | mails a second | CPU ms each |\n|---|---|---|---|", flush=True)
        measure("sqlite", number, port)
        with cluster() as url:
            measure(url, number, port)
    finally:
        sink.terminate()
        sink.wait()


def measure(database: str, number: int, port: int) -> None:
    child.run(
        "mail_child",
        number,
        database=database,
        smtp_port=str(port),
        mail_per_second="1000000",
    )


def serve(port: int) -> None:
    """The server, until it is told to stop."""
    Controller(Sink(), hostname="127.0.0.1", port=port).start()
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
        serve(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
