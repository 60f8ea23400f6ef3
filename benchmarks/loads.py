"""Servers on one core, wrk on another, and what each costs. For 127.0.0.1 only."""

import os
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from groundswell.intake.tests import site_factory as site

ROUNDS: Final = 3
SECONDS: Final = 2
SERVER_CORE: Final = "0"
LOAD_CORE: Final = "1"
GRANIAN: Final = """
import sys
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server
body = open(sys.argv[2], "rb").read()
headers = [("content-type", "text/html; charset=utf-8"), ("content-encoding", "gzip")]
async def app(scope, proto):
    if scope.method == "POST":
        await proto()
        proto.response_empty(303, [("location", "/")])
    else:
        proto.response_bytes(200, headers, body)
Server("x", port=int(sys.argv[1]), interface=Interfaces.RSGI, loop=Loops.uvloop,
       http=HTTPModes.http1, websockets=False, backlog=4096, backpressure=16384,
       workers=int(sys.argv[3]),
       log_level=LogLevels.error).serve(target_loader=lambda: app, wrap_loader=False)
"""
NGINX: Final = """
{user}
worker_processes 1;
error_log stderr crit;
pid {folder}/nginx.pid;
events {{ worker_connections 8192; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=1000 inactive=60s;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        root {root};
        index index.html;
        gzip_static on;
    }}
}}
"""
# Each request has a key of its own, as the page's script makes one.
SIGN: Final = """
local count = 0
local id = "0"
function init(args)
  math.randomseed(os.time() + tonumber(args[1]))
  id = tostring(math.random(1, 1e9))
end
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
function request()
  count = count + 1
  local body = "given_name=Amina&family_name=O%27Brien&email=amina." .. id .. "." .. count
    .. "%40example.org&country=GB&postcode=SW1A+1AA&comment=For+the+river+behind+our+school."
    .. "&consent_news=v2&website=&shown=14250&key=benchmark-" .. id .. "-" .. count
  return wrk.format("POST", nil, nil, body)
end
"""


class Result(NamedTuple):
    """One run of wrk, or the medians of some. `cpu_us` is the server's time for one request."""

    rate: float
    p99_ms: float
    cpu_us: float
    errors: int = 0
    requests: int = 0


class Target(NamedTuple):
    """A server, one address of it, and what is sent there. `script`: forms rather than views."""

    pid: int
    url: str
    script: Path | None = None


def need(*programs: str) -> None:
    """End with one line when a program is missing."""
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    missing = [name for name in programs if not shutil.which(name)]
    if missing:
        sys.exit(f"missing: {', '.join(missing)}; `make bench` installs what it needs")


@contextmanager
def pinned(command: Sequence[str], *, cores: str = SERVER_CORE) -> Iterator[int]:
    """A server on some cores."""
    process = subprocess.Popen(["taskset", "-c", cores, *command], start_new_session=True)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@contextmanager
def granian(body: Path, *, workers: int = 1, cores: str = SERVER_CORE) -> Iterator[Target]:
    """The same server as intake's with one constant answer; a POST is read and thrown away."""
    port = site.free_port()
    command = [sys.executable, "-c", GRANIAN, str(port), str(body), str(workers)]
    with pinned(command, cores=cores) as pid:
        wait_for(port)
        yield Target(pid, f"http://127.0.0.1:{port}/")


@contextmanager
def nginx(folder: Path, root: Path) -> Iterator[Target]:
    """One worker that serves a folder's precompressed files, with nothing else to do."""
    port = site.free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(user=user, folder=folder, port=port, root=root))
    command = ["nginx", "-e", "stderr", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with pinned(command) as pid:
        wait_for(port)
        yield Target(pid, f"http://127.0.0.1:{port}")


@contextmanager
def door(folder: Path, *, cores: str = SERVER_CORE, **settings: object) -> Iterator[site.Intake]:
    """A real intake over a data folder."""
    running = site.Intake(folder, **{"journal_queue": 8192, **settings})
    running.start(wrapper=["taskset", "-c", cores])
    try:
        yield running
    finally:
        running.stop()


def target(running: site.Intake, path: str = "", script: Path | None = None) -> Target:
    assert running.process is not None
    return Target(running.process.pid, f"http://127.0.0.1:{running.port}{path}", script)


def wait_for(port: int) -> None:
    """Return when somebody listens."""
    import socket  # noqa: PLC0415

    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nobody listens on {port}")


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def cpu_seconds(pid: int) -> float:
    """Processor time of a server's main process and its workers."""
    ticks = 0
    for each in family(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> tuple[float, float]:
    """RSS and PSS of one process, in MiB. PSS shares out what several processes have in common."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    rss, pss = (re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE) for name in ("Rss", "Pss"))
    assert rss
    assert pss
    return int(rss[1]) / 1024, int(pss[1]) / 1024


def wrk(
    one: Target, connections: int, *, salt: int = 0, core: str = LOAD_CORE, seconds: int = SECONDS
) -> Result:
    """One run."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a file for each connection
    before = cpu_seconds(one.pid)
    command = ["taskset", "-c", core, "wrk", "--latency", "-t1", f"-c{connections}"]
    command += [f"-d{seconds}s", "--timeout", "10s", "-H", "Accept-Encoding: gzip"]
    command += ["-s", str(one.script)] if one.script else []
    command += [one.url, *(["--", str(salt)] if one.script else [])]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", text)
    p99 = re.search(r"99%\s+([0-9.]+)(us|ms|s)", text)
    total = re.search(r"(\d+) requests in", text)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if not rate or not p99 or not total:
        raise RuntimeError(text)
    unit = {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]
    cpu = (cpu_seconds(one.pid) - before) / max(1, int(total[1]))
    errors = int(bad[1]) if bad else 0
    return Result(float(rate[1]), float(p99[1]) * unit, cpu * 1e6, errors, int(total[1]))


def in_turn(
    targets: Mapping[str, Target], connections: int, *, core: str = LOAD_CORE
) -> dict[str, Result]:
    """Medians for each, measured in turn so that a noisy machine is noisy for all of them."""
    runs: dict[str, list[Result]] = {name: [] for name in targets}
    for salt in range(ROUNDS):
        for name, one in targets.items():
            runs[name].append(wrk(one, connections, salt=salt * 1000 + connections, core=core))
    return {name: middle(results) for name, results in runs.items()}


def middle(results: Sequence[Result]) -> Result:
    """The medians; errors and requests are added up."""
    read: Callable[[int], float] = lambda at: statistics.median(one[at] for one in results)  # noqa: E731
    return Result(
        read(0), read(1), read(2), sum(one.errors for one in results),
        sum(one.requests for one in results),
    )  # fmt: skip
