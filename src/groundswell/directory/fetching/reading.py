"""Reading an answer's body: no more than was agreed, unpacked or not, and all of it or nothing."""

import http.client
import zlib
from collections.abc import Iterator
from typing import IO, Final

from groundswell.directory.fetching.connection import Deadline, FetchFailed, Passing

CHUNK: Final = 64 << 10
_GZIP: Final = 16 + zlib.MAX_WBITS
_PLAIN: Final = ("", "identity")


def save(
    answer: http.client.HTTPResponse, to: IO[bytes], *, host: str, size: int, deadline: Deadline
) -> int:
    """Write the body to `to`, unpacked; returns its length. Raises FetchFailed, OSError.

    `size` bounds what comes over the wire and what comes out of it.
    """
    if (answer.length or 0) > size:
        raise _too_much(host, size)
    chunks = _whole(answer, host=host, size=size, deadline=deadline)
    coding = (answer.headers.get("Content-Encoding") or "").strip().lower()
    if coding in {"gzip", "x-gzip"}:
        chunks = _unpacked(chunks, host)
    elif coding not in _PLAIN:
        raise FetchFailed(f"{host} answers in {coding[:30]!r}, which was not asked for")
    length = 0
    for chunk in chunks:
        length += len(chunk)
        if length > size:
            raise _too_much(host, size)
        to.write(chunk)
    return length


def _whole(
    answer: http.client.HTTPResponse, *, host: str, size: int, deadline: Deadline
) -> Iterator[bytes]:
    announced, received = answer.length, 0
    while chunk := answer.read1(CHUNK):
        received += len(chunk)
        if received > size:
            raise _too_much(host, size)
        yield chunk
    if deadline.passed:  # then that was no end, only ours
        raise TimeoutError
    if announced is not None and received < announced:
        raise Passing(f"{host} stopped in the middle of its answer")


def _unpacked(chunks: Iterator[bytes], host: str) -> Iterator[bytes]:
    """What gzip packed, a bounded piece at a time: a thousandfold of it may be in one chunk."""
    unpacking = zlib.decompressobj(_GZIP)
    try:
        for chunk in chunks:
            waiting = chunk
            while waiting and not unpacking.eof:
                yield unpacking.decompress(waiting, CHUNK)
                waiting = unpacking.unconsumed_tail
    except zlib.error as error:
        raise FetchFailed(f"{host} answers with damaged gzip: {error}") from error
    if not unpacking.eof:
        raise Passing(f"{host} stopped in the middle of its answer")


def _too_much(host: str, size: int) -> FetchFailed:
    return FetchFailed(f"{host} answers with more than {size >> 20} MiB: that is not what we want")
