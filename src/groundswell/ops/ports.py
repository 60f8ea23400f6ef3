"""The ports we are about to use: is each free, and is somebody answering there?"""

import asyncio
import errno
import socket

from groundswell.base import env
from groundswell.base.errors import Trouble


def check(settings: env.Settings, *, sink: bool) -> None:
    """Raise Trouble that names the first port already taken and the setting that moves it."""
    _check(wanted(settings) + (wanted_by_sink(settings) if sink else []))


def check_sink(settings: env.Settings) -> None:
    """The same for the mail sink alone."""
    _check(wanted_by_sink(settings))


def _check(ports: list[tuple[str, str, int]]) -> None:
    for name, host, port in ports:
        if port and not is_free(host, port):
            raise Trouble(
                f"port {port} is taken by another program; stop that one, "
                f"or set {env.PREFIX}{name.upper()} to a free port"
            )


def wanted(settings: env.Settings) -> list[tuple[str, str, int]]:
    """(setting, address, port) of everything that listens in an installation."""
    voice = [("voice_port", settings.host, settings.voice_port)] if settings.rings else []
    return [
        ("public_port", settings.host, settings.public_port),
        ("studio_port", settings.host, settings.studio_port),
        ("metrics_port", "127.0.0.1", settings.metrics_port),
        *voice,
    ]


def wanted_by_sink(settings: env.Settings) -> list[tuple[str, str, int]]:
    """The same for the mail sink."""
    return [
        ("smtp_port", "127.0.0.1", settings.smtp_port),
        ("mailbox_port", "127.0.0.1", settings.mailbox_port),
    ]


def is_free(host: str, port: int) -> bool:
    """Whether we could listen there. Raises Trouble for an address that is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As servers do: a port whose last connections are only fading away is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise Trouble(f"cannot listen on {host} port {port}: {error.strerror}") from error
    return True


async def answers(host: str, port: int, path: str) -> bool:
    """Whether an HTTP server there answers a GET with anything but a server's error."""
    try:
        reader, writer = await asyncio.open_connection(_reachable(host), port)
    except OSError:
        return False
    try:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        status = (await reader.readline()).split()
    except OSError:
        return False
    finally:
        writer.close()
    return len(status) > 1 and status[1] < b"500"


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not bound
