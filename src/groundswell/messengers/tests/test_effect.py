"""What messengers' links brought, against the rows they are made of."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from groundswell.campaigns.models_moments import Moment
from groundswell.messengers import queries_effect
from groundswell.messengers.effect import Sums, total
from groundswell.messengers.tests import scenes

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CAMPAIGN, PAGE = uuid4(), uuid4()
COUNTRIES = ["", "VN", "FR", "BR", "AM"]


def thousands(codes: list[str], *, rows: int = 4000, seed: int = 7) -> Counter[str]:
    """That many random changes; how many visits each code must have."""
    dice = random.Random(seed)
    made, visits = [], Counter[str]()
    for _ in range(rows):
        code = dice.choice(codes)
        many = {"visits": dice.randint(1, 90), "previews": dice.randint(0, 2)}
        many |= {"collected": dice.randint(0, 9), "confirmed": dice.randint(0, 5)}
        minute = NOON + timedelta(minutes=dice.randint(0, 90))
        made.append(
            scenes.change(
                PAGE, code, minute, dice.choice(["en", "vi", "ar"]), dice.choice(COUNTRIES), **many
            )
        )
        visits[code] += many["visits"]
    scenes.happened(made)
    return visits


def rows_of(*codes: str) -> Sums:
    return total(
        Sums(*row)
        for row in Moment.objects.filter(source__in=codes).values_list(
            "visits", "previews", "collected", "confirmed"
        )
    )


def test_it_adds_up_to_the_rows() -> None:
    mira, ravi = scenes.messenger(), scenes.messenger("Ravi Blum")
    scenes.link("mi1", mira, CAMPAIGN, PAGE)
    scenes.link("mi2", mira, CAMPAIGN, PAGE, network="x")
    scenes.link("ra1", ravi, CAMPAIGN, PAGE, network="bluesky")
    scenes.link("own1", None, CAMPAIGN, PAGE, network="newsletter")
    visits = thousands(["mi1", "mi2", "ra1", "own1", "x"])

    found = queries_effect.effect(mira, CAMPAIGN)

    assert found.sums == rows_of("mi1", "mi2")
    assert found.sums.visits == visits["mi1"] + visits["mi2"]
    for parts in (found.networks, found.languages, found.countries, found.links):
        assert total(part.sums for part in parts) == found.sums
    assert found.countries_known == 4
    assert found.countries[-1].value == ""
    assert 0 < found.known_share < 1
    assert found.first == NOON
    assert {part.value: part.sums.visits for part in found.links} == {
        "mi1": visits["mi1"],
        "mi2": visits["mi2"],
    }


def test_it_gives_each_messenger_their_own() -> None:
    mira, ravi = scenes.messenger(), scenes.messenger("Ravi Blum")
    scenes.link("mi1", mira, CAMPAIGN, PAGE)
    scenes.link("ra1", ravi, CAMPAIGN, PAGE)
    scenes.link("own1", None, CAMPAIGN, PAGE)
    scenes.link("far1", mira, uuid4(), uuid4())  # of another campaign
    thousands(["mi1", "ra1", "own1", "far1"])

    found = dict(queries_effect.effects(CAMPAIGN))

    assert set(found) == {mira, ravi, None}
    for owner, effect in found.items():
        assert effect.sums == queries_effect.effect(owner, CAMPAIGN).sums
    assert total(one.sums for one in found.values()) == rows_of("mi1", "ra1", "own1")


def test_it_reads_no_more_for_more(django_assert_max_num_queries: object) -> None:
    for number in range(12):
        owner = scenes.messenger(f"Messenger {number}")
        scenes.link(f"m{number}", owner, CAMPAIGN, PAGE)
    thousands([f"m{number}" for number in range(12)])
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert len(queries_effect.effects(CAMPAIGN)) == 12


def test_it_keeps_every_minute() -> None:
    mira = scenes.messenger()
    scenes.link("mi1", mira, CAMPAIGN, PAGE)
    thousands(["mi1"])
    found = queries_effect.minutes(["mi1"], since=NOON, until=NOON + timedelta(days=1))
    assert total(sums for _minute, sums in found) == rows_of("mi1")
    assert [minute for minute, _sums in found] == sorted({minute for minute, _sums in found})
    first = queries_effect.minutes(["mi1"], since=NOON, until=NOON + timedelta(minutes=1))
    assert [minute for minute, _sums in first] == [NOON]


def test_it_says_nothing_of_nothing() -> None:
    found = queries_effect.effect(scenes.messenger(), CAMPAIGN)
    assert found.sums == Sums()
    assert found.sums.conversion is None
    assert found.first is None
    assert found.known_share == 0.0
