"""Start the public door: Granian with one journal per worker."""

import ctypes
import logging
import os
import resource
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from groundswell.base.env import Settings
from groundswell.intake.house import House
from groundswell.intake.rsgi import App

HEADER_MS: Final = 10_000
MAX_HEADER_BYTES: Final = 16 << 10
# Connections per worker. Beyond it Granian accepts no more, and they wait in the kernel's backlog.
# It must stop before the files run out: at that point its accept loop spins and eats the core.
MAX_CONNECTIONS: Final = 16_384
OWN_FILES: Final = 64  # journal, logs, site, metrics, the event loop's own
BACKLOG: Final = 4_096
STOP_SECONDS: Final = 20
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; then finish what was handed over, commit, and return."""
    serve(load, settings, name="intake", port=settings.public_port, workers=settings.intake_workers)


def serve(
    loader: Callable[[Settings, int], Any],
    settings: Settings,
    *,
    name: str,
    port: int,
    workers: int,
) -> None:
    """Run what `loader` makes in each worker, the same way."""
    _log_to_stderr(name)
    server = Server(
        "groundswell.intake.server:load",
        address=settings.host,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        backlog=BACKLOG,
        backpressure=_connections(_raise_file_limit()),
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_MS, max_buffer_size=MAX_HEADER_BYTES
        ),
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    made: Callable[..., Any] = partial(loader, settings, os.getpid())
    server.serve(target_loader=made, wrap_loader=False)


def load(settings: Settings, parent: int) -> App:
    """One worker's application. Runs in the worker process."""
    keep_to_itself(parent)
    return App(House(settings))


def keep_to_itself(parent: int) -> None:
    """In a worker: leave no memory behind, and end when the main process does."""
    _keep_secrets_in_memory()
    _die_with(parent)


def _log_to_stderr(name: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(f"{name} %(levelname)s %(message)s"))
    logger = logging.getLogger("groundswell")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _raise_file_limit() -> int:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def _connections(files: int) -> int:
    """How many connections a worker may have open with that many files."""
    return MAX_CONNECTIONS if files < 0 else max(1, min(MAX_CONNECTIONS, files - OWN_FILES))


def _keep_secrets_in_memory() -> None:
    """No core dump and no debugger of the same user: what people typed is in this memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)


def _die_with(parent: int) -> None:
    """Stop when the main process is killed; an orphan would hold the port and the journal."""
    # Until the loop has its own, the handler is the main process's, from the fork: it would set a
    # flag of an object that nobody looks at here, and the signal would be gone.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
