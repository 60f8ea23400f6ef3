"""What was to come after a post, from the roster's followers."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from groundswell.base import clock
from groundswell.base.errors import Trouble
from groundswell.messengers import forecast
from groundswell.messengers.models import Involvement, Messenger, Post, Profile
from groundswell.messengers.tests import scenes
from groundswell.rehearsal.audience import SHARES

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CAMPAIGN = uuid4()


def post(owner: Messenger, network: str, at: datetime) -> None:
    Post.objects.create(messenger=owner, campaign_key=CAMPAIGN, network=network, at=at)


def expected(*, hours: int = 24) -> list[float]:
    starts = forecast.starts(CAMPAIGN, since=NOON, until=NOON + timedelta(hours=hours))
    minutes = [NOON + timedelta(minutes=n) for n in range(hours * 60)]
    return forecast.visits(starts, minutes)


def test_it_brings_followers_times_the_share_that_clicks() -> None:
    mira = scenes.messenger(instagram=1_000_000)
    post(mira, "instagram", NOON)
    found = expected()
    assert sum(found) == pytest.approx(1_000_000 * SHARES["instagram"].value)
    assert max(found) in found[9:11]  # ten minutes after the post
    assert all(one >= 0 for one in found)


def test_it_adds_posts_up_and_believes_the_roster() -> None:
    mira = scenes.messenger(instagram=1_000_000, x=500_000)
    Profile.objects.filter(network="x").update(click_share=0.01)
    post(mira, "instagram", NOON)
    post(mira, "x", NOON + timedelta(minutes=30))
    found = expected(hours=25)
    assert sum(found) == pytest.approx(1_000_000 * SHARES["instagram"].value + 5_000)
    assert found[39] > found[29]


def test_it_takes_what_is_planned_until_something_is_posted() -> None:
    mira = scenes.messenger(instagram=1_000_000)
    Involvement.objects.create(messenger=mira, campaign_key=CAMPAIGN, scheduled_at=NOON)
    planned = forecast.starts(CAMPAIGN, since=NOON, until=NOON + timedelta(hours=1))
    assert [start.made for start in planned] == [False]
    post(mira, "instagram", NOON + timedelta(minutes=20))
    made = forecast.starts(CAMPAIGN, since=NOON, until=NOON + timedelta(hours=1))
    assert [(start.made, start.at) for start in made] == [(True, NOON + timedelta(minutes=20))]


def test_it_expects_nothing_of_a_network_without_followers() -> None:
    post(scenes.messenger(instagram=5), "bluesky", NOON)
    assert set(expected(hours=1)) == {0.0}


def test_it_makes_a_scenario_of_the_roster() -> None:
    scenes.messenger("Mira Sol", instagram=189_000_000, x=66_900_000)
    played = forecast.surge("mira sol")
    assert played.title == "Mira Sol"
    assert played.followers.value == 255_900_000
    visitors = 189e6 * SHARES["instagram"].value + 66.9e6 * SHARES["x"].value
    assert played.visitors == pytest.approx(visitors)
    assert "Vote.gov" in played.click_share.source
    assert sum(played.languages.value.values()) == pytest.approx(1)
    assert played.languages.value["en"] == pytest.approx(0.7)


def test_it_plays_several_at_once() -> None:
    scenes.messenger("Mira Sol", instagram=1000)
    scenes.messenger("Ravi Blum", instagram=3000)
    assert forecast.surge("Mira", "ravi").followers.value == 4000


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Anna", "there is no messenger “Anna”"),
        ("i", "several messengers fit"),
        ("Ravi Blum", "no profile with followers"),
        ("Tomi Aalto", "nobody would come"),
    ],
)
def test_it_says_what_is_missing(name: str, said: str) -> None:
    scenes.messenger("Mira Sol", instagram=1000)
    scenes.messenger("Ravi Blum")
    scenes.messenger("Tomi Aalto", instagram=0)
    with pytest.raises(Trouble, match=said):
        forecast.surge(name)


def test_it_leaves_out_who_is_archived() -> None:
    mira = scenes.messenger("Mira Sol", instagram=1000)
    mira.archived_at = clock.now()
    mira.save()
    with pytest.raises(Trouble, match="there are: -"):
        forecast.surge("Mira Sol")
