"""A door whose disk takes its time, with as many waiting for it as may."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import GOOD, PATH, Intake

QUEUE = 3
# A disk that takes its time for as long as the file `hold` is there.
SLOW_DISK = """
import os, time
from groundswell.intake import house, journal_files
append = journal_files.SegmentFile.append
def slow(self, **group):
    while os.path.exists({hold!r}):
        time.sleep(0.02)
    append(self, **group)
journal_files.SegmentFile.append = slow
"""


@contextmanager
def crowded(
    folder: Path, *, guard: str = "", path: str = PATH, values: dict[str, str] | None = None
) -> Iterator[tuple[Intake, Path, list[int]]]:
    """An intake over a data folder, the file that holds its disk, and the answers of those waiting.

    `guard` is what the process does to itself before it starts.
    """
    hold = folder / "hold"
    hold.touch()
    program = SLOW_DISK.format(hold=str(hold)) + guard + Intake.program
    answers: list[int] = []
    with site.intake(folder, program=program, journal_queue=QUEUE) as door:

        def send(number: int) -> None:
            sent = {**(GOOD if values is None else values), "email": f"a{number}@example.org"}
            answers.append(door.form(sent, path).status)

        threads = site.in_threads(QUEUE, send)
        try:
            full = f"groundswell_journal_waiting {QUEUE}"
            site.wait_until(lambda: full in door.metrics(), seconds=20)
            yield door, hold, answers
        finally:
            hold.unlink(missing_ok=True)
            for thread in threads:
                thread.join(30)
