"""How long a disk lasts: said before it is full, and not said of one that only breathes."""

import math

import pytest

from groundswell.intake.filling import WINDOW_SECONDS, Filling

MIB = 1 << 20


class Watch:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def fill(pace: int, *, seconds: int, free: int) -> Filling:
    """A disk that lost `pace` bytes a second, looked at twice a second."""
    watch = Watch()
    filling = Filling(watch)
    for _ in range(2 * seconds):
        filling.look(free)
        watch.time += 0.5
        free -= pace // 2
    filling.look(free)
    return filling


@pytest.mark.parametrize("seconds", [60, 3600])
def test_it_says_how_long_a_filling_disk_lasts(seconds: int) -> None:
    free = 10_000 * MIB
    filling = fill(MIB, seconds=seconds, free=free)
    left = (free - seconds * MIB - 64 * MIB) / MIB
    assert filling.seconds_until(64 * MIB) == pytest.approx(left, rel=0.01)


def test_it_says_zero_when_nothing_is_left() -> None:
    assert fill(MIB, seconds=60, free=100 * MIB).seconds_until(64 * MIB) == 0


@pytest.mark.parametrize("pace", [0, -MIB])
def test_it_says_forever_of_a_disk_that_does_not_fill(pace: int) -> None:
    assert math.isinf(fill(pace, seconds=60, free=10_000 * MIB).seconds_until(0))


def test_it_judges_nothing_by_a_few_seconds() -> None:
    assert math.isinf(fill(100 * MIB, seconds=3, free=10_000 * MIB).seconds_until(0))


def test_it_forgets_what_was_long_ago() -> None:
    filling = fill(MIB, seconds=round(5 * WINDOW_SECONDS), free=10_000 * MIB)
    assert len(filling._seen) < 60
