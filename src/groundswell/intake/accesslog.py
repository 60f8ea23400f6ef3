"""One JSON line for each request, with nothing in it that could name a person.

No address, no query, no token, no header. A path is written only if it is one we published;
anything else might be something that somebody typed, and becomes "?".
"""

import sys
import threading
import time
from collections import deque
from typing import Final, TextIO

MAX_WAITING: Final = 100_000


class AccessLog:
    """Collects lines in memory; `flush` writes them, from whichever thread calls it."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._lines: deque[tuple[float, str, str, int, float, int]] = deque(maxlen=MAX_WAITING)
        self._lock = threading.Lock()

    def add(self, method: str, path: str, status: int, seconds: float, size: int) -> None:
        """Note one answer. `path` must be free of anything a visitor typed."""
        self._lines.append((time.time(), method, path, status, seconds, size))

    def flush(self) -> None:
        """Write what has been collected."""
        with self._lock:
            rows = []
            while self._lines:
                at, method, path, status, seconds, size = self._lines.popleft()
                rows.append(
                    f'{{"at":{at:.3f},"method":"{method}","path":"{path}","status":{status},'
                    f'"ms":{seconds * 1000:.1f},"bytes":{size}}}\n'
                )
            if rows:
                self._out.write("".join(rows))
                self._out.flush()
