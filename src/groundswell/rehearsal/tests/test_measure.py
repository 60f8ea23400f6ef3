"""Counts and times: percentiles hold, and several processes add up to one."""

import random

import pytest

from groundswell.rehearsal import measure
from groundswell.rehearsal.measure import Grid, News, Times


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_it_knows_any_percentile_within_a_twentieth(share: float) -> None:
    dice = random.Random(1)
    values = [dice.lognormvariate(-4, 1.5) for _ in range(5000)]
    times = Times()
    for value in values:
        times.add(value)
    exact = sorted(values)[int(share * len(values)) - 1]
    assert times.percentile(share) == pytest.approx(exact, rel=0.05)
    assert times.number == 5000


def test_it_has_no_percentile_of_nothing() -> None:
    assert Times().percentile(0.99) == 0


def test_it_adds_what_processes_tell_however_it_is_cut() -> None:
    whole, parts = Grid(), [Grid(), Grid()]
    dice = random.Random(2)
    for number in range(400):
        second, wait = dice.randrange(5), dice.expovariate(10)
        for grid in (whole, parts[number % 2]):
            cell = grid.at("act", second)
            cell.offered += 1
            if wait > 0.3:
                cell.errors["busy"] = cell.errors.get("busy", 0) + 1
            else:
                cell.good += 1
                cell.times.add(wait)
    merged = Grid()
    for part in parts:
        news = News(grid=part, acknowledged=[b"x" * 16], lag=Times(), cpu=0.1, flying=3)
        merged.merge(measure.unpack(measure.pack(news)).grid)
    assert merged.sum(("act",)) == whole.sum(("act",))
    assert merged.sum(("act",)).offered == 400
    assert merged.sum(("act",), since=1, until=3) == whole.sum(("act",), since=1, until=3)
    assert merged.sum(("page",)).offered == 0
