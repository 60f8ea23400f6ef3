"""The list of who has left, kept apart from the database, so that no old backup brings them back.

`leaving.log` in the data folder has a line for each row that was erased or withdrawn and for each
address that wants no more mail: a word, an id or a blind index, and when. It names nobody. A line
is on the disk before the change is committed: rather one that a retry repeats than one too few.
What is on the list is true for ever, so it can be replayed at any time; core does so once a day.
"""

import fcntl
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Final, Literal, NamedTuple, cast
from uuid import UUID

from django.db import OperationalError

from groundswell.base import clock, env
from groundswell.intake.journal_files import sync_folder
from groundswell.people.models import Participation, StopList

What = Literal["erase", "withdraw", "stop"]
FILE: Final = "leaving.log"
CHUNK: Final = 500
_LINE: Final = re.compile(r"(erase|withdraw|stop) ([0-9a-f]{32,64}) ([0-9]{1,15})( [0-9a-f]*)?\n")


class Leaver(NamedTuple):
    """One line: `name` is a submission's id or, for `stop`, a blind index made with `key`."""

    what: What
    name: bytes
    at: datetime
    key: str = ""

    @property
    def line(self) -> str:
        """The leaver as it stands in the list."""
        words = [self.what, self.name.hex(), str(clock.to_ms(self.at)), self.key]
        return " ".join(words).rstrip() + "\n"


def note(leavers: Sequence[Leaver]) -> None:
    """Add to the list, durably. To be called inside the transaction that makes it so.

    Raises OperationalError, so that a list that cannot be written is an outage, as a database that
    cannot be: nothing is given up, and all is tried again.
    """
    if not leavers:
        return
    try:
        append(path(), "".join(leaver.line for leaver in leavers).encode())
    except OSError as error:
        raise OperationalError(f"{path()} cannot be written: {error.strerror}") from error


def noted(what: Literal["erase", "withdraw"], rows: Sequence[Participation], at: datetime) -> None:
    """Add rows to the list, durably. To be called inside the transaction that makes it so."""
    note([Leaver(what, row.submission_id.bytes, at) for row in rows])


def path() -> Path:
    """This installation's list."""
    return env.load().path(FILE)


def append(file: Path, data: bytes) -> None:
    """Add whole lines to a list and return when they would survive a power cut."""
    fresh = not file.exists()
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_torn(descriptor):
            data = b"\n" + data
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if fresh:
        sync_folder(file.parent)


def read(file: Path) -> Iterator[Leaver]:
    """Every whole line of a list as it is now; one that was torn by a power cut is left out."""
    with suppress(FileNotFoundError), file.open(encoding="ascii", errors="replace") as lines:
        end = os.fstat(lines.fileno()).st_size
        while lines.tell() < end and (line := lines.readline()):
            found = _LINE.fullmatch(line)
            if found is not None:
                yield _leaver(found)


def replay(file: Path | None = None) -> int:
    """Do again what the list says and the database does not show; returns how much that was.

    Nothing changes where the database already knows, which is always so until it was restored.
    """
    done = 0
    leavers = read(file or path())
    while chunk := list(islice(leavers, CHUNK)):
        for what, run in groupby(chunk, key=lambda leaver: leaver.what):
            done += _REPLAYS[what](list(run))
    return done


def _erase(leavers: Sequence[Leaver]) -> int:
    # Here, because erasing and withdrawing write the list that is read here.
    from groundswell.people.erase import erase  # noqa: PLC0415

    there = _present(leavers, but=[Participation.State.ERASED])
    return sum(
        erase(submission_id=UUID(bytes=one.name), at=one.at, by="core")
        for one in leavers
        if one.name in there
    )


def _withdraw(leavers: Sequence[Leaver]) -> int:
    from groundswell.people.withdraw import withdraw  # noqa: PLC0415

    there = _present(leavers, but=[Participation.State.ERASED, Participation.State.WITHDRAWN])
    return sum(
        withdraw(submission_id=UUID(bytes=one.name), at=one.at, by="core")
        for one in leavers
        if one.name in there
    )


def _stop(leavers: Sequence[Leaver]) -> int:
    wanted = {one.name: one for one in leavers}
    known = StopList.objects.filter(email_index__in=wanted).values_list("email_index", flat=True)
    for index in known:
        wanted.pop(bytes(index), None)
    StopList.objects.bulk_create(
        [StopList(email_index=one.name, key=one.key, at=one.at) for one in wanted.values()],
        ignore_conflicts=True,
    )
    return len(wanted)


def _present(leavers: Sequence[Leaver], *, but: Sequence[str]) -> set[bytes]:
    rows = Participation.objects.filter(submission_id__in=[UUID(bytes=one.name) for one in leavers])
    found = rows.exclude(state__in=but).values_list("submission_id", flat=True)
    return {submission_id.bytes for submission_id in found}


def _leaver(found: re.Match[str]) -> Leaver:
    moment = clock.from_ms(int(found[3]))
    return Leaver(cast("What", found[1]), bytes.fromhex(found[2]), moment, (found[4] or "").strip())


def _is_torn(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"


_REPLAYS: Final[dict[What, Callable[[Sequence[Leaver]], int]]] = {
    "erase": _erase,
    "withdraw": _withdraw,
    "stop": _stop,
}
