"""Whoever writes any word behind `?s=` does not make our tables grow without end."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest

from groundswell.campaigns import counters, networks, render_share
from groundswell.campaigns.models import Count

pytestmark = pytest.mark.django_db
PAGE = UUID(int=7)
MOMENT = datetime(2026, 11, 21, 18, 29, tzinfo=UTC)


def signed(*sources: str) -> None:
    counters.add(
        change
        for source in sources
        for change in counters.change(
            page_key=PAGE, at=MOMENT, country="", language="en", source=source, collected=1
        )
    )


@pytest.fixture
def room_for_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "SOURCES_PER_PAGE", 3)


@pytest.mark.usefixtures("room_for_three")
def test_it_counts_together_what_comes_after_the_first_few() -> None:
    signed("a", "b")
    signed("c", "d", "e")
    signed("f", "a", "d")
    assert counters.by(page_key=PAGE, dimension="source") == [
        ("a", 2, 0), ("b", 1, 0), ("c", 1, 0), ("~other", 4, 0)
    ]  # fmt: skip
    assert counters.totals(page_key=PAGE).collected == 8


@pytest.mark.usefixtures("room_for_three")
def test_it_always_names_the_networks_we_share_on() -> None:
    signed("a", "b", "c", "d")
    signed(*networks.CODES, "")
    named = {one.value for one in counters.by(page_key=PAGE, dimension="source")}
    assert named == {"a", "b", "c", "~other", "", *networks.CODES}


def test_it_knows_every_network_that_a_page_offers() -> None:
    shown = render_share.share(url="https://example.org/", text="", subject="")
    offered = [*(link.href for link in shown.links), shown.device, shown.copy, shown.mastodon]
    codes = {re.findall(r"s(?:=|%3D)(\w+)", href)[-1] for href in offered}
    assert codes == networks.CODES


def test_it_keeps_a_flood_of_sources_small() -> None:
    for start in range(0, 2000, 250):
        signed(*(f"s{number}" for number in range(start, start + 250)))
    rows = Count.objects.filter(page_key=PAGE, dimension="source")
    assert rows.count() == counters.SOURCES_PER_PAGE + 1
    assert sum(rows.values_list("collected", flat=True)) == 2000
