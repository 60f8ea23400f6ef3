"""One process of a rehearsal: its share of the crowd, arriving when it is meant to arrive.

Nobody waits for anybody else: visitors come at their moments whether or not the server keeps up.
When this process itself cannot keep up, its own lateness (`lag`) says so.
"""

import asyncio
import contextlib
import random
import ssl
import time
from collections.abc import Callable
from typing import Final

import msgspec

from groundswell.rehearsal import client
from groundswell.rehearsal.client import Connection, Cut, Reply
from groundswell.rehearsal.measure import Grid, Kind, News, Times
from groundswell.rehearsal.target import Target
from groundswell.rehearsal.visitor import WATCH_SECONDS, Plan, Script

PATIENCE: Final = 20.0  # as long as the page's script waits for an answer
MAX_FLYING: Final = 12_000
NEWS_SECONDS: Final = 0.5
_AGAIN: Final = frozenset({408, 429, 502, 503, 504})  # what the page's script tries again
_WORDS: Final = {503: "busy", 429: "too_many", 403: "refused_pass"}


class Order(msgspec.Struct, frozen=True):
    """What to play. `rates` are visitors a second of this process, for slots of `slot` seconds.

    `begins` is by the machine's monotonic clock, `zero` the second it is called in the results.
    With `acts_only` nobody looks at anything: the CDN has done that. `tries` is a visitor's
    patience, `grace` how long after the end answers are waited for, `pace` what a second of a
    visitor's life lasts.
    """

    begins: float
    zero: float
    slot: float
    rates: list[float]
    acts_only: bool
    tries: int
    grace: float
    pace: float = 1.0


class Crowd:
    """Plays orders and tells what came of them."""

    def __init__(self, *, target: Target, script: Script, seed: int) -> None:
        self._target = target
        self._script = script
        self._dice = random.Random(seed)  # noqa: S311  nothing secret is made of it
        self._tls: ssl.SSLContext | None = client.context(target)
        self._flying: set[asyncio.Task[None]] = set()
        self._grid = Grid()
        self._acknowledged: list[bytes] = []
        self._lag = Times()
        self._gave_up = 0
        self._arriving: asyncio.Task[None] | None = None
        self._cpu = time.process_time()
        self._end = 0.0
        self._order = Order(0, 0, 1, [], acts_only=False, tries=1, grace=1)

    async def play(self, order: Order, tell: Callable[[News], None]) -> None:
        """One order, with news twice a second; the last has `done`."""
        self._order = order
        telling = asyncio.create_task(self._keep_telling(tell))
        self._arriving = arriving = asyncio.create_task(self._arrivals(order))
        try:
            await asyncio.wait([arriving])
            if self._flying:
                await asyncio.wait(self._flying, timeout=order.grace)
        finally:
            for task in [arriving, telling, *self._flying]:
                task.cancel()
            await asyncio.gather(arriving, telling, *self._flying, return_exceptions=True)
            tell(self._news(done=True))

    def stop(self) -> None:
        """Let nobody else come; those who are here may finish."""
        if self._arriving is not None:
            self._arriving.cancel()

    async def _arrivals(self, order: Order) -> None:
        due = order.begins
        self._end = end = order.begins + order.slot * len(order.rates)
        highest = max(order.rates, default=0.0)
        while highest > 0:
            due += self._dice.expovariate(highest)
            if due >= end:
                break
            slot = int((due - order.begins) / order.slot)
            if self._dice.random() * highest > order.rates[slot]:
                continue
            wait = due - time.monotonic()
            if wait > 0.001:
                await asyncio.sleep(wait)
            self._lag.add(max(0.0, time.monotonic() - due))
            self._start(due)
        await asyncio.sleep(max(0.0, end - time.monotonic()))

    def _start(self, due: float) -> None:
        if len(self._flying) >= MAX_FLYING:
            self._note("act" if self._order.acts_only else "page", due, error="crowded")
            return
        task = asyncio.create_task(self._visit(due))
        self._flying.add(task)
        task.add_done_callback(self._flying.discard)

    async def _visit(self, due: float) -> None:
        plan = self._script.visitor()
        visit = _Visit(self._target, self._tls)
        try:
            if self._order.acts_only:
                await self._act(visit, plan, due)
                return
            if not await self._get(visit, "page", plan.page.path, plan, due):
                return
            for path in plan.page.assets.get(plan.device, ()):
                await self._get(visit, "asset", path, plan, time.monotonic())
            watching = asyncio.create_task(self._watch(visit, plan))
            if plan.acts:
                await asyncio.sleep(plan.think * self._order.pace)
                await self._act(visit, plan, time.monotonic())
            await watching
        finally:
            visit.close()

    async def _watch(self, visit: "_Visit", plan: Plan) -> None:
        if not plan.page.count:
            return
        for number in range(plan.watches):
            if number:
                await asyncio.sleep(WATCH_SECONDS * self._order.pace)
            if time.monotonic() > self._end:
                return
            await self._get(visit, "count", plan.page.count, plan, time.monotonic())

    async def _get(self, visit: "_Visit", kind: Kind, path: str, plan: Plan, due: float) -> bool:
        reply = await self._ask(visit, kind, self._script.get(path, plan.device), due)
        if reply is None:
            return False
        error = "" if reply.status == 200 else _code(reply.status)
        self._note(kind, due, error=error, size=reply.size)
        return not error

    async def _act(self, visit: "_Visit", plan: Plan, due: float) -> None:
        """Send the form, and the same again after a while if that is worth it."""
        request = self._script.post(plan)
        for attempt in range(self._order.tries):
            reply = await self._ask(visit, "act", request, due)
            if reply is not None and reply.status == 202 and (told := _id(reply)):
                self._acknowledged.append(told)
                self._note("act", due, size=reply.size)
                return
            if reply is not None:
                self._note("act", due, error=_code(reply.status), size=reply.size)
                if reply.status not in _AGAIN:
                    break
            if attempt + 1 < self._order.tries:
                await asyncio.sleep(_pause(reply, attempt) * self._dice.uniform(1, 1.4))
                due = time.monotonic()
        self._gave_up += 1

    async def _ask(self, visit: "_Visit", kind: Kind, request: bytes, due: float) -> Reply | None:
        """The answer; None when there was none, which is noted."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await visit.ask(request)
        except TimeoutError:
            code = "timeout"
        except Cut as error:
            code = error.code
        except ssl.SSLError:
            code = "tls"
        except OSError as error:
            code = "no_port" if error.errno == 99 else "connect"
        except asyncio.CancelledError:
            # The phase is over and this one is still waiting: it was not answered in time.
            self._note(kind, due, error="no_answer")
            raise
        visit.close()
        self._note(kind, due, error=code)
        return None

    def _note(self, kind: Kind, due: float, *, error: str = "", size: int = 0) -> None:
        cell = self._grid.at(kind, int(due - self._order.begins + self._order.zero))
        cell.offered += 1
        cell.size += size
        if error:
            cell.errors[error] = cell.errors.get(error, 0) + 1
        else:
            cell.good += 1
            cell.times.add(time.monotonic() - due)

    async def _keep_telling(self, tell: Callable[[News], None]) -> None:
        while True:
            await asyncio.sleep(NEWS_SECONDS)
            tell(self._news(done=False))

    def _news(self, *, done: bool) -> News:
        cpu = time.process_time()
        news = News(
            grid=self._grid,
            acknowledged=self._acknowledged,
            lag=self._lag,
            cpu=cpu - self._cpu,
            flying=len(self._flying),
            gave_up=self._gave_up,
            done=done,
        )
        self._grid, self._acknowledged, self._lag = Grid(), [], Times()
        self._cpu, self._gave_up = cpu, 0
        return news


class _Visit:
    """One visitor's connection, opened when it is needed; one request at a time."""

    def __init__(self, target: Target, tls: ssl.SSLContext | None) -> None:
        self._target = target
        self._tls = tls
        self._connection: Connection | None = None
        self._turn = asyncio.Lock()

    async def ask(self, request: bytes) -> Reply:
        """Raises Cut, OSError."""
        async with self._turn:
            if self._connection is None or not self._connection.is_open:
                self._connection = await client.connect(self._target, self._tls)
            return await self._connection.ask(request)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _code(status: int) -> str:
    return _WORDS.get(status) or ("redirect" if 300 <= status < 400 else f"status_{status}")


def _id(reply: Reply) -> bytes:
    """The id in an acknowledgement; empty when something else has answered 202."""
    try:
        answer = msgspec.json.decode(reply.body, type=dict[str, str])
        return bytes.fromhex(answer["id"])
    except (msgspec.MsgspecError, ValueError, KeyError):
        return b""


def _pause(reply: Reply | None, attempt: int) -> float:
    """How long the page's script would wait before it tries again."""
    with contextlib.suppress(ValueError):
        if reply is not None:
            return float(reply.header("retry-after"))
    return float(min(60, 2 ** (attempt + 1)))
