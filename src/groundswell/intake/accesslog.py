"""One JSON line for each request, with nothing in it that could name a person.

No address, no query, no token, no header. A path is written only if it is one we published;
anything else might be something that somebody typed, and becomes "?".
"""

import logging
import threading
import time
from collections import deque
from itertools import pairwise
from pathlib import Path
from typing import Final

MAX_WAITING: Final = 100_000
MAX_BYTES: Final = 16 << 20
OLDER_FILES: Final = 4
log = logging.getLogger("groundswell.intake")


class AccessLog:
    """Collects lines in memory; `flush` writes them, from whichever thread calls it.

    A file that is full becomes `NAME.1`, the one before `NAME.2`; the oldest is overwritten.
    """

    def __init__(self, file: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self._lines: deque[tuple[float, str, str, int, float, int]] = deque(maxlen=MAX_WAITING)
        self._lock = threading.Lock()
        self._complaint = ""

    def add(self, method: str, path: str, status: int, seconds: float, size: int) -> None:
        """Note one answer. `path` must be free of anything a visitor typed."""
        self._lines.append((time.time(), method, path, status, seconds, size))

    def flush(self) -> None:
        """Write what has been collected. What cannot be written is dropped, and said so once."""
        with self._lock:
            text = "".join(self._taken())
            if not text:
                return
            try:
                self._write(text)
            except OSError as error:
                self._complain(error.strerror or type(error).__name__)
            else:
                self._complaint = ""

    def _taken(self) -> list[str]:
        rows = []
        while self._lines:
            at, method, path, status, seconds, size = self._lines.popleft()
            rows.append(
                f'{{"at":{at:.3f},"method":"{method}","path":"{path}","status":{status},'
                f'"ms":{seconds * 1000:.1f},"bytes":{size}}}\n'
            )
        return rows

    def _write(self, text: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="ascii", errors="backslashreplace") as out:
            out.write(text)
            full = out.tell() >= self._max_bytes
        if full:
            self._rotate()

    def _rotate(self) -> None:
        names = [self._file, *(Path(f"{self._file}.{at}") for at in range(1, OLDER_FILES + 1))]
        for newer, older in reversed(list(pairwise(names))):
            if newer.exists():
                newer.replace(older)

    def _complain(self, why: str) -> None:
        if why != self._complaint:
            log.error("no access log: %s", why)
        self._complaint = why
