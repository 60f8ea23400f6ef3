"""A deadline for bodies that cost next to nothing to set.

`asyncio.timeout` makes a timer for each request and throws it away again; under a surge that is a
fifth of the work before the journal. This looks at all that are being read once in a while.
"""

import asyncio
from typing import Final

LOOK_SECONDS: Final = 0.5


class BodyClock:
    """Cancels the tasks that read a body for too long. It belongs to the event loop."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._reading: dict[asyncio.Task[object], float] = {}
        self._late: set[asyncio.Task[object]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(LOOK_SECONDS, self._look, loop)

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()

    def begin(self, task: "asyncio.Task[object]", now: float) -> None:
        """From now on the task has so many seconds."""
        self._reading[task] = now

    def end(self, task: "asyncio.Task[object]") -> bool:
        """The task has read its body, or has given up: whether it was cancelled for being late."""
        self._reading.pop(task, None)
        if task in self._late:
            self._late.remove(task)
            return True
        return False

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        limit = loop.time() - self._seconds
        for task, since in self._reading.items():
            if since > limit:
                break  # they began in this order
            if task not in self._late:
                self._late.add(task)
                task.cancel()
        self.start(loop)
