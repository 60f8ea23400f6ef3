"""Plots as inline SVG, coloured by the page's style: to be read by day, by night, on paper."""

import math
from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

Point = tuple[float, float]

WIDTH: Final = 640
HEIGHT: Final = 250
_LEFT: Final = 58
_RIGHT: Final = 14
_TOP: Final = 26
_BOTTOM: Final = 34
_NICE: Final = (1, 2, 2.5, 5, 10)


class Series(NamedTuple):
    """One line: what it is called, its colour's name in the style, its points in order."""

    label: str
    colour: str
    points: Sequence[Point]
    area: bool = False


class Band(NamedTuple):
    """A stretch of the x axis with a name."""

    since: float
    until: float
    label: str


class _Scale:
    """From values to places. A logarithmic one begins at `low`."""

    def __init__(self, low: float, high: float, start: float, end: float, *, log: bool) -> None:
        self._log = log
        self._low, self._high = self._of(low), self._of(max(high, low * 1.01 + 1e-9))
        self._start, self._end = start, end

    def __call__(self, value: float) -> float:
        share = (self._of(value) - self._low) / (self._high - self._low)
        return round(self._start + min(1.0, max(0.0, share)) * (self._end - self._start), 1)

    def _of(self, value: float) -> float:
        return math.log10(max(value, 1e-5)) if self._log else value


def chart(
    title: str,
    series: Sequence[Series],
    *,
    unit: str,
    bands: Sequence[Band] = (),
    log: bool = False,
    x_unit: str = "s",
    top: float | None = None,
    limit: float | None = None,
) -> str:
    """A line chart in a figure. `unit` is what the y axis counts; `limit` draws a line across."""
    points = [point for one in series for point in one.points]
    if not points:
        return ""
    last = max(x for x, _ in points)
    highest = max([top or 0.0, limit or 0.0, *(y for _, y in points)]) or 1.0
    ticks = _log_ticks(points, highest) if log else _ticks(highest)
    x = _Scale(0, last, _LEFT, WIDTH - _RIGHT, log=False)
    y = _Scale(ticks[0], ticks[-1], HEIGHT - _BOTTOM, _TOP, log=log)
    parts = [_band(band, x) for band in bands]
    parts += [_across(tick, y, unit) for tick in ticks]
    parts += [_along(tick, x, x_unit) for tick in _ticks(last) if tick <= last]
    parts += [_line(one, x, y) for one in series if one.points]
    if limit is not None:
        at = y(limit)
        parts.append(
            f'<line class="limit" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{at}" y2="{at}"/>'
        )
    legend = "".join(
        f'<li><i class="{one.colour}"></i>{escape(one.label)}</li>' for one in series if one.points
    )
    names = ", ".join(one.label for one in series)
    return (
        f"<figure><figcaption><h3>{escape(title)}</h3><ul class=legend>{legend}</ul></figcaption>"
        f'<div class=scroll tabindex=0><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(f"{title}: {names}")}">{"".join(parts)}</svg></div></figure>'
    )


def _line(one: Series, x: _Scale, y: _Scale) -> str:
    places = " ".join(f"{x(at)},{y(value)}" for at, value in one.points)
    line = f'<polyline class="line {one.colour}" points="{places}"/>'
    if not one.area:
        return line
    first, last = x(one.points[0][0]), x(one.points[-1][0])
    floor = HEIGHT - _BOTTOM
    corners = f"{first},{floor} {places} {last},{floor}"
    return f'<polygon class="area {one.colour}" points="{corners}"/>{line}'


def _band(band: Band, x: _Scale) -> str:
    left, right = x(band.since), x(band.until)
    label = (
        f'<text x="{left + 4}" y="{_TOP - 8}" class="band">{escape(band.label)}</text>'
        if right - left > 7 * len(band.label)
        else ""
    )
    height = HEIGHT - _TOP - _BOTTOM
    return (
        f'<rect class="band" x="{left}" y="{_TOP}" width="{max(0, right - left - 2):.1f}" '
        f'height="{height}"/>{label}'
    )


def _across(tick: float, y: _Scale, unit: str) -> str:
    at = y(tick)
    return (
        f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{at}" y2="{at}"/>'
        f'<text x="{_LEFT - 7}" y="{at + 4}" text-anchor="end">{_short(tick)}{escape(unit)}</text>'
    )


def _along(tick: float, x: _Scale, unit: str) -> str:
    anchor = "end" if x(tick) > WIDTH - 40 else "middle"
    return (
        f'<text x="{x(tick)}" y="{HEIGHT - 12}" text-anchor="{anchor}">'
        f"{_short(tick)} {escape(unit)}</text>"
    )


def _ticks(highest: float) -> list[float]:
    """Round numbers from 0 to at least the highest, four or five of them."""
    rough = highest / 4
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    step = next(nice * power for nice in _NICE if nice * power >= rough * 0.999)
    return [step * number for number in range(math.ceil(highest / step - 1e-9) + 1)]


def _log_ticks(points: Sequence[Point], highest: float) -> list[float]:
    lowest = min((y for _, y in points if y > 0), default=highest / 10)
    first, last = math.floor(math.log10(lowest)), math.ceil(math.log10(highest))
    return [10.0**power for power in range(first, max(last, first + 1) + 1)]


def _short(value: float) -> str:
    if value >= 1_000_000:
        return f"{value / 1_000_000:g}M"
    if value >= 10_000:
        return f"{value / 1000:g}k"
    return f"{value:,.6g}"
