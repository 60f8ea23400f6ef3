"""What a test does to an installation from inside: `installation_child drain|journal|backup …`."""

import errno
import sys

import django

django.setup()

from django.db import connection  # noqa: E402  after the set-up
from django.db.migrations import recorder  # noqa: E402

from groundswell import cli  # noqa: E402  after the set-up
from groundswell.base import env, wire  # noqa: E402
from groundswell.ops.backup import draft  # noqa: E402
from groundswell.people import drain  # noqa: E402
from groundswell.people.tests import journal  # noqa: E402


def signatures(number: int) -> list[wire.Submission]:
    """Different people's signatures."""
    return [journal.sign(f"person{n}@example.org") for n in range(number)]


def main(words: list[str]) -> int:
    """Do one thing, as its first word says."""
    folder = env.load().path("journal")
    match words[0]:
        case "drain":
            drain.drain(journal.write(folder, signatures(3)))
        case "journal":
            journal.write(folder, signatures(2))
        case "newer":
            recorder.MigrationRecorder(connection).record_applied("people", "9999_from_tomorrow")
        case "backup":
            # The command itself, on a disk that is full when pictures are copied.
            draft.pack = _full  # type: ignore[assignment]
            return cli.main(words)
    return 0


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
