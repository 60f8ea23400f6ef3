"""Clocks: campaigns open and close by them, links expire by them."""

import ctypes
import os
import tempfile
import time
from collections.abc import Iterator
from typing import Final

from groundswell.ops.doctor.finding import Finding, Host

SUBJECT: Final = "clock"
MOST: Final = 2.0
_TIME_ERROR: Final = 5
_TIMEX_BYTES: Final = 512  # more than the kernel's struct timex has anywhere
_MEND: Final = "switch time synchronisation on: `timedatectl set-ntp true`"


def check(host: Host) -> Iterator[Finding]:
    """This machine's clock is synchronised, and the data folder's disk agrees with it."""
    found = []
    if not is_synchronised():
        found.append(
            Finding(host.serious, SUBJECT, "the kernel says the clock is not synchronised", _MEND)
        )
    apart = disk_ahead(host)
    if abs(apart) > MOST:
        text = f"the clock of the data folder's disk differs by {apart:+.0f} s from this machine's"
        found.append(Finding("wrong", SUBJECT, text, f"{_MEND}, on the file server too"))
    yield from found or [Finding("ok", SUBJECT, "the clock is synchronised")]


def is_synchronised() -> bool:
    """What the kernel says; True where it cannot be asked."""
    try:
        answer = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return True
    return bool(answer != _TIME_ERROR)


def disk_ahead(host: Host) -> float:
    """By how many seconds the disk's clock is ahead of ours."""
    # The journal: the one folder that the door's account writes to as well.
    with tempfile.NamedTemporaryFile(dir=host.settings.path("journal")) as file:
        file.write(b".")
        file.flush()
        return os.fstat(file.fileno()).st_mtime - time.time()
