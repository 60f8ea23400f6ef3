"""The hour of the post: every minute, every part, and late comers too."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from groundswell.campaigns import moments
from groundswell.campaigns.models_moments import Moment
from groundswell.messengers import queries_live
from groundswell.messengers.effect import Sums, total
from groundswell.messengers.models import Post
from groundswell.messengers.tests import scenes
from groundswell.messengers.tests.test_effect import thousands

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CAMPAIGN, PAGE = uuid4(), uuid4()


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    queries_live.forget()


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def brought(code: str, when: datetime, **many: int) -> None:
    scenes.happened([scenes.change(PAGE, code, when, "vi", "VN", **many)])


def seen(when: datetime, *, minutes: int = 60) -> queries_live.Live:
    return queries_live.look(CAMPAIGN, minutes=minutes, now=when)


def test_it_equals_the_rows_minute_by_minute() -> None:
    mira = scenes.messenger()
    from groundswell.messengers.tests import test_effect

    scenes.link("mi1", mira, CAMPAIGN, test_effect.PAGE)
    scenes.link("ca1", None, CAMPAIGN, test_effect.PAGE)
    thousands(["mi1", "ca1", "whatsapp"])

    found = seen(NOON + timedelta(minutes=90, seconds=59), minutes=91)

    assert len(found.minutes) == 91
    for one in found.minutes:
        rows = Moment.objects.filter(minute=one.at)
        mine = rows.filter(source__in=["mi1", "ca1"]).values_list(
            "visits", "previews", "collected", "confirmed"
        )
        assert one.linked == total(Sums(*row) for row in mine)
    whole = total(one.linked.plus(one.others) for one in found.minutes)
    assert whole.visits == sum(Moment.objects.values_list("visits", flat=True))
    for parts in (found.messengers, found.networks, found.languages, found.countries):
        assert total(part.sums for part in parts) == found.linked
    assert {part.value for part in found.messengers} == {"Mira Sol", ""}


def test_it_sees_the_next_second() -> None:
    scenes.link("mi1", scenes.messenger(), CAMPAIGN, PAGE)
    brought("mi1", at(0), visits=3)
    assert seen(at(1)).linked.visits == 3
    brought("mi1", at(2), visits=4, collected=1)
    assert seen(at(2)).linked.visits == 7
    assert seen(at(2)).minutes[-1].linked == Sums(7, 0, 1, 0)


def test_it_shares_a_look_among_all_who_watch(django_assert_num_queries: object) -> None:
    scenes.link("mi1", scenes.messenger(), CAMPAIGN, PAGE)
    seen(at(0))
    with django_assert_num_queries(2):  # type: ignore[operator]  # the posts and plans alone
        seen(at(0.3))
    with django_assert_num_queries(11):  # type: ignore[operator]  # links; moments twice four
        seen(at(1.2))


def test_it_counts_what_came_late_into_an_old_minute() -> None:
    scenes.link("mi1", scenes.messenger(), CAMPAIGN, PAGE)
    brought("mi1", at(-600), visits=1)
    assert seen(at(0)).linked.visits == 1
    brought("mi1", at(-600), visits=5)  # the core was away for ten minutes
    looks = [seen(at(second)).linked.visits for second in range(1, 23)]
    assert set(looks) == {1, 6}
    assert looks == sorted(looks)  # once it is there, it stays
    assert looks[-1] == 6


def test_it_reads_all_anew_after_a_pause() -> None:
    scenes.link("mi1", scenes.messenger(), CAMPAIGN, PAGE)
    brought("mi1", at(-600), visits=1)
    seen(at(0))
    brought("mi1", at(-600), visits=5)
    assert seen(at(300)).linked.visits == 6


def test_it_follows_the_clock_and_a_longer_wish() -> None:
    scenes.link("mi1", scenes.messenger(), CAMPAIGN, PAGE)
    brought("mi1", at(-7200), visits=9)
    brought("mi1", at(0), visits=1)
    assert seen(at(1)).linked.visits == 1
    assert seen(at(1), minutes=180).linked.visits == 10
    assert seen(at(1)).linked.visits == 1
    assert seen(at(3590)).linked.visits == 1
    assert seen(at(3661)).linked.visits == 0


def test_it_knows_a_link_made_while_it_watches() -> None:
    mira = scenes.messenger()
    scenes.link("mi1", mira, CAMPAIGN, PAGE)
    seen(at(0))
    scenes.link("mi2", mira, CAMPAIGN, PAGE, network="x")
    brought("mi2", at(1), visits=2)
    assert seen(at(2)).linked.visits == 2


def test_it_sets_the_forecast_beside_it() -> None:
    mira = scenes.messenger(instagram=10_000_000)
    scenes.link("mi1", mira, CAMPAIGN, PAGE)
    Post.objects.create(messenger=mira, campaign_key=CAMPAIGN, network="instagram", at=at(-1200))
    found = seen(at(30))
    assert found.is_forecast
    assert len(found.starts) == 1
    quiet = [one.expected for one in found.minutes if one.at < at(-1260)]
    assert set(quiet) == {0.0}
    assert found.expected > 1000
    assert max(one.expected for one in found.minutes) > found.minutes[-1].expected


def test_it_forgets_campaigns_nobody_watches() -> None:
    for _ in range(40):
        queries_live.look(uuid4(), now=NOON)
    assert len(queries_live._windows) <= 16


def test_it_never_looks_back_longer_than_a_day() -> None:
    assert len(seen(NOON, minutes=100_000).minutes) == 24 * 60
    assert len(seen(NOON, minutes=-5).minutes) == 1
    assert moments.minute(NOON) == seen(NOON).minutes[-1].at
