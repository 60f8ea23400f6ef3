"""Hostile clients, each kind in a process of its own: `python -m tests.faults.flood KIND PORT N`.

`flood` sends submissions as fast as it can over N connections and prints, when told to stop, what
came of them as one line of JSON. The others only hold on: `headers` (slowloris), `bodies` (a byte a
second), `idle` (nothing at all), `chunks` (a body without an end).
"""

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Final, Self

import uvloop

from tests.faults.crowd import Crowd, percentile

HEAD: Final = b"POST /api/v1/submissions HTTP/1.1\r\nhost: localhost\r\n"
JSON: Final = b"content-type: application/json\r\n"
TRICKLE: Final = 1.0
KINDS: Final = ("flood", "headers", "bodies", "idle", "chunks")


class Hostile:
    """A hostile process."""

    def __init__(self, kind: str, port: int, number: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.flood", kind, str(port), str(number)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: list[str] = []
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reading.join()

    def has(self, word: str) -> bool:
        """Whether it has said so: `ready`, and `closed` once each connection was closed on it."""
        return word in self._lines

    def stop(self) -> dict[str, Any]:
        """Tell it to stop; what it saw."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(120)
        self._reading.join(60)
        said: dict[str, Any] = json.loads(self._lines[-1])
        return said

    def _read(self) -> None:
        assert self._process.stdout
        with self._process.stdout as output:
            for line in output:
                self._lines.append(line.strip())


def run_flood(port: int, number: int, told: Callable[[], bool]) -> dict[str, Any]:
    """Everybody at once, who goes when refused: offered, accepted and refused a second, and p50
    and p99 of both in milliseconds.
    """
    began = time.monotonic()
    with Crowd(port, lanes=number, name=f"flood{began}", stay=False) as crowd:
        while not told():
            time.sleep(0.05)
    took = time.monotonic() - began
    return {
        "offered": crowd.statuses.total() / took,
        "accepted": crowd.statuses[202] / took,
        "refused": (crowd.statuses[503] + crowd.statuses[429]) / took,
        "accepted_ms": _both(crowd.taken_ms),
        "refused_ms": _both(crowd.refused_ms),
        "wrong": crowd.wrong[:5],
        "promised": crowd.promised,
    }


def _both(values: list[float]) -> list[float]:
    return [round(percentile(values, share), 1) for share in (0.5, 0.99)]


class Holder:
    """Connections that are held for as long as they are let be, and then opened again."""

    def __init__(self, kind: str, port: int, number: int) -> None:
        self._kind = kind
        self._port = port
        self._number = number
        self.opened = 0
        self.closed = 0
        self.statuses: set[int] = set()

    async def hold(self) -> None:
        """One after the other."""
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            except OSError:
                await asyncio.sleep(TRICKLE)
                continue
            self.opened += 1
            writing = asyncio.create_task(self._trickle(writer))
            with contextlib.suppress(OSError):
                while answer := await reader.read(4096):
                    if answer.startswith(b"HTTP/1.1 "):
                        self.statuses.add(int(answer[9:12]))
            self.closed += 1
            if self.closed == self._number:
                print("closed", flush=True)
            writing.cancel()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writing
            writer.close()
            await asyncio.sleep(TRICKLE)

    async def _trickle(self, writer: asyncio.StreamWriter) -> None:
        async for part in self._parts():
            writer.write(part)
            with contextlib.suppress(OSError):
                await writer.drain()
            await asyncio.sleep(TRICKLE)

    async def _parts(self) -> AsyncIterator[bytes]:
        match self._kind:
            case "idle":
                return
            case "headers":
                yield HEAD
                while True:
                    yield b"x-more: and more\r\n"
            case "bodies":
                yield HEAD + JSON + b"content-length: 500\r\n\r\n"
                while True:
                    yield b" "
            case "chunks":
                yield HEAD + JSON + b"transfer-encoding: chunked\r\n\r\n"
                while True:
                    yield b"1\r\n \r\n"


async def _hold(holder: Holder, number: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    tasks = [asyncio.create_task(holder.hold()) for _ in range(number)]
    print("ready", flush=True)
    await stop.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def main(kind: str, port: int, number: int) -> dict[str, Any]:
    """Be hostile until SIGTERM; what was seen."""
    if kind != "flood":
        holder = Holder(kind, port, number)
        uvloop.run(_hold(holder, number))
        return {
            "opened": holder.opened,
            "closed": holder.closed,
            "statuses": sorted(holder.statuses),
        }
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: told.append(number))
    print("ready", flush=True)
    return run_flood(port, number, lambda: bool(told))


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))), flush=True)
