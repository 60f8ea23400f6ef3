"""A line that counts: rewritten in place on a terminal, said now and then in a log."""

import sys
import time
from typing import Final

LOG_SECONDS: Final = 2.0


class Progress:
    """How far a long step is: `show(12, 40)` as often as you like, `done()` once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._began = self._shown = time.monotonic()
        self._in_place = sys.stdout.isatty()
        if not self._in_place:
            print(f"{text}…", flush=True)

    def show(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self._in_place:
            print(f"\r{self._text}… {done} of {total}", end="", flush=True)
        elif now - self._shown > LOG_SECONDS:
            self._shown = now
            print(f"{self._text}… {done} of {total}", flush=True)

    def done(self) -> None:
        took = time.monotonic() - self._began
        start, end = ("\r", "        ") if self._in_place else ("", "")
        print(f"{start}{self._text}… done in {took:.0f} s{end}", flush=True)
