"""What was measured: counts and times, second by second, small enough to be sent between processes.

A time is from the moment a request was *meant* to start. A server that stalls thereby shows the
wait of everybody who came meanwhile, and not of the one request that was under way.
"""

import math
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

Kind = Literal["page", "asset", "count", "act"]
KINDS: Final[tuple[Kind, ...]] = ("page", "asset", "count", "act")
Phase = Literal["surge", "whole", "acts"]

_FINEST: Final = 50e-6
_PER_DOUBLING: Final = 16  # neighbours differ by 4.4 %


class Times(msgspec.Struct):
    """Many durations, in buckets that grow by a twenty-third: any percentile within 4.4 %."""

    buckets: dict[int, int] = {}

    def add(self, seconds: float) -> None:
        at = int(_PER_DOUBLING * math.log2(max(seconds, _FINEST) / _FINEST))
        self.buckets[at] = self.buckets.get(at, 0) + 1

    def merge(self, other: "Times") -> None:
        for at, number in other.buckets.items():
            self.buckets[at] = self.buckets.get(at, 0) + number

    @property
    def number(self) -> int:
        return sum(self.buckets.values())

    def percentile(self, share: float) -> float:
        """The time in seconds within which this share of them was; 0 when there is none."""
        left = math.ceil(self.number * share)
        for at in sorted(self.buckets):
            left -= self.buckets[at]
            if left <= 0:
                return _FINEST * math.exp2((at + 0.5) / _PER_DOUBLING)
        return 0.0


class Cell(msgspec.Struct):
    """One kind of request in one second: how many were to start, how they ended, how long it took.

    `errors` holds what went wrong by its code; `times` only the answers that were right.
    """

    offered: int = 0
    good: int = 0
    size: int = 0
    errors: dict[str, int] = {}
    times: Times = msgspec.field(default_factory=Times)

    def merge(self, other: "Cell") -> None:
        self.offered += other.offered
        self.good += other.good
        self.size += other.size
        self.times.merge(other.times)
        for code, number in other.errors.items():
            self.errors[code] = self.errors.get(code, 0) + number

    @property
    def bad(self) -> int:
        return sum(self.errors.values())


class Grid(msgspec.Struct):
    """Cells by kind and by second since the rehearsal began (the second a request was due)."""

    cells: dict[str, dict[int, Cell]] = {}

    def at(self, kind: Kind, second: int) -> Cell:
        row = self.cells.setdefault(kind, {})
        if second not in row:
            row[second] = Cell()
        return row[second]

    def merge(self, other: "Grid") -> None:
        for kind, row in other.cells.items():
            mine = self.cells.setdefault(kind, {})
            for second, cell in row.items():
                mine.setdefault(second, Cell()).merge(cell)

    def sum(self, kinds: Iterable[str], *, since: float = 0, until: float = math.inf) -> Cell:
        """All of some kinds between two moments, as one cell."""
        total = Cell()
        for kind in kinds:
            for second, cell in self.cells.get(kind, {}).items():
                if since <= second < until:
                    total.merge(cell)
        return total


class News(msgspec.Struct):
    """What one process has to tell since it last did."""

    grid: Grid
    acknowledged: list[bytes]
    lag: Times
    cpu: float
    flying: int
    gave_up: int = 0
    done: bool = False


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(News)


def pack(news: News) -> bytes:
    return _encoder.encode(news)


def unpack(data: bytes) -> News:
    return _decoder.decode(data)
