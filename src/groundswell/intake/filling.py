"""How long a disk will last at the pace at which it fills."""

import math
import time
from collections import deque
from collections.abc import Callable
from typing import Final

WINDOW_SECONDS: Final = 300.0
_EVERY_SECONDS: Final = 10.0


class Filling:
    """Free bytes over the last minutes. It belongs to one thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()
        self._last = (clock(), 0)

    def look(self, free: int) -> None:
        """Note how much is free now."""
        now = self._clock()
        self._last = (now, free)
        if not self._seen or now - self._seen[-1][0] >= _EVERY_SECONDS:
            self._seen.append(self._last)
        while now - self._seen[0][0] > WINDOW_SECONDS:
            self._seen.popleft()

    def seconds_until(self, left: int) -> float:
        """Seconds until only `left` bytes are free, at the mean pace; infinity if it fills not."""
        if not self._seen:
            return math.inf
        (began, before), (now, free) = self._seen[0], self._last
        pace = (before - free) / (now - began) if now - began >= _EVERY_SECONDS else 0.0
        return max(0.0, (free - left) / pace) if pace > 0 else math.inf
