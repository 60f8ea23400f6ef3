"""`groundswell up`: all processes of an installation under one supervisor."""

import asyncio
import contextlib
import fcntl
import functools
from collections.abc import Iterator

from groundswell.base import env, keyring
from groundswell.base.errors import Trouble
from groundswell.ops import ports
from groundswell.ops.supervisor import Child, command, supervise


def run(*, sink: bool = False, closing_lines: tuple[str, ...] = ()) -> int:
    """Start everything, say where it is once all of it answers, and keep it running.

    With `sink`, a mail server that only shows what it gets is started too.
    """
    settings = env.load()
    for purpose in ("seal", "link", "data", "index", "session"):
        keyring.load(settings.path("keys"), purpose)
    ports.check(settings, sink=sink)
    lines = [f"public: {settings.public_url}", f"studio: {settings.studio_url}"]
    if sink:
        lines.append(f"mailbox: http://localhost:{settings.mailbox_port}")
    lines.extend(closing_lines)

    def announce() -> None:
        print("\n" + "\n".join(lines) + "\n", flush=True)

    with _alone(settings):
        return asyncio.run(supervise(children(settings, sink=sink), when_ready=announce))


def children(settings: env.Settings, *, sink: bool) -> list[Child]:
    """The processes of this installation."""
    door = _served("intake", settings.host, settings.public_port, "/healthz")
    found = [
        # Whoever stands before a closed door is lost: it is never left shut for long.
        door._replace(longest_delay=1.0),
        Child("core", command("core")),
        _served("studio", settings.host, settings.studio_port, "/login/"),
    ]
    if settings.rings:
        found.append(_served("voice", settings.host, settings.voice_port, "/healthz"))
    if sink:
        found.insert(0, _served("sink", "127.0.0.1", settings.mailbox_port, "/"))
    return found


def _served(name: str, host: str, port: int, path: str) -> Child:
    return Child(name, command(name), functools.partial(ports.answers, host, port, path))


@contextlib.contextmanager
def _alone(settings: env.Settings) -> Iterator[None]:
    """Two sets of processes on one data folder would write each other's journal."""
    with settings.path("running.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Trouble(f"another Groundswell already runs on {settings.path()}") from error
        yield
