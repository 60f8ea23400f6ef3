"""Which plots a report has, and what is in them."""

from collections.abc import Callable, Iterable

from groundswell.rehearsal.measure import KINDS, Cell, Kind
from groundswell.rehearsal.plots import Band, Point, Series, chart
from groundswell.rehearsal.result import Result
from groundswell.rehearsal.run import MAX_ACT

_NAMES = {"surge": "surge", "whole": "stairs: everything", "acts": "stairs: signing"}


def plots(result: Result) -> str:
    """All plots over the time of the rehearsal; the stairs dwarf the surge, so each has its own."""
    bands, surge = _bands(result), result.tale.steps[0]
    parts = [
        chart("The surge: requests a second", _rates(result, KINDS, surge.until), unit=""),
        chart("The surge: signatures a second", _rates(result, ("act",), surge.until), unit=""),
    ]
    if len(result.tale.steps) > 1:
        parts += [
            chart("All: requests a second", _rates(result, KINDS), unit="", bands=bands),
            chart("All: signatures a second", _rates(result, ("act",)), unit="", bands=bands),
        ]
    parts += [
        chart(
            "How long it took (logarithmic)", _times(result), unit=" s", bands=bands, log=True,
            limit=MAX_ACT,
        ),
        chart("Processors and disk", _machine(result), unit="%", bands=bands, top=100),
        chart("Acknowledged and arrived", _arrivals(result), unit="", bands=bands),
        chart("One wait for the journal's disk", _commits(result), unit=" ms", bands=bands),
    ]  # fmt: skip
    return "".join(parts)


def mail_plot(result: Result) -> str:
    """The scenario in life: its visitors, and the mails that wait."""
    tale, mail = result.tale, result.findings.mail
    curve = tale.scenario.curve
    hours = max(curve.length, mail.empty_after) / 3600
    step = max(60.0, curve.length / 400)
    moments = [number * step for number in range(int(curve.length / step) + 1)]
    visitors = [(at / 3600, curve.rate(at) * tale.scale) for at in moments]
    every = max(1, len(mail.queue) // 400)
    waiting = [(at / 3600, number) for at, number in mail.queue[::every] if at / 3600 <= hours]
    life = [Series("visitors", "blue", visitors, area=True)]
    queue = [Series("mails waiting", "plum", _some(waiting), area=True)]
    return chart("In life: visitors a second", life, unit="", x_unit="h") + chart(
        f"In life: mails that wait, at {mail.rate:g} a second", queue, unit="", x_unit="h"
    )


def _bands(result: Result) -> list[Band]:
    found: list[Band] = []
    for step in result.tale.steps:
        name = _NAMES[step.phase]
        if found and found[-1].label == name:
            found[-1] = Band(found[-1].since, step.until, name)
        else:
            found.append(Band(step.since, step.until, name))
    return found


def _series(
    result: Result, kinds: Iterable[Kind], read: Callable[[Cell], float], until: int = 0
) -> list[Point]:
    """One value for each second, also for those in which nothing was due."""
    cells = result.tale.grid.cells
    last = max((second for row in cells.values() for second in row), default=0)
    last = min(last, until - 1) if until else last
    chosen = tuple(kinds)
    points = []
    for second in range(last + 1):
        cell = result.tale.grid.sum(chosen, since=second, until=second + 1)
        points.append((float(second), read(cell)))
    return points


def _rates(result: Result, kinds: tuple[Kind, ...], until: int = 0) -> list[Series]:
    bad = _some(_series(result, kinds, lambda cell: cell.bad, until))
    return [
        Series("offered", "blue", _series(result, kinds, lambda c: c.offered, until), area=True),
        Series("answered rightly", "teal", _series(result, kinds, lambda c: c.good, until)),
        Series("failed", "red", bad),
    ]


def _times(result: Result) -> list[Series]:
    def of(kinds: tuple[Kind, ...], share: float) -> list[Point]:
        points = _series(result, kinds, lambda cell: cell.times.percentile(share))
        return [point for point in points if point[1] > 0]

    return [
        Series("pages, 99 of 100", "blue", of(("page", "asset", "count"), 0.99)),
        Series("pages, half", "soft", of(("page", "asset", "count"), 0.5)),
        Series("thank-yous, 99 of 100", "amber", of(("act",), 0.99)),
        Series("thank-yous, half", "teal", of(("act",), 0.5)),
    ]


def _machine(result: Result) -> list[Series]:
    samples = result.tale.samples
    own = [(float(at), share * 100) for at, share in result.tale.own_cpu.items()]
    return [
        Series("all processors", "blue", [(one.at, one.cpu * 100) for one in samples], area=True),
        Series(
            "intake, of a core", "amber",
            [(one.at, one.door * 100) for one in samples if one.door is not None],
        ),
        Series(
            "disk busy", "plum",
            [(one.at, one.disk * 100) for one in samples if one.disk is not None],
        ),
        Series(
            "journal waits for disk", "red",
            [(one.at, one.writing * 100) for one in samples if one.writing is not None],
        ),
        Series("the rehearsal, of a core", "soft", own),
    ]  # fmt: skip


def _arrivals(result: Result) -> list[Series]:
    total, points = 0.0, []
    for second, number in _series(result, ("act",), lambda cell: cell.good):
        total += number
        points.append((second, total))
    arrived = [
        (one.at, float(one.arrived)) for one in result.tale.samples if one.arrived is not None
    ]
    return [
        Series("acknowledged", "blue", _some(points), area=True),
        Series("arrived in the database", "teal", arrived),
    ]


def _commits(result: Result) -> list[Series]:
    points = [(one.at, one.commit * 1000) for one in result.tale.samples if one.commit is not None]
    return [Series("mean of half a second", "red", points)]


def _some(points: list[Point]) -> list[Point]:
    """The points, unless nothing ever happened."""
    return points if any(value for _, value in points) else []
