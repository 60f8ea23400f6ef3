"""A real PostgreSQL for tests: a cluster of our own, on a free port, gone when we are."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ACCOUNT = "postgres"


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """The URL of a fresh database on a server that is stopped and deleted at the end.

    PostgreSQL refuses to run as root; then it runs as the account its Debian package made.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="groundswell-pg-"))
    password = secrets.token_hex(16)
    run_as = _account()
    try:
        secret = folder / "password"
        secret.write_text(password)
        if run_as:
            shutil.chown(folder, ACCOUNT, ACCOUNT)
            shutil.chown(secret, ACCOUNT, ACCOUNT)
        port = free_port()
        _make(programs, folder, secret, run_as)
        server = _start(programs, folder, port, run_as)
        try:
            yield f"postgresql://groundswell:{password}@127.0.0.1:{port}/postgres"
        finally:
            # Its fast shutdown: a test run that was cut short may have left connections open.
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _make(programs: Path, folder: Path, secret: Path, run_as: dict[str, Any]) -> None:
    subprocess.run(
        [
            str(programs / "initdb"), "--pgdata", str(folder / "data"), "--username", "groundswell",
            "--auth", "scram-sha-256", "--pwfile", str(secret), "--encoding", "UTF8",
            "--locale", "C.UTF-8", "--no-sync",
        ],
        check=True, stdout=subprocess.DEVNULL, cwd=folder, **run_as,
    )  # fmt: skip


def _start(
    programs: Path, folder: Path, port: int, run_as: dict[str, Any]
) -> subprocess.Popen[bytes]:
    log = (folder / "log").open("wb")
    options = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "off",  # what is lost with the machine is a test's
        "max_connections": 60,
    }
    flags = [flag for name, value in options.items() for flag in ("-c", f"{name}={value}")]
    server = subprocess.Popen(
        [str(programs / "postgres"), "-D", str(folder / "data"), *flags],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, **run_as,
    )  # fmt: skip
    ready = [str(programs / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={port}"]
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        if subprocess.run(ready, check=False).returncode == 0:
            return server
        time.sleep(0.1)
    server.kill()
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")


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
