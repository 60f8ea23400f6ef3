"""What every source that ships must keep to."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from groundswell.directory import checks, sources
from groundswell.directory.records import Batch
from groundswell.directory.sources.registry import SHIPPED

ALL = sorted(SHIPPED)
TARGET = re.compile(r"[A-Za-z0-9./_-]{1,120}")
NETWORKS = {"x", "facebook", "instagram", "youtube", "mastodon"}


@cache
def batch(name: str) -> Batch:
    return SHIPPED[name].batch()


@pytest.mark.parametrize("name", ALL)
def test_it_says_where_it_is_from(name: str) -> None:
    info = SHIPPED[name].info
    assert info.slug == name
    assert info.name
    assert info.licence
    assert info.url.startswith("https://")
    text = (Path(sources.__file__).parent / name / "data" / "SOURCE.txt").read_text()
    assert "Licence: " in text


@pytest.mark.parametrize("name", ALL)
def test_it_gives_each_row_a_key_of_its_own(name: str) -> None:
    for group, rows in batch(name).groups():
        twice = [key for key, number in Counter(row.key for row in rows).items() if number > 1]
        assert not twice, group
        assert max((len(row.key) for row in rows), default=0) <= 250


@pytest.mark.parametrize("name", ALL)
def test_it_points_only_at_rows_that_are_there(name: str) -> None:
    made = batch(name)
    needed = [batch(other) for other in (*SHIPPED[name].needs, "offices")]
    people = {row.key for row in made.people}
    posts = {row.key for row in made.posts}
    organizations = {row.key for row in made.organizations}
    areas = {row.key for one in (made, *needed) for row in one.areas}
    assert {row.person for row in made.memberships} <= people
    assert {row.post for row in made.memberships} <= posts | {""}
    assert {row.organization for row in made.memberships} <= organizations
    assert {row.organization for row in made.posts} <= organizations
    assert {row.area for row in made.posts} <= areas | {""}
    assert {row.owner for row in made.contacts} <= people | posts
    crossed = {division for row in made.crossings for division, _share in row.divisions}
    assert crossed <= areas


@pytest.mark.parametrize("name", ALL)
def test_it_names_people_and_posts_as_others_may_store_them(name: str) -> None:
    made = batch(name)
    assert [row.key for row in (*made.people, *made.posts) if not TARGET.fullmatch(row.key)] == []


@pytest.mark.parametrize("name", ALL)
def test_it_holds_only_contacts_that_an_import_would_take(name: str) -> None:
    for row in batch(name).contacts:
        assert row.type in {"email", "voice", "fax", "address", "url", "form", "cwc"} | NETWORKS
        assert len(row.value) <= 1000
        assert len(row.note) <= 4000
        taken = checks.contact(row.type, "value", row.value, country_code="us")
        assert taken == row.value
        assert checks.hours("hours", row.hours) == row.hours
        assert checks.zone("zone", row.zone) == row.zone
