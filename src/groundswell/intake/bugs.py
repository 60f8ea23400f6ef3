"""Naming an unexpected error by type and place: its message may quote what a visitor sent."""

import traceback


def describe(error: BaseException) -> str:
    """`KeyError at entry:33 < accept:61`: the type, then the innermost frames."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    return f"{type(error).__name__} at {where}"
