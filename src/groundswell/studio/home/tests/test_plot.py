"""The plot's geometry."""

import pytest

from groundswell.studio.home.plot import HEIGHT, WIDTH, Bar, ceiling, draw


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 4), (4, 4), (5, 8), (9, 20), (21, 40), (41, 80), (190, 200), (201, 400), (7_000, 8_000)],
)
def test_it_ends_the_axis_at_a_number_whose_quarters_are_whole(highest: int, top: int) -> None:
    assert ceiling(highest) == top
    assert top % 4 == 0


def test_it_draws_bars_in_proportion_and_inside_the_picture() -> None:
    plot = draw([Bar("one", "1", 100, 50), Bar("two", "2", 200, 200)], segments=2)
    first, second = plot.bars
    assert (first.collected_height, first.confirmed_height) == (HEIGHT / 2, HEIGHT / 4)
    assert (second.collected_y, second.collected_height) == (0, HEIGHT)
    assert second.x + second.width <= WIDTH
    assert [value for value, _ in plot.ticks] == [200, 150, 100, 50, 0]
    assert plot.labels == ["1", "2"]


def test_it_still_shows_one_among_thousands() -> None:
    plot = draw([Bar("one", "1", 1, 0), Bar("two", "2", 9_000, 0)], segments=1)
    assert plot.bars[0].collected_height >= 1
    assert plot.bars[0].confirmed_height == 0


def test_it_knows_when_there_is_nothing_to_see() -> None:
    assert draw([Bar("one", "1", 0, 0)], segments=1).empty
    assert draw([], segments=4).empty
    assert not draw([Bar("one", "1", 1, 0)], segments=1).empty
