"""The client reads every shape of answer, whole or in pieces, and says what went wrong."""

import asyncio
from collections.abc import Callable

import pytest

from groundswell.rehearsal import client
from groundswell.rehearsal.client import Cut, Reply
from groundswell.rehearsal.target import Target

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nRetry-After: 7\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n4;x=1\r\n\r\n\r\n\r\n0\r\n\r\n"
)
EMPTY = b"HTTP/1.1 304 Not Modified\r\netag: x\r\n\r\n"


def ask(answers: list[bytes], *, piece: int = 1 << 16, times: int = 1) -> list[Reply]:
    """What the client makes of a server that sends these bytes and then hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            for start in range(0, len(answer), piece):
                writer.write(answer[start : start + piece])
                await writer.drain()
                await asyncio.sleep(0)
        writer.close()

    async def talk() -> list[Reply]:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            target = Target("http", f"127.0.0.1:{port}", port, "127.0.0.1")
            connection = await client.connect(target, None)
            try:
                async with asyncio.timeout(30):
                    return [await connection.ask(b"GET / HTTP/1.1\r\n\r\n") for _ in range(times)]
            finally:
                connection.close()

    return asyncio.run(talk())


@pytest.mark.parametrize("piece", [1, 7, 4096])
@pytest.mark.parametrize(
    ("answer", "status", "is_right"),
    [
        (PLAIN, 200, lambda reply: reply.body == b"hello" and reply.header("retry-after") == "7"),
        (CHUNKED, 202, lambda reply: reply.body.endswith(b"0\r\n\r\n")),
        (EMPTY, 304, lambda reply: reply.body == b"" and reply.header("no-such") == ""),
    ],
)
def test_it_reads_an_answer(
    answer: bytes, status: int, is_right: Callable[[Reply], bool], piece: int
) -> None:
    (reply,) = ask([answer], piece=piece)
    assert reply.status == status
    assert reply.size == len(answer)
    assert is_right(reply)


def test_it_asks_again_on_the_same_connection() -> None:
    assert [one.status for one in ask([PLAIN, EMPTY, CHUNKED], times=3)] == [200, 304, 202]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"", "cut"),
        (PLAIN[:-2], "cut"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "cut"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "garbled"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "garbled"),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", "garbled"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "garbled"),
    ],
)
def test_it_says_what_went_wrong(answer: bytes, code: str) -> None:
    with pytest.raises(Cut, match=code):
        ask([answer])
