"""The geometry of minute plots: numbers in, points of SVG lines out, which a template draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from groundswell.studio.home.plot import ceiling

WIDTH: Final = 720
HEIGHT: Final = 200
_TICKS: Final = 4
# Under the axis there is room for so many times of day, also on a phone.
_LABELS: Final = 4


@dataclass(frozen=True)
class Line:
    """One line: its class in the style, its points as a polyline, and as a filled area."""

    style: str
    points: str
    area: str


@dataclass(frozen=True)
class Mark:
    """A moment in the plot: how far from the left, in percent, and what happened then."""

    left: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A drawn plot. `ticks` are (value, y), the highest first; `labels` divide the axis evenly."""

    lines: list[Line]
    ticks: list[tuple[int, float]]
    labels: list[str]
    marks: list[Mark]
    highest: int
    width: int = WIDTH
    height: int = HEIGHT


def draw(
    series: Sequence[tuple[str, Sequence[float]]],
    *,
    times: Sequence[datetime],
    marks: Sequence[tuple[datetime, str]] = (),
    zone: tzinfo,
) -> Chart:
    """Draw some lines over the same minutes, each from the first on; one may end earlier.

    A mark outside these minutes is left out.
    """
    highest = max((max(values, default=0) for _, values in series), default=0)
    top = ceiling(int(highest + 0.999))
    return Chart(
        lines=[_line(style, values, top, len(times)) for style, values in series],
        ticks=[
            (top * n // _TICKS, round(HEIGHT - HEIGHT * n / _TICKS, 1))
            for n in range(_TICKS, -1, -1)
        ],
        labels=_labels(times, zone),
        marks=_marks(times, marks),
        highest=int(highest),
    )


def _line(style: str, values: Sequence[float], top: int, width: int) -> Line:
    """A line over the first of so many places; it may end before the plot does."""
    step = WIDTH / max(width - 1, 1)
    places = [
        f"{n * step:.1f},{HEIGHT - HEIGHT * value / top:.1f}" for n, value in enumerate(values)
    ]
    points = " ".join(places)
    end = max(len(values) - 1, 0) * step
    return Line(style, points, f"0,{HEIGHT} {points} {end:.1f},{HEIGHT}" if places else "")


def _labels(times: Sequence[datetime], zone: tzinfo) -> list[str]:
    if not times:
        return []
    shown = [times[len(times) * n // _LABELS].astimezone(zone) for n in range(_LABELS)]
    if times[-1] - times[0] > timedelta(days=2):
        return [f"{one:%d.%m. %H:%M}" for one in shown]
    return [f"{one:%H:%M}" for one in shown]


def _marks(times: Sequence[datetime], marks: Sequence[tuple[datetime, str]]) -> list[Mark]:
    if len(times) < 2:
        return []
    first, whole = times[0], (times[-1] - times[0]).total_seconds()
    shares = [((at - first).total_seconds() / whole, label) for at, label in marks]
    return [Mark(round(share * 100, 2), label) for share, label in shares if 0 <= share <= 1]


def svg(chart: Chart, colours: Mapping[str, str]) -> str:
    """The plot's lines as a picture of its own, without words: for paper."""
    grid = "".join(
        f'<line x1="0" x2="{chart.width}" y1="{y}" y2="{y}" stroke="#d5d9dc" stroke-width="0.7"/>'
        for _value, y in chart.ticks
    )
    lines = "".join(_drawn(line, colours.get(line.style, "#555555")) for line in chart.lines)
    marks = "".join(
        f'<line x1="{mark.left * chart.width / 100:.1f}" x2="{mark.left * chart.width / 100:.1f}" '
        f'y1="0" y2="{chart.height}" stroke="#333333" stroke-width="0.8"/>'
        for mark in chart.marks
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -2 {chart.width} {chart.height + 4}">'
        f"{grid}{lines}{marks}</svg>"
    )


def _drawn(line: Line, colour: str) -> str:
    dashed = line.style == "expected"
    area = "" if dashed else f'<polygon points="{line.area}" fill="{colour}" fill-opacity="0.18"/>'
    dashes = ' stroke-dasharray="6 5"' if dashed else ""
    return (
        f'{area}<polyline points="{line.points}" fill="none" stroke="{colour}" '
        f'stroke-width="1.6"{dashes}/>'
    )
