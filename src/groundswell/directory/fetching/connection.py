"""A connection to where a URL leads, if we may go there, and its end when the time is over."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import SplitResult, urlsplit

from groundswell.base import netguard
from groundswell.base.errors import Trouble
from groundswell.base.netguard import Network

MAX_URL: Final = 8_000


class FetchFailed(Trouble):
    """Something could not be fetched, or is not what it should be. Nothing was changed."""


class Passing(FetchFailed):
    """It did not work this time, and may the next."""


class Deadline:
    """Ends a connection when its time is over, even if the other side sends a byte now and then."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self.seconds = seconds
        self._link: http.client.HTTPConnection | None = None
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, link: http.client.HTTPConnection) -> None:
        """End this connection, from now on, when the time is over."""
        self._link, self._socket = link, link.sock
        if self.passed:
            self._end()

    def cancel(self) -> None:
        """All is read: leave the connection alone."""
        self._timer.cancel()

    def _end(self) -> None:
        self.passed = True
        # The connection lets go of its socket once only the answer's body is to come.
        link = self._socket or (self._link.sock if self._link else None)
        if link is not None:
            with contextlib.suppress(OSError):  # it may have ended by itself
                # Not SSLSocket's own, which first forgets the keys a reader is just using.
                socket.socket.shutdown(link, socket.SHUT_RDWR)


@contextlib.contextmanager
def connected(
    url: str, *, allow: Sequence[Network], quiet: float, deadline: Deadline
) -> Iterator[http.client.HTTPConnection]:
    """A connection for `url`, given up after `quiet` seconds of silence or at the deadline.

    Raises FetchFailed where we may not go, and Passing for whatever goes wrong with the connection,
    here or while it is used.
    """
    host = split(url).hostname or ""
    try:
        link = netguard.connection(url, timeout=quiet, allow=allow)
        with contextlib.closing(link):
            deadline.watch(link)
            link.connect()
            deadline.watch(link)
            yield link
    except netguard.Blocked as error:
        raise FetchFailed(f"{host} was not asked: {error}") from error
    except ssl.SSLCertVerificationError as error:
        raise FetchFailed(
            f"{host} has no good certificate for that name: {error.verify_message}"
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise Passing(_reason(host, error, deadline, quiet)) from error
    finally:
        deadline.cancel()


def split(url: str) -> SplitResult:
    """The parts of a URL that can go over the wire as it is. Raises FetchFailed."""
    if url.isascii() and url.isprintable() and " " not in url and len(url) <= MAX_URL:
        with contextlib.suppress(ValueError):
            return urlsplit(url)
    raise FetchFailed(f"{url[:100]!r} is no address of a page")


def _reason(host: str, error: Exception, deadline: Deadline, quiet: float) -> str:
    if deadline.passed:
        return f"{host} took longer than {deadline.seconds:.0f} seconds"
    if isinstance(error, TimeoutError):
        return f"{host} was silent for {quiet:.0f} seconds"
    if isinstance(error, http.client.IncompleteRead):
        return f"{host} stopped in the middle of its answer"
    return f"{host} cannot be reached: {str(error) or type(error).__name__}"
