"""A bar plot's geometry: numbers in, rectangles out. The template draws them as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 200
_TICKS: Final = 4
_GAP: Final = 0.22


@dataclass(frozen=True)
class Bar:
    """What happened in one hour or day. `label` names it in full, `short` under the axis."""

    label: str
    short: str
    collected: int
    confirmed: int


@dataclass(frozen=True)
class DrawnBar:
    """One bar with its place in the picture; all lengths in the picture's own units."""

    bar: Bar
    slot: float
    x: float
    width: float
    slot_width: float
    collected_y: float
    collected_height: float
    confirmed_y: float
    confirmed_height: float


@dataclass(frozen=True)
class Plot:
    """A drawn plot. `ticks` are (value, y), the highest first; `labels` divide the axis evenly."""

    bars: list[DrawnBar]
    ticks: list[tuple[int, float]]
    labels: list[str]
    collected: int
    confirmed: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def empty(self) -> bool:
        """Whether there is nothing to see yet."""
        return not (self.collected or self.confirmed)


def draw(bars: Sequence[Bar], *, segments: int) -> Plot:
    """Lay the bars out over the whole width; the axis gets one label per segment."""
    top = ceiling(max((max(bar.collected, bar.confirmed) for bar in bars), default=0))
    width = WIDTH / max(len(bars), 1)
    return Plot(
        bars=[_draw_bar(bar, index * width, width, top) for index, bar in enumerate(bars)],
        ticks=[
            (top * n // _TICKS, _round(HEIGHT - HEIGHT * n / _TICKS)) for n in range(_TICKS, -1, -1)
        ],
        labels=[bars[len(bars) * n // segments].short for n in range(segments)] if bars else [],
        collected=sum(bar.collected for bar in bars),
        confirmed=sum(bar.confirmed for bar in bars),
    )


def ceiling(highest: int) -> int:
    """The axis's end: the next of 4, 8, 20, 40, 80, 200, ... so that its quarters are whole."""
    step = 4
    while True:
        for factor in (1, 2, 5):
            if highest <= step * factor:
                return step * factor
        step *= 10


def _draw_bar(bar: Bar, x: float, width: float, top: int) -> DrawnBar:
    collected = _length(bar.collected, top)
    confirmed = _length(bar.confirmed, top)
    return DrawnBar(
        bar=bar,
        slot=_round(x),
        x=_round(x + width * _GAP / 2),
        width=_round(width * (1 - _GAP)),
        slot_width=_round(width),
        collected_y=_round(HEIGHT - collected),
        collected_height=collected,
        confirmed_y=_round(HEIGHT - confirmed),
        confirmed_height=confirmed,
    )


def _length(value: int, top: int) -> float:
    # One signature in a week of thousands must not look like none.
    return _round(max(HEIGHT * value / top, 1.5)) if value else 0


def _round(value: float) -> float:
    return round(value, 2)
