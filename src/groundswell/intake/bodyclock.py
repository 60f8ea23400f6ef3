"""A deadline for bodies that costs next to nothing to set.

`asyncio.timeout` makes a timer for each request and throws it away again; under a surge that is a
fifth of the work before the journal. This looks at all that are being read once in a while.
"""

import asyncio
from typing import Final, Protocol

LOOK_SECONDS: Final = 0.5


class Reading(Protocol):
    """A body on its way: what Granian gives us to await, or a task of ours."""

    def cancel(self) -> object: ...


class BodyClock:
    """Cancels the reading of bodies that take too long. It belongs to the event loop."""

    def __init__(self, *, seconds: float) -> None:
        self._looks = 1 + round(seconds / LOOK_SECONDS)  # never less than was said
        self._now = 0
        self._reading: dict[Reading, int] = {}
        self._late: set[Reading] = set()
        self._timer: asyncio.TimerHandle | None = None
        self.begun = 0  # bodies begun since the last look that are still being read

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(LOOK_SECONDS, self._look, loop)

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()

    def begin(self, body: Reading) -> None:
        """From now on the body has so many seconds."""
        self._reading[body] = self._now
        self.begun += 1

    def end(self, body: Reading) -> None:
        """The body was read, or given up."""
        if self._reading.pop(body, None) == self._now:
            self.begun -= 1

    def is_late(self, body: Reading) -> bool:
        """Whether the body was cancelled for being late. To be asked once, when it was."""
        late = body in self._late
        self._late.discard(body)
        return late

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._now += 1
        self.begun = 0
        for body, since in self._reading.items():
            if since > self._now - self._looks:
                break  # they began in this order
            if body not in self._late:
                self._late.add(body)
                body.cancel()
        self.start(loop)
