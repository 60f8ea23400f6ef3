"""How much room the data folder's disk has, and when that is too little."""

import shutil
from typing import Final

import msgspec

from groundswell.base.env import Settings

# Told so early that somebody can still do something about it.
_MARGIN: Final = 8
_MIB: Final = 1 << 20


class Room(msgspec.Struct, frozen=True):
    """Free space and what intake keeps in reserve, in MiB."""

    free: int
    reserve: int

    @property
    def is_low(self) -> bool:
        """Whether it is time to make room."""
        return self.free < self.reserve * _MARGIN


def room(settings: Settings) -> Room:
    """The room there is now. Raises OSError."""
    return Room(shutil.disk_usage(settings.path()).free // _MIB, settings.journal_reserve_mb)
