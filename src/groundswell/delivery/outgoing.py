"""One HTTP request to a gateway, bounded in time and size. Its address may hold a key: never said.

What comes of it is told apart: not reached at all, broken off when they may have had it, answered.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Final, NamedTuple

from groundswell.base import env, netguard
from groundswell.delivery.channels.channel import CannotTell
from groundswell.delivery.post import ServerDown

SECONDS: float = 20.0
MOST_BYTES: Final = 1 << 20


class Reply(NamedTuple):
    """What the other side answered. `whole`: not broken off, nor cut after a MiB."""

    status: int
    body: str
    whole: bool = True


def ask(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> Reply:
    """The answer to one request. No redirect is followed.

    Raises ServerDown when they surely have not got it, CannotTell when they may have.
    """
    seconds = seconds or SECONDS
    parts, link = _reach(url, seconds)
    with _deadline(link, seconds) as passed:
        try:
            link.request(method, parts, body or None, dict(headers or {}))
            answer = link.getresponse()
        except (OSError, HTTPException, ValueError) as error:
            reason = "time-out" if passed() else type(error).__name__
            raise CannotTell(f"the connection broke off: {reason}") from None
        # From here on we know what they did with it, whatever becomes of their words.
        return _read(answer)


def _read(answer: HTTPResponse) -> Reply:
    try:
        body = answer.read(MOST_BYTES)
    except (OSError, HTTPException, ValueError):
        return Reply(answer.status, "", whole=False)
    whole = not answer.length and len(body) < MOST_BYTES
    return Reply(answer.status, body.decode("utf-8", "replace"), whole)


def _reach(url: str, seconds: float) -> tuple[str, HTTPConnection]:
    try:
        allow = netguard.networks(env.load().delivery_allow)
        parts = netguard.checked_url(url, allow=allow)
        link = netguard.connection(url, timeout=seconds, allow=allow)
        link.connect()
    except netguard.Blocked as error:
        raise ServerDown(str(error)) from None
    except OSError as error:
        raise ServerDown(f"cannot be reached: {type(error).__name__}") from None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return path, link


@contextlib.contextmanager
def _deadline(link: HTTPConnection, seconds: float) -> Iterator["_Passed"]:
    """End the connection when its time is over, even if they send a byte now and then."""
    passed = _Passed(link)
    timer = threading.Timer(seconds, passed.end)
    timer.daemon = True
    timer.start()
    try:
        yield passed
    finally:
        timer.cancel()
        link.close()


class _Passed:
    def __init__(self, link: HTTPConnection) -> None:
        # http.client lets go of its socket before the answer is read.
        self._socket = link.sock
        self._over = False

    def __call__(self) -> bool:
        return self._over

    def end(self) -> None:
        self._over = True
        with contextlib.suppress(OSError):
            # Not SSLSocket's own, which first forgets the keys a reader is just using.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
