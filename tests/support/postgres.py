"""A real PostgreSQL for tests: a cluster of our own, on a free port, gone when we are."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.ports import free_port

ACCOUNT = "postgres"


class Server:
    """A PostgreSQL of our own in a folder, that can be stopped, killed and started again.

    PostgreSQL refuses to run as root; then it runs as the account its Debian package made.
    """

    def __init__(self, folder: Path, **options: str) -> None:
        self.port = free_port()
        self.options = options
        self._programs = _programs()
        self._folder = folder
        self._run_as = _account()
        password = secrets.token_hex(16)
        secret = folder / "password"
        secret.write_text(password)
        if self._run_as:
            shutil.chown(folder, ACCOUNT, ACCOUNT)
            shutil.chown(secret, ACCOUNT, ACCOUNT)
        _make(self._programs, folder, secret, self._run_as)
        self.url = f"postgresql://groundswell:{password}@127.0.0.1:{self.port}/postgres"
        self.process = self._start()

    def start(self) -> None:
        """Start it again where it was. It may have to recover first."""
        self.process = self._start()

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """SIGTERM: wait for clients; SIGINT: its fast shutdown; SIGQUIT: its immediate one."""
        self.process.send_signal(number)
        self.process.wait(timeout=60)

    def tree(self) -> list[int]:
        """The server's process and all that it has started."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]

    def kill(self) -> None:
        """kill -9 for the server and all that it has started, at once."""
        self.process.send_signal(signal.SIGSTOP)  # or it would start new ones meanwhile
        for one in self.tree():
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.wait(timeout=60)

    def _start(self) -> subprocess.Popen[bytes]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "off",  # what is lost with the machine is a test's
            "max_connections": "60",
            **self.options,
        }
        flags = [flag for name, value in options.items() for flag in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            server = subprocess.Popen(
                [str(self._programs / "postgres"), "-D", str(self._folder / "data"), *flags],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder, **self._run_as,
            )  # fmt: skip
        self._wait(server)
        return server

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        program = str(self._programs / "pg_isready")
        ready = [program, "--quiet", "--host=127.0.0.1", f"--port={self.port}"]
        deadline = time.monotonic() + 60
        while server.poll() is None and time.monotonic() < deadline:
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.1)
        server.kill()
        log = (self._folder / "log").read_text()
        raise RuntimeError(f"PostgreSQL did not start:\n{log}")


@contextlib.contextmanager
def server(**options: str) -> Iterator[Server]:
    """A fresh server that is stopped and deleted at the end."""
    folder = Path(tempfile.mkdtemp(prefix="groundswell-pg-"))
    try:
        running = Server(folder, **options)
        try:
            yield running
        finally:
            # Its fast shutdown: a test run that was cut short may have left connections open.
            running.process.send_signal(signal.SIGCONT)
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """The URL of a fresh database on a server of our own."""
    with server() as running:
        yield running.url


def _make(programs: Path, folder: Path, secret: Path, run_as: dict[str, Any]) -> None:
    subprocess.run(
        [
            str(programs / "initdb"), "--pgdata", str(folder / "data"), "--username", "groundswell",
            "--auth", "scram-sha-256", "--pwfile", str(secret), "--encoding", "UTF8",
            "--locale", "C.UTF-8", "--no-sync",
        ],
        check=True, stdout=subprocess.DEVNULL, cwd=folder, **run_as,
    )  # fmt: skip


def _programs() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name)
    if folders:
        return folders[-1]
    found = shutil.which("initdb")
    if found is None:
        raise RuntimeError("PostgreSQL is missing: apt-get install postgresql")
    return Path(found).resolve().parent


def _account() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(ACCOUNT)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
