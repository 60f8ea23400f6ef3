"""A mail server that does all that real ones do, keeps a log of its own, and dies now and then.

Spoken by hand over a socket, since a proper server library will not drop a connection in the middle
of a letter. What it does with a letter is decided by the letter's Message-ID and how often it has
seen it, so each run is the same.
"""

import random
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import pytest

from groundswell.delivery.tests.mailserver import use_settings
from tests.support.ports import free_port

_NAME: Final = re.compile(rb"^Message-ID: <([0-9a-f]{32})@", re.MULTILINE)
FOR_GOOD: Final = float("inf")


@dataclass
class Hostile:
    """What it does, as shares of all letters; and its log: a name for each letter it has taken.

    `cut`: the connection is dropped in the middle of DATA. `silent`: it takes the letter, and drops
    the connection instead of saying so. `dies_after`: at so many letters taken it goes away,
    `away` seconds long.
    """

    greylists: float = 0.2
    refuses: float = 0.05
    cut: float = 0.05
    silent: float = 0.05
    slow: float = 0.02
    dies_after: tuple[int, ...] = ()
    away: float = 0.3
    taken: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    deaths: int = 0

    def __post_init__(self) -> None:
        self.port = free_port()
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._dead_until = 0.0
        self._open: set[socket.socket] = set()
        self._door = self._listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._dead_until = FOR_GOOD
        self._hang_up()

    def _listen(self) -> socket.socket:
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", self.port))
        door.listen(50)
        return door

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._door.accept()
            except OSError:
                if self._dead_until == FOR_GOOD:
                    return
                time.sleep(max(0.0, self._dead_until - time.monotonic()))
                self._door = self._listen()
                continue
            with self._lock:
                self._open.add(caller)
            threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        with self._lock:
            gone, self._open = self._open, set()
        for one in gone:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _serve(self, caller: socket.socket) -> None:
        with suppress(OSError), caller, caller.makefile("rb") as lines:
            caller.sendall(b"220 hostile\r\n")
            for line in lines:
                command = line[:4].upper()
                if command == b"DATA":
                    if not self._data(caller, lines):
                        return
                elif command == b"QUIT":
                    caller.sendall(b"221 bye\r\n")
                    return
                else:
                    caller.sendall(b"250 OK\r\n")
        with self._lock:
            self._open.discard(caller)

    def _data(self, caller: socket.socket, lines: Iterator[bytes]) -> bool:
        """Take one letter; False when the connection is to be dropped."""
        caller.sendall(b"354 go on\r\n")
        got = b""
        for line in lines:
            if line == b".\r\n":
                break
            got += line
            if (name := _NAME.search(got)) and self._mood(name[1].decode()) == "cut":
                self._see(name[1].decode())
                return False
        else:
            return False
        name = _NAME.search(got)
        assert name is not None
        return self._answer(caller, name[1].decode())

    def _answer(self, caller: socket.socket, name: str) -> bool:
        mood = self._mood(name)
        self._see(name)
        if mood == "greylist":
            caller.sendall(b"451 4.7.1 greylisted, come back\r\n")
            return True
        if mood == "refuse":
            self.refused.add(name)
            caller.sendall(b"550 5.7.1 we do not want this\r\n")
            return True
        if mood == "slow":
            time.sleep(0.05)
        with self._lock:
            self.taken.append(name)
            number = len(self.taken)
        if number in self.dies_after:
            self.unsaid.append(name)
            self.deaths += 1
            self._dead_until = time.monotonic() + self.away
            self._hang_up()
            return False
        if mood == "silent":
            self.unsaid.append(name)
            return False
        try:
            caller.sendall(f"250 2.0.0 queued as {number}\r\n".encode())
        except OSError:
            self.unsaid.append(name)  # it died over another letter
            return False
        return True

    def _see(self, name: str) -> None:
        with self._lock:
            self._seen[name] += 1

    def _mood(self, name: str) -> str:
        """What becomes of it: the first time mostly something, the second what is left."""
        dice = random.Random(name)
        fate = dice.random()
        if fate < self.refuses:
            return "refuse"
        if self._seen[name]:
            return "take"
        for mood in ("greylists", "cut", "silent", "slow"):
            fate -= getattr(self, mood)
            if fate < self.refuses:
                return mood.removesuffix("s")
        return "take"


@contextmanager
def hostile(
    monkeypatch: pytest.MonkeyPatch, server: Hostile, **settings: object
) -> Iterator[Hostile]:
    """The server, with our settings pointing at it."""
    use_settings(
        monkeypatch, smtp_port=server.port, letters_per_hour=0, letters_per_minute=0, **settings
    )
    try:
        yield server
    finally:
        server.stop()
