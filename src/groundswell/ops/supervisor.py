"""Keep child processes running: prefix their logs, restart what dies, stop all at the end."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from groundswell.base.errors import Trouble

STOP_SECONDS: Final = 10
FIRST_DELAY: Final = 0.5
LONGEST_DELAY: Final = 30.0
SETTLED_SECONDS: Final = 60
READY: Final = "ready"
MISCONFIGURED: Final = 2  # what `groundswell` exits with when trying again cannot help
_PR_SET_PDEATHSIG: Final = 1
_libc = ctypes.CDLL(None, use_errno=True)


class Child(NamedTuple):
    """One process to keep: its name, its arguments, and how to see that it is ready.

    One without a port to ask says `READY` on a line of its own. `longest_delay` is how many seconds
    pass at most between its death and the next start, however often it dies.
    """

    name: str
    argv: list[str]
    is_ready: Callable[[], Awaitable[bool]] | None = None
    longest_delay: float = LONGEST_DELAY


def say(name: str, text: str) -> None:
    """One line of log with its author in front."""
    print(f"{name:<7}| {text}", flush=True)


async def supervise(children: list[Child], *, when_ready: Callable[[], None]) -> int:
    """Run the children until a signal comes; then stop them all. Returns the exit code.

    A child that dies is started again, sooner at first and later each time. One that says at its
    first start that it is set up wrong (exit code 2) ends the whole: trying again cannot help.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    keepers = [_Keeper(child) for child in children]
    running = [asyncio.create_task(keeper.keep()) for keeper in keepers]
    ready = asyncio.create_task(_announce(keepers, when_ready))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *running], return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        say("up", "stopping…")
    ready.cancel()
    await asyncio.gather(*(keeper.stop() for keeper in keepers))
    results = await asyncio.gather(*running, return_exceptions=True)
    stopping.cancel()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    say("up", "everything has stopped")
    return 0


async def _announce(keepers: list["_Keeper"], when_ready: Callable[[], None]) -> None:
    await asyncio.gather(*(keeper.ready.wait() for keeper in keepers))
    when_ready()


class _Keeper:
    """Keeps one child alive."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.ready = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._stop_asked = asyncio.Event()
        self._began = 0.0

    async def keep(self) -> None:
        delay = FIRST_DELAY
        while not self._stop_asked.is_set():
            self._began = time.monotonic()
            code = await self._run_once()
            if self._stop_asked.is_set():
                return
            if code == MISCONFIGURED and not self.ready.is_set():
                raise Trouble(f"{self.child.name} cannot start; its lines above say why")
            if time.monotonic() - self._began > SETTLED_SECONDS:
                delay = FIRST_DELAY
            say("up", f"{self.child.name} {_ending(code)}; starting it again in {delay:g} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop_asked.wait(), delay)
            delay = min(delay * 2, self.child.longest_delay)

    async def stop(self) -> None:
        """SIGTERM to the whole group, and SIGKILL to what is left of it after ten seconds."""
        self._stop_asked.set()
        process = self._process
        if process is None:
            return
        _signal_group(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            say("up", f"{self.child.name} did not stop in {STOP_SECONDS} s and is killed")
        _signal_group(process.pid, signal.SIGKILL)

    async def _run_once(self) -> int:
        parent = os.getpid()
        # A pipe of our own: with asyncio's, the wait for a dead child would go on for as long as
        # one of its workers lives and holds the other end.
        output, theirs = os.pipe()
        self._process = process = await asyncio.create_subprocess_exec(
            *self.child.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            process_group=0,
            preexec_fn=lambda: _die_with(parent),
        )
        os.close(theirs)
        watching = asyncio.create_task(self._watch())
        reading = asyncio.create_task(self._pass_on(output))
        code = await process.wait()
        watching.cancel()
        # Its own workers may have outlived it and still hold its port and its pipe.
        _signal_group(process.pid, signal.SIGKILL)
        await reading
        return code

    async def _watch(self) -> None:
        if self.child.is_ready is None:
            return
        while not await self.child.is_ready():  # noqa: ASYNC110  in another process are no events
            await asyncio.sleep(0.1)
        self._is_ready()

    async def _pass_on(self, output: int) -> None:
        loop = asyncio.get_running_loop()
        stream = asyncio.StreamReader(limit=1 << 20)
        protocol = asyncio.StreamReaderProtocol(stream)
        transport, _ = await loop.connect_read_pipe(lambda: protocol, os.fdopen(output, "rb", 0))
        try:
            await self._read(stream)
        finally:
            transport.close()

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await stream.readline()
            except ValueError:  # longer than the limit: drop it rather than the process
                continue
            if not line:
                return
            text = line.decode(errors="replace").rstrip()
            if text == READY and self.child.is_ready is None:
                self._is_ready()
            else:
                say(self.child.name, text)

    def _is_ready(self) -> None:
        if self.ready.is_set():
            say("up", f"{self.child.name} is back")
        else:
            say("up", f"{self.child.name} is ready after {time.monotonic() - self._began:.1f} s")
        self.ready.set()


def _die_with(parent: int) -> None:
    """In the child: end when the supervisor does, however it ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


def _ending(code: int) -> str:
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def command(*words: str) -> list[str]:
    """The argument list of one of our own commands, unbuffered so that its log comes at once."""
    return [sys.executable, "-u", "-m", "groundswell", *words]
