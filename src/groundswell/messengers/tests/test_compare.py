"""Texts and times beside each other, each with what its links brought."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from groundswell.base import clock
from groundswell.messengers import queries_compare
from groundswell.messengers.effect import Sums
from groundswell.messengers.models import (
    Messenger,
    Post,
    Statement,
    StatementVersion,
    TrackedLink,
)
from groundswell.messengers.tests import scenes

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CAMPAIGN, PAGE = uuid4(), uuid4()


def text(words: str, link: TrackedLink, owner: Messenger | None, network: str = "x") -> UUID:
    made = Statement.objects.create(
        messenger=owner,
        campaign_key=CAMPAIGN,
        network=network,
        language="en",
        link=link,
        made_at=clock.now(),
    )
    StatementVersion.objects.create(statement=made, number=1, text=words, at=clock.now())
    return made.key


def test_it_compares_texts_by_the_links_in_them() -> None:
    mira = scenes.messenger()
    x, threads = (
        scenes.link("mi1", mira, CAMPAIGN, PAGE, network="x"),
        scenes.link("mi2", mira, CAMPAIGN, PAGE, network="threads"),
    )
    text("The river is ours.", x, mira)
    text("Sign for the river.", threads, mira, "threads")
    scenes.happened(
        [
            scenes.change(PAGE, "mi1", NOON, visits=10, collected=4),
            scenes.change(PAGE, "mi2", NOON, visits=30, collected=3),
        ]
    )
    found = queries_compare.texts(CAMPAIGN)
    assert [(row.text, row.sums.visits, row.shared) for row in found] == [
        ("Sign for the river.", 30, False),
        ("The river is ours.", 10, False),
    ]


def test_it_says_when_texts_cannot_be_told_apart() -> None:
    mira = scenes.messenger()
    link = scenes.link("mi1", mira, CAMPAIGN, PAGE, network="x")
    text("One.", link, mira)
    text("Two.", link, mira)
    assert [row.shared for row in queries_compare.texts(CAMPAIGN)] == [True, True]


def test_it_adds_up_every_messengers_link_of_a_text_for_all() -> None:
    own = scenes.link("own", None, CAMPAIGN, PAGE, network="x")
    scenes.link("mi1", scenes.messenger(), CAMPAIGN, PAGE, network="x")
    scenes.link("ra1", scenes.messenger("Ravi Blum"), CAMPAIGN, PAGE, network="x")
    scenes.link("ra2", None, CAMPAIGN, PAGE, network="bluesky")
    text("For all.", own, None)
    scenes.happened(
        scenes.change(PAGE, code, NOON, visits=1) for code in ("own", "mi1", "ra1", "ra2")
    )
    (row,) = queries_compare.texts(CAMPAIGN)
    assert row.codes == ("mi1", "own", "ra1")
    assert row.sums.visits == 3


def test_it_measures_a_post_by_its_hour_and_day() -> None:
    mira = scenes.messenger()
    link = scenes.link("mi1", mira, CAMPAIGN, PAGE, network="x")
    at = NOON + timedelta(seconds=30)
    Post.objects.create(messenger=mira, campaign_key=CAMPAIGN, network="x", at=at, link=link)
    for minutes, visits in ((-1, 100), (0, 1), (59, 2), (60, 4), (1439, 8), (1440, 100)):
        scenes.happened(
            [scenes.change(PAGE, "mi1", NOON + timedelta(minutes=minutes), visits=visits)]
        )
    (row,) = queries_compare.posts(CAMPAIGN, now=NOON + timedelta(days=2))
    assert row.hour == Sums(3)
    assert row.day == Sums(15)
    assert row.own
    # Once the minutes are hours, the first hour cannot be told.
    (row,) = queries_compare.posts(CAMPAIGN, now=NOON + timedelta(days=20))
    assert row.hour is None


def test_it_takes_a_messengers_links_where_a_post_names_none() -> None:
    mira = scenes.messenger()
    scenes.link("mi1", mira, CAMPAIGN, PAGE, network="x")
    scenes.link("mi2", mira, CAMPAIGN, PAGE, network="threads")
    Post.objects.create(messenger=mira, campaign_key=CAMPAIGN, network="x", at=NOON)
    scenes.happened(scenes.change(PAGE, code, NOON, visits=1) for code in ("mi1", "mi2"))
    (row,) = queries_compare.posts(CAMPAIGN, now=NOON)
    assert (row.own, row.day.visits) == (False, 1)
