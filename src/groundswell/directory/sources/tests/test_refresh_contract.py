"""What holds for every source that can be refreshed."""

import pytest

from groundswell.directory import refresh
from groundswell.directory.sources.registry import SHIPPED


@pytest.mark.parametrize("name", refresh.SOURCES)
def test_it_says_where_rows_come_from_and_what_may_be_done_with_them(name: str) -> None:
    way = refresh.SOURCES[name]
    assert way.info.slug.removesuffix("_{country}") == name
    assert way.info.name
    assert way.info.url.startswith("https://")
    assert way.info.licence
    assert way.info.attribution
    assert way.base.startswith("https://") or way.base == ""
    assert way.least >= 1


def test_it_renews_what_ships_under_the_same_name() -> None:
    """Another name would leave the old rows standing beside the new ones."""
    for name in SHIPPED.keys() & refresh.SOURCES.keys():
        assert refresh.SOURCES[name].info.slug == SHIPPED[name].info.slug
    assert {"us_congress", "us_zip"} <= SHIPPED.keys() & refresh.SOURCES.keys()
