"""Several processes that play the same order at the same moment, each its share of the crowd."""

import asyncio
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from typing import Final

import msgspec
import uvloop

from groundswell.rehearsal import measure
from groundswell.rehearsal.crowd import Crowd, Order
from groundswell.rehearsal.measure import News
from groundswell.rehearsal.page import Page
from groundswell.rehearsal.target import Target
from groundswell.rehearsal.visitor import Habits, Script

DEAF_SECONDS: Final = 90.0
_STOP: Final = b"stop"
_QUIT: Final = b"quit"


class Setup(msgspec.Struct, frozen=True):
    """What every process of a rehearsal must know."""

    target: Target
    pages: list[Page]
    habits: Habits
    token: str
    run: str
    seed: int


class Team:
    """The processes. `play` returns when all have finished; `stop` may be called meanwhile."""

    def __init__(self, setup: Setup, *, processes: int) -> None:
        self.stopped = False
        self._pipes: list[Connection] = []
        self._children = []
        spawn = multiprocessing.get_context("spawn")
        for number in range(processes):
            ours, theirs = spawn.Pipe()
            own = msgspec.structs.replace(setup, seed=setup.seed * 1000 + number)
            child = spawn.Process(
                target=serve, args=(theirs, msgspec.msgpack.encode(own)), daemon=True
            )
            child.start()
            theirs.close()
            self._pipes.append(ours)
            self._children.append(child)
        for pipe in self._pipes:
            pipe.recv_bytes()  # it is up

    @property
    def size(self) -> int:
        return len(self._pipes)

    def play(self, order: Order, tell: Callable[[int, News], None]) -> None:
        """One order, divided; `tell` gets each process's news. Returns when all are done.

        Raises EOFError when a process has died.
        """
        part = msgspec.structs.replace(order, rates=[rate / self.size for rate in order.rates])
        self._send(msgspec.msgpack.encode(part))
        working = {pipe: number for number, pipe in enumerate(self._pipes)}
        told = False
        while working:
            if self.stopped and not told:
                told = True
                self._send(_STOP)
            for pipe in self._ready(list(working)):
                news = measure.unpack(pipe.recv_bytes())
                tell(working[pipe], news)
                if news.done:
                    del working[pipe]

    def _ready(self, working: list[Connection]) -> list[Connection]:
        """Those that have news: each has some twice a second."""
        ready = wait(working, timeout=DEAF_SECONDS)
        if not ready:
            raise EOFError("a process of the rehearsal says nothing any more")
        return [pipe for pipe in ready if isinstance(pipe, Connection)]

    def stop(self) -> None:
        """Let nobody else come, now or later. May be called by a signal's handler."""
        self.stopped = True

    def _send(self, word: bytes) -> None:
        for pipe in self._pipes:
            pipe.send_bytes(word)

    def close(self) -> None:
        for pipe in self._pipes:
            try:
                pipe.send_bytes(_QUIT)
            except OSError:
                continue
        for child in self._children:
            child.join(5)
            if child.is_alive():
                child.kill()


def serve(pipe: Connection, packed: bytes) -> None:
    """One process: plays what it is told until it is told to quit, or nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who leads
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    setup = msgspec.msgpack.decode(packed, type=Setup)
    uvloop.run(_serve(pipe, setup))


async def _serve(pipe: Connection, setup: Setup) -> None:
    script = Script(
        target=setup.target,
        pages=setup.pages,
        habits=setup.habits,
        token=setup.token,
        run=setup.run,
        seed=setup.seed,
    )
    crowd = Crowd(target=setup.target, script=script, seed=setup.seed + 1)
    orders: asyncio.Queue[bytes] = asyncio.Queue()

    def hear() -> None:
        try:
            word = pipe.recv_bytes()
        except (EOFError, OSError):
            os._exit(0)
        if word == _STOP:
            crowd.stop()
        else:
            orders.put_nowait(word)

    asyncio.get_running_loop().add_reader(pipe.fileno(), hear)
    pipe.send_bytes(b"up")
    while (word := await orders.get()) != _QUIT:
        order = msgspec.msgpack.decode(word, type=Order)
        await crowd.play(order, lambda news: pipe.send_bytes(measure.pack(news)))


def processes_for(cpus: Sequence[int]) -> int:
    """How many are sensible by default: half of the cores, for the other half is the target's."""
    return max(1, len(cpus) // 2)
