"""A real web server in front of a real intake, with the configuration that deploy/ ships.

The files are used as they are, but for names, ports and paths.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import Intake
from tests.support.ports import free_port

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
NAME: Final = "act.example.org"


class Answer(NamedTuple):
    """What came back: the version of HTTP, the status, headers in lower case, the bytes."""

    version: str
    status: int
    headers: dict[str, str]
    body: bytes


class Front:
    """The public address of an intake behind a web server."""

    def __init__(self, folder: Path, intake: Intake, port: int) -> None:
        self.folder = folder
        self.intake = intake
        self.port = port
        self.log = folder / "front.log"

    def ask(self, path: str, *options: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask with curl, over HTTP/2 unless told otherwise."""
        body, head = self.folder / "curl.body", self.folder / "curl.head"
        body.write_bytes(b"")
        named = [part for pair in (headers or {}).items() for part in ("-H", ": ".join(pair))]
        subprocess.run(
            ["curl", "--silent", "--show-error", "--max-time", "60", "--path-as-is",
             "--cacert", str(self.folder / "crt.pem"),
             "--resolve", f"{NAME}:{self.port}:127.0.0.1",
             "--output", str(body), "--dump-header", str(head), *named, *options,
             f"https://{NAME}:{self.port}{path}"],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return parsed(head.read_bytes().decode("latin-1"), body.read_bytes())

    def form(self, values: Mapping[str, str], *options: str, path: str = site.PATH) -> Answer:
        """Send a form."""
        data = [part for pair in values.items() for part in ("--data-urlencode", "=".join(pair))]
        return self.ask(path, *data, *options)

    @property
    def said(self) -> str:
        """The web server's own log."""
        return self.log.read_text() if self.log.exists() else ""


def parsed(head: str, body: bytes) -> Answer:
    """The last of the heads that curl has seen, with its body."""
    lines = [block for block in head.split("\r\n\r\n") if block.strip()][-1].splitlines()
    version, status = lines[0].split()[:2]
    pairs = [line.partition(":") for line in lines[1:]]
    return Answer(
        version, int(status), {name.lower(): value.strip() for name, _, value in pairs}, body
    )


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip with a reason where a program is not installed."""
    missing = [name for name in programs if not program(name)]
    return pytest.mark.skipif(
        bool(missing), reason=f"not installed: {', '.join(missing)} (Debian's packages)"
    )


def program(name: str) -> str | None:
    """Where a program is, also one of the administrator's."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def certificate(folder: Path, *names: str) -> None:
    """A certificate for these names that its own maker trusts: crt.pem and key.pem."""
    listed = ",".join(f"DNS:{name}" for name in names)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=test", "-addext", f"subjectAltName={listed}",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "crt.pem")],
        check=True, capture_output=True,
    )  # fmt: skip


def filled(file: Path, changes: Mapping[str, str]) -> str:
    """A shipped file with a test's names, ports and paths. Fails where one is not in it."""
    text = file.read_text()
    for pattern, value in changes.items():
        text, found = re.subn(pattern, value.replace("\\", r"\\"), text)
        assert found, f"{file.name} has no {pattern!r} to change"
    return text


@contextlib.contextmanager
def nginx(
    folder: Path, *, changes: Mapping[str, str] | None = None, **more: str
) -> Iterator[Front]:
    """nginx as deploy/nginx has it, before an intake with the hand-written site."""
    port, plain = free_port(), free_port()
    with _intake(folder, port, more) as door:
        certificate(folder, NAME)
        _write_nginx(folder, door, port, plain, changes or {})
        argv = [program("nginx") or "nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
        front = Front(folder, door, port)
        with _running(argv, front):
            yield front


@contextlib.contextmanager
def caddy(folder: Path, **more: str) -> Iterator[Front]:
    """Caddy as deploy/Caddyfile has it."""
    port, studio = free_port(), free_port()
    with _intake(folder, port, more) as door:
        certificate(folder, NAME)
        keys = f"{folder}/crt.pem {folder}/key.pem"
        text = filled(
            DEPLOY / "Caddyfile",
            {
                r"email admin@example.org": "admin off\n\tauto_https off",
                r"act\.example\.org \{": f"https://{NAME}:{port} {{\n\ttls {keys}",
                r"studio\.example\.org \{": f"http://studio.example.org:{studio} {{",
                r"127\.0\.0\.1:8000": f"127.0.0.1:{door.port}",
            },
        )
        (folder / "Caddyfile").write_text(text)
        argv = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
        front = Front(folder, door, port)
        with _running(argv, front):
            yield front


@contextlib.contextmanager
def _intake(folder: Path, port: int, more: Mapping[str, str]) -> Iterator[Intake]:
    settings = {
        "production": "true",
        "public_url": f"https://{NAME}:{port}",
        "trusted_proxies": "127.0.0.1/32",
        "rate_exempt": "",
        **more,
    }
    with site.intake(site.make_folder(folder), **settings) as door:
        yield door


def _write_nginx(
    folder: Path, door: Intake, port: int, plain: int, changes: Mapping[str, str]
) -> None:
    own = {
        r"listen \[::\][^;]*;": "",
        r"listen 443": f"listen 127.0.0.1:{port}",
        r"listen 80": f"listen 127.0.0.1:{plain}",
        r"/etc/letsencrypt/live/act.example.org/fullchain.pem": f"{folder}/crt.pem",
        r"/etc/letsencrypt/live/act.example.org/privkey.pem": f"{folder}/key.pem",
        r"/var/cache/nginx/groundswell": f"{folder}/cache",
        r"/var/lib/groundswell": str(folder),
        r"127\.0\.0\.1:8000": f"127.0.0.1:{door.port}",
    }
    (folder / "groundswell.conf").write_text(
        filled(DEPLOY / "nginx/groundswell.conf", own | dict(changes))
    )
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = {
        # The test's own account: root's workers could not read a test's folder as www-data.
        r"user www-data;": "user root;" if os.geteuid() == 0 else "",
        r"worker_processes auto": "worker_processes 1",
        r"/run/nginx.pid": f"{folder}/nginx.pid",
        r"error_log \S+ crit": f"error_log {folder}/front.log info",
        r"include /etc/nginx/modules-enabled/[^;]*;": "",
        r"include /etc/nginx/groundswell\.conf": f"{temporary}include {folder}/groundswell.conf",
        r"include /etc/nginx/groundswell-studio[^;]*;": "",
        r"worker_rlimit_nofile 65536": "worker_rlimit_nofile 1024",
        r"worker_connections 16384": "worker_connections 512",
    }
    (folder / "nginx.conf").write_text(filled(DEPLOY / "nginx/nginx.conf", main))


@contextlib.contextmanager
def _running(argv: Sequence[str], front: Front) -> Iterator[None]:
    with front.log.open("ab") as log, tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            env={"PATH": os.environ["PATH"], "HOME": home},
        )  # fmt: skip
        try:
            _wait(front, process)
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def _wait(front: Front, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(subprocess.CalledProcessError):
            front.ask("/robots.txt")
            return
        time.sleep(0.05)
    raise AssertionError(f"the web server did not start:\n{front.said}")
