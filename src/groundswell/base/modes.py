"""Who on this machine may read what we write: our own account alone, unless it is said here.

The public door may run under an account of its own. It must read the published files and its key,
and must not be able to read the database.
"""

from pathlib import Path
from typing import Final

PRIVATE_UMASK: Final = 0o077
# The door's group is that of core, which reads the journal and deletes what it has drained.
DOOR_UMASK: Final = 0o027
SHARED_FILE: Final = 0o644
SHARED_FOLDER: Final = 0o755


def make_shared_folder(folder: Path) -> None:
    """Make a folder, and those above it, that every account may enter; leave others as they are."""
    if not folder.is_dir():
        make_shared_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(SHARED_FOLDER)
