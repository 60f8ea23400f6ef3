"""What a row of the fault matrix is: a fault, its story, and what came of it.

A story is a function `story(folder, cycles, seed) -> Outcome` in `tests/faults/tNN_<name>.py`. Its
tests beside it run `short` cycles and want the outcome clean; each control twin runs the same story
with one guard taken away and wants `wrong` to be more than 0. `make torture` runs `long` cycles of
everything that `tests/faults/registry.py` lists.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Outcome(NamedTuple):
    """What a story found. What was acknowledged must be found once, and nothing else but what was
    sent.

    `lost`: acknowledged and not found; `duplicated`: found more than once; `invented`: found and
    never sent. What a story finds goes into these numbers; it raises only when the fault itself did
    not come about (nothing started, nothing was killed). `note` says what is worth knowing besides
    (latencies, ratios): it is shown and never judged.
    """

    cycles: int
    acked: int
    lost: int = 0
    duplicated: int = 0
    invented: int = 0
    note: str = ""

    @property
    def wrong(self) -> int:
        """How many records are not as promised."""
        return self.lost + self.duplicated + self.invented

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong. Where nothing was acknowledged nothing was proved."""
        return self.acked > 0 and not self.wrong

    def __add__(self, other: object) -> "Outcome":
        """Both together: numbers are added, notes joined."""
        assert isinstance(other, Outcome)
        notes = [note for note in (self.note, other.note) if note]
        return Outcome(
            cycles=self.cycles + other.cycles,
            acked=self.acked + other.acked,
            lost=self.lost + other.lost,
            duplicated=self.duplicated + other.duplicated,
            invented=self.invented + other.invented,
            note="; ".join(dict.fromkeys(notes)),
        )


Story = Callable[[Path, int, int], Outcome]


class Control(NamedTuple):
    """The same story with a guard taken away: it must not come out clean."""

    guard: str
    cycles: int
    run: Story


class Fault(NamedTuple):
    """A row of the matrix. `run` gets an empty folder, the number of cycles and a seed."""

    code: str
    name: str
    short: int
    long: int
    run: Story
    controls: tuple[Control, ...] = ()
