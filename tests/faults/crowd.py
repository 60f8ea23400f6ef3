"""People who send until they are told it is stored, and who remember what they were told.

A crowd runs in a thread of its own over connections that are kept open. Whoever is cut off, or
asked to come back, sends the same again with the same key; `visits` tells what became of everyone.
"""

import asyncio
import json
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, NoReturn, Self, cast

import uvloop

from groundswell.base.wire import Submission
from groundswell.intake.tests import site_factory as site
from tests.faults.matrix import Outcome

PATIENCE: Final = 60.0  # a generous ceiling: whoever waits longer for an answer hangs
PAUSE: Final = 0.01
LONGEST_PAUSE: Final = 0.5  # nobody here has the time to wait as long as Retry-After asks


class Cut(ConnectionError):
    """The connection went before the answer was complete."""


class Reply(NamedTuple):
    """An HTTP answer as it came."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, empty when it is not there."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.encode():
                return value.strip().decode("latin-1")
        return ""


class Link(asyncio.Protocol):
    """One connection, one question at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._began = asyncio.Event()
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[Reply] | None = None

    @classmethod
    async def open(cls, port: int) -> "Link":
        """Raises OSError."""
        loop = asyncio.get_running_loop()
        _, link = await loop.create_connection(cls, "127.0.0.1", port)
        return link

    async def ask(self, request: bytes) -> Reply:
        """Send a request and wait for its answer. Raises Cut, and TimeoutError when it hangs."""
        if self._transport is None or self._transport.is_closing():
            raise Cut("closed")
        self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        async with asyncio.timeout(PATIENCE):
            return await self._waiter

    async def cut(self, data: bytes, *, after_answer: bool, wait: float) -> NoReturn:
        """Send these bytes and hang up, soon or when the answer begins: raises Cut."""
        assert self._transport
        self._began.clear()
        self._transport.write(data)
        if after_answer:
            async with asyncio.timeout(PATIENCE):
                await self._began.wait()
        else:
            await asyncio.sleep(wait)
        raise Cut("on purpose")

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own do not say so

    def data_received(self, data: bytes) -> None:
        self._began.set()
        self._buffer += data
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        reply = Reply(int(head[9:12]), head, b"")
        length = int(reply.header("content-length") or 0)
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(reply._replace(body=rest[:length]))

    def connection_lost(self, _: Exception | None) -> None:
        self._began.set()
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(Cut("cut"))


@dataclass(slots=True)
class Visit:
    """One person's signature, and what they were told about it."""

    email: str
    key: str
    due: float
    promise: str = ""
    tries: int = 0
    refused: bool = False

    def body(self) -> bytes:
        """What is sent, the same each time."""
        fields = {**site.GOOD, "email": self.email}
        return json.dumps(site.api_body(fields, key=self.key)).encode()


def request(body: bytes, *, chunked: bool = False) -> bytes:
    """A submission as it goes over the wire."""
    length = "transfer-encoding: chunked" if chunked else f"content-length: {len(body)}"
    head = f"POST /api/v1/submissions HTTP/1.1\r\nhost: localhost\r\n{length}\r\n"
    return f"{head}content-type: application/json\r\n\r\n".encode() + body


@dataclass
class Crowd:
    """`lanes` people at a time, `rate` of them a second or as fast as they are answered.

    `stay` is whether those who get a 503 try again; the others go, and are counted as refused.
    `limit` is how many come in all. `ask` is how a visit is sent: one attempt, the answer or Cut.
    """

    port: int
    lanes: int = 8
    seed: int = 0
    name: str = "p"
    rate: Callable[[float], float] | None = None
    stay: bool = True
    limit: int | None = None
    ask: Callable[[Link, Visit], Awaitable[Reply]] | None = None
    visits: dict[str, Visit] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    cuts: int = 0
    wrong: list[str] = field(default_factory=list)
    taken_ms: list[float] = field(default_factory=list)
    refused_ms: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(f"{self.seed}-{self.name}")
        self._queue: deque[Visit] = deque()
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"crowd-{self.name}")
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Nobody comes any more; those who are there go on until they are told it is stored."""
        self._leaving.set()
        self._thread.join(timeout=2 * PATIENCE)
        assert not self._thread.is_alive(), "somebody waits for ever"
        if self._failure:
            raise self._failure

    @property
    def promised(self) -> dict[str, str]:
        """The id each was told, by e-mail address."""
        return {visit.email: visit.promise for visit in list(self.visits.values()) if visit.promise}

    def wait_for(self, acked: int) -> None:
        """Return once so many were told that they are stored. Raises when there is no progress."""
        before, deadline = -1, 0.0
        while (so_far := self.statuses[202]) < acked and self._thread.is_alive():
            if so_far > before:
                before, deadline = so_far, time.monotonic() + PATIENCE
            assert time.monotonic() < deadline, f"{self.statuses}: nothing for {PATIENCE} s"
            time.sleep(0.01)

    # Everything below runs in the crowd's own thread.

    def _run(self) -> None:
        try:
            uvloop.run(self._all())
        except BaseException as error:  # noqa: BLE001  `leave` raises it where it is seen
            self._failure = error

    async def _all(self) -> None:
        pacing = asyncio.create_task(self._pace()) if self.rate else None
        await asyncio.gather(*(self._lane() for _ in range(self.lanes)))
        if pacing:
            await pacing

    async def _pace(self) -> None:
        """Let people come at the rate of the moment, whether or not the others are done."""
        assert self.rate
        began = before = time.monotonic()
        owed = 0.0
        while not self._over():
            await asyncio.sleep(PAUSE)
            now = time.monotonic()
            owed += self.rate(now - began) * (now - before)
            before = now
            while owed >= 1 and not self._over():
                self._queue.append(self._visit())
                owed -= 1

    def _over(self) -> bool:
        full = self.limit is not None and len(self.visits) >= self.limit
        return self._leaving.is_set() or full

    def _visit(self) -> Visit:
        email = f"{self.name}-{len(self.visits)}@example.org"
        visit = Visit(email, self._random.randbytes(16).hex(), time.monotonic())
        self.visits[email] = visit
        return visit

    async def _next(self) -> Visit | None:
        if not self.rate:
            return None if self._over() else self._visit()
        while not self._queue:
            if self._over():
                return None
            await asyncio.sleep(PAUSE)
        return self._queue.popleft()

    async def _lane(self) -> None:
        link: Link | None = None
        try:
            while visit := await self._next():
                while not (visit.promise or visit.refused):
                    link = await self._attempt(link, visit)
        finally:
            if link:
                link.close()

    async def _attempt(self, link: Link | None, visit: Visit) -> Link | None:
        """Send once; the connection to use next."""
        try:
            link = link or await Link.open(self.port)
            visit.tries += 1
            reply = await (self.ask or plainly)(link, visit)
        except OSError:
            self.cuts += 1
            if link:
                link.close()
            await asyncio.sleep(PAUSE)
            return None
        self.statuses[reply.status] += 1
        await self._hear(reply, visit)
        if reply.header("connection") == "close":
            link.close()
            return None
        return link

    async def _hear(self, reply: Reply, visit: Visit) -> None:
        took = (time.monotonic() - visit.due) * 1000
        if reply.status == 202:
            visit.promise = json.loads(reply.body)["id"]
            self.taken_ms.append(took)
        elif reply.status in {429, 503} and reply.header("retry-after").isdigit():
            visit.refused = not self.stay
            self.refused_ms.append(took)
            if self.stay:
                wait = int(reply.header("retry-after"))
                await asyncio.sleep(min(wait, LONGEST_PAUSE) * self._random.random())
        else:
            visit.refused = True
            self.wrong.append(f"{reply.status} {reply.body[:100]!r}")


async def plainly(link: Link, visit: Visit) -> Reply:
    return await link.ask(request(visit.body()))


def percentile(values: Iterable[float], share: float = 0.99) -> float:
    """The value below which that share of the values lies; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def compare(visits: Iterable[Visit], found: Iterable[Submission], cycles: int) -> Outcome:
    """What was promised against what a journal holds."""
    stored: dict[str, list[str]] = {}
    for one in found:
        stored.setdefault(one.fields.get("email", ""), []).append(one.id.hex())
    by_email = {visit.email: visit for visit in visits}
    promised = [visit for visit in by_email.values() if visit.promise]
    return Outcome(
        cycles,
        acked=len(promised),
        lost=sum(visit.promise not in stored.get(visit.email, ()) for visit in promised),
        duplicated=sum(len(ids) - 1 for ids in stored.values()),
        invented=sum(len(ids) for email, ids in stored.items() if email not in by_email),
    )
