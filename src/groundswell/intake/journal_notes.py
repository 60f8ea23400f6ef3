"""What a writer notes of a journal file once nothing will be added to it: how far it goes.

A file that has lost its tail looks like one whose writer was killed. So the number of its last
group is kept in another place: in the writer's lock file, behind the highest number ever given, one
slot for each of the newest files. docs/formats/journal.md describes it.
"""

import os
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import Final
from zlib import crc32

NUMBER_BYTES: Final = 32  # the highest number given, in decimal, filled up with spaces
_START: Final = 512  # in a sector of its own: no torn note may hurt the number
_SLOTS: Final = 2048
_MARK: Final = b"gwjnote\n"
_NOTE: Final = Struct("<8sQQI4x")
BLANK: Final = bytes(_NOTE.size)


def slot(number: int) -> int:
    """Where in the lock file the note about the file of that number is."""
    return _START + number % _SLOTS * _NOTE.size


def encode(number: int, seq: int) -> bytes:
    """The note: the file of that number holds all groups up to `seq`, and is never added to."""
    return _NOTE.pack(_MARK, number, seq, _check(number, seq))


def decode(number: int, raw: bytes) -> int | None:
    """The `seq` a note says, or None if this is no note about that file."""
    if len(raw) < _NOTE.size:
        return None
    mark, of, seq, check = _NOTE.unpack_from(raw)
    return seq if (mark, of, check) == (_MARK, number, _check(number, seq)) else None


def look(lock: Path, number: int) -> int | None:
    """What the lock file says about the file of that number: its last `seq`, or None for nothing
    known. Raises no OSError: without a note a file is read all the same.
    """
    with suppress(OSError):
        descriptor = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return decode(number, os.pread(descriptor, _NOTE.size, slot(number)))
        finally:
            os.close(descriptor)
    return None


def forget(lock: Path) -> None:
    """Take all notes away and keep the number: other files are put in the place of those."""
    if lock.stat().st_size > NUMBER_BYTES:
        os.truncate(lock, NUMBER_BYTES)


def _check(number: int, seq: int) -> int:
    return crc32(b"%d %d" % (number, seq))
