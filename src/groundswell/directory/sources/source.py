"""What a source that ships with Groundswell is: where it is from, and how its rows are made."""

from collections.abc import Callable
from typing import NamedTuple

from groundswell.directory.records import Batch, SourceInfo


class Shipped(NamedTuple):
    """`batch` reads the folder's data. `needs` names the sources that must be there before it."""

    info: SourceInfo
    batch: Callable[[], Batch]
    needs: tuple[str, ...] = ()
