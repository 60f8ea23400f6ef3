"""A small, fast HTTP/1.1 client: one connection of one visitor, a request at a time.

It follows nothing and retries nothing: what to do about an answer is for whoever asked.
"""

import asyncio
import ssl
from typing import Final, NamedTuple, cast

from groundswell.rehearsal.target import Target

_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"\r\ncontent-length:"
_CHUNKED: Final = b"\r\ntransfer-encoding:"
_NO_BODY: Final = frozenset({204, 304})


class Reply(NamedTuple):
    """An answer. `head` is as it came, in lower case; `size` counts its bytes on the wire."""

    status: int
    head: bytes
    body: bytes
    size: int

    def header(self, name: str) -> str:
        """A header's value, empty if it is not there."""
        found = self.head.find(f"\r\n{name}:".encode())
        if found < 0:
            return ""
        start = found + len(name) + 3
        return self.head[start : self.head.find(b"\r\n", start)].decode("latin-1").strip()


class Cut(Exception):
    """The connection ended, or the answer was no HTTP. The code says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Connection(asyncio.Protocol):
    """One connection. `ask` one thing after the other."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Reply] | None = None
        self._buffer = b""
        self._wanted = -1  # bytes of the whole answer, once its head is here
        self._head = b""

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes) -> Reply:
        """Send a request and read its answer. Raises Cut."""
        if self._transport is None or self._transport.is_closing():
            raise Cut("cut")
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # Called by the loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is none by name

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio passes it
        self._transport = None
        self._fail("cut")

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        try:
            if self._wanted < 0 and not self._read_head():
                return
            size = self._wanted or _chunked_size(self._buffer, len(self._head) + 2)
        except ValueError:
            self._fail("garbled")
            self.close()
            return
        if size and len(self._buffer) >= size:
            self._finish(size)

    def _read_head(self) -> bool:
        end = self._buffer.find(_HEAD_END)
        if end < 0:
            return False
        self._head = head = self._buffer[: end + 2].lower()
        if not head.startswith(b"http/1."):
            raise ValueError("no HTTP")
        at = head.find(_LENGTH)
        if at >= 0:
            stop = head.find(b"\r\n", at + 2)
            self._wanted = end + 4 + int(head[at + len(_LENGTH) : stop])
        elif head.find(_CHUNKED) >= 0:
            self._wanted = 0
        elif int(head[9:12]) in _NO_BODY:
            self._wanted = end + 4
        else:
            raise ValueError("an answer without an end")
        return True

    def _finish(self, size: int) -> None:
        head, answer = self._head, self._buffer
        self._buffer, self._wanted, self._head = b"", -1, b""
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            body = answer[len(head) + 2 : size]
            waiting.set_result(Reply(int(head[9:12]), head, body, size))

    def _fail(self, code: str) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(Cut(code))


async def connect(target: Target, tls: ssl.SSLContext | None) -> Connection:
    """A new connection. Raises OSError."""
    loop = asyncio.get_running_loop()
    name = target.host if tls else None
    _, connection = await loop.create_connection(
        Connection, target.address, target.port, ssl=tls, server_hostname=name
    )
    return connection


def context(target: Target) -> ssl.SSLContext | None:
    """TLS as a browser would have it: with the certificate checked."""
    return ssl.create_default_context() if target.scheme == "https" else None


def _chunked_size(buffer: bytes, start: int) -> int:
    """Where a chunked body ends, counted from the answer's start; 0 when that is not here yet."""
    while True:
        line = buffer.find(b"\r\n", start)
        if line < 0:
            return 0
        size = int(buffer[start:line].partition(b";")[0], 16)
        start = line + 2 + size + 2
        if len(buffer) < start:
            return 0
        if size == 0:
            return start
