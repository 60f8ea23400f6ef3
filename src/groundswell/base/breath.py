"""Long work takes a breath now and then: it shows that it lives, and hears whether to stop.

Whoever runs the work in a thread says what a breath is; without that, as in a command, it is
nothing.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Final


class Stopping(Exception):
    """It is time to stop: leave the rest of the work to the next run."""


def _nothing() -> None: ...


_breath: Final[ContextVar[Callable[[], None]]] = ContextVar("breath", default=_nothing)


def breathe() -> None:
    """To be called between two pieces of work, each of which may be kept. Raises Stopping."""
    _breath.get()()


def becomes(breath: Callable[[], None]) -> None:
    """Say what a breath is from now on in this thread; it raises Stopping when that is due."""
    _breath.set(breath)
