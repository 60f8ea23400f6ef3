"""A crowd comes when it means to come, whoever keeps it waiting, and tries again as pages do."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from groundswell.rehearsal.crowd import Crowd, Order
from groundswell.rehearsal.measure import Grid, News
from groundswell.rehearsal.page import Field, Page
from groundswell.rehearsal.target import Target
from groundswell.rehearsal.visitor import Habits, Script

Answer = Callable[[str], Awaitable[bytes]]
HABITS = Habits(
    act_share=1, watch_share=0, think=0.01, looks=1, languages={"en": 1}, devices={"phone": 1}
)
PAGE = Page("/en/", "en", [Field("email", "email", required=True), Field("website", "text")])
STORED = b'HTTP/1.1 202 A\r\ncontent-length: 44\r\n\r\n{"id":"' + b"ab" * 16 + b'"}   '
BUSY = b"HTTP/1.1 503 B\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n"
AWAY = b"HTTP/1.1 302 C\r\nlocation: http://192.0.2.7/\r\ncontent-length: 0\r\n\r\n"


def play(answer: Answer, *, tries: int = 1, acts_only: bool = True) -> tuple[Grid, list[bytes]]:
    """Two seconds of forty visitors each, against a server that answers like that."""
    grid, acknowledged = Grid(), []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
            except (asyncio.IncompleteReadError, ConnectionError):
                break
            length = re.search(r"Content-Length: (\d+)", head)
            body = (await reader.readexactly(int(length[1]))).decode() if length else ""
            writer.write(await answer(body))
        writer.close()

    def hear(news: News) -> None:
        grid.merge(news.grid)
        acknowledged.extend(news.acknowledged)

    async def go() -> None:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            target = Target("http", f"127.0.0.1:{port}", port, "127.0.0.1")
            script = Script(target=target, pages=[PAGE], habits=HABITS, token="t", run="r", seed=1)
            order = Order(
                begins=time.monotonic(), zero=0, slot=0.25, rates=[40.0] * 8,
                acts_only=acts_only, tries=tries, grace=30,
            )  # fmt: skip
            await Crowd(target=target, script=script, seed=2).play(order, hear)

    asyncio.run(go())
    return grid, acknowledged


def test_it_comes_whether_or_not_anybody_was_answered() -> None:
    enough, sent = asyncio.Event(), []

    async def answer(body: str) -> bytes:
        # Nobody is served before the twentieth is here: a crowd that waits never gets there.
        sent.append(body)
        if len(sent) == 20:
            enough.set()
        await enough.wait()
        return STORED

    grid, acknowledged = play(answer)
    cell = grid.sum(("act",))
    assert len(sent) == cell.offered == cell.good == len(acknowledged) >= 20
    assert {one.hex() for one in acknowledged} == {"ab" * 16}
    first = parse_qs(sent[0])
    assert first["email"][0].endswith("@example.org")
    assert len(first["key"][0]) == 64
    assert "website" not in first


def test_it_tries_again_with_the_same_key() -> None:
    keys: Counter[str] = Counter()

    async def answer(body: str) -> bytes:
        key = parse_qs(body)["key"][0]
        keys[key] += 1
        return BUSY if keys[key] == 1 else STORED

    grid, acknowledged = play(answer, tries=3)
    assert set(keys.values()) == {2}
    assert len(acknowledged) == len(keys)
    assert grid.sum(("act",)).errors == {"busy": len(keys)}


def test_it_gives_up_and_counts_each_refusal() -> None:
    async def answer(_body: str) -> bytes:
        return BUSY

    grid, acknowledged = play(answer, tries=2)
    cell = grid.sum(("act",))
    assert not acknowledged
    assert cell.offered == cell.errors["busy"] > 0


def test_it_follows_nobody_who_leads_it_away() -> None:
    async def answer(_body: str) -> bytes:
        return AWAY

    grid, _ = play(answer, acts_only=False)
    cell = grid.sum(("page",))
    assert cell.errors == {"redirect": cell.offered}
    assert grid.sum(("act", "asset", "count")).offered == 0
