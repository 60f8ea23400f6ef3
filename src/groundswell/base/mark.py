"""The mark that the last backup leaves in the data folder, for whoever asks how old it is."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from groundswell.base.env import Settings

FILE: Final = "last-backup.json"
OLD_AFTER: Final = timedelta(days=7)


class LastBackup(msgspec.Struct, frozen=True):
    """When the last backup was made, and where to."""

    at: datetime
    path: str


def write(settings: Settings, mark: LastBackup) -> None:
    """Note a backup that was made."""
    new = settings.path(f"{FILE}.new")
    new.write_bytes(msgspec.json.encode(mark))
    new.rename(settings.path(FILE))


def read(settings: Settings) -> LastBackup | None:
    """The last backup; None if none was ever made, or not by us."""
    try:
        return msgspec.json.decode(settings.path(FILE).read_bytes(), type=LastBackup)
    except (OSError, msgspec.MsgspecError):
        return None
