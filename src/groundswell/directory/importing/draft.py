"""What a file comes to before anything is stored: good rows, and what is wrong with others."""

import msgspec

from groundswell.directory.records import Batch, SourceInfo


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A row that cannot go in. `number` is its row in a spreadsheet, or its place in a JSON list.

    `cells` is the row as it stood in the file, so that it can be mended and tried again.
    """

    number: int
    field: str
    problem: str
    remedy: str = ""
    cells: tuple[str, ...] = ()


class Draft(msgspec.Struct, kw_only=True):
    """A file as read. `good` of its `total` rows can go in; `notes` say how it was understood."""

    info: SourceInfo
    batch: Batch
    total: int
    good: int
    refusals: list[Refusal]
    notes: list[str]
    heading: tuple[str, ...] = ()
    file: str = ""
