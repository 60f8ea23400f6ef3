"""Scenarios: every figure has a source, the curve adds up, a wrong file is named."""

from pathlib import Path

import pytest

from groundswell.base.errors import Trouble
from groundswell.rehearsal import scenario
from groundswell.rehearsal.curve import Curve, Tail
from groundswell.rehearsal.scenario import Scenario

SHIPPED = scenario.shipped()
every = pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.name)


def toml(name: str = scenario.DEFAULT) -> str:
    return Path(scenario.__file__).with_name("scenarios").joinpath(f"{name}.toml").read_text()


def test_it_begins_with_the_default() -> None:
    assert SHIPPED[0].name == scenario.DEFAULT
    assert {"two-networks", "one-link", "petition-record"} <= {one.name for one in SHIPPED}


@every
def test_it_brings_everybody_in_the_time_it_says(one: Scenario) -> None:
    curve = one.curve
    assert curve.until(curve.length) == pytest.approx(one.visitors)
    step = curve.length / 20_000
    summed = sum(curve.rate((n + 0.5) * step) * step for n in range(20_000))
    assert summed == pytest.approx(one.visitors, rel=0.01)
    assert curve.rate(curve.rise) == pytest.approx(curve.peak)
    if curve.rise + curve.half < curve.length:
        assert curve.rate(curve.rise + curve.half) == pytest.approx(curve.peak / 2)
    assert curve.rate(-1) == curve.rate(curve.length + 1) == 0


def test_it_has_the_figures_this_project_was_conceived_from() -> None:
    one = scenario.find("two-networks")
    assert one.followers.value == 189_000_000 + 66_900_000


def test_it_has_the_best_documented_link() -> None:
    assert scenario.find("one-link").visitors == pytest.approx(405_999, rel=0.001)


def test_it_has_the_best_documented_peak_of_a_petition() -> None:
    one = scenario.find("petition-record")
    assert one.curve.peak * one.act_share.value * 60 == pytest.approx(2000, rel=0.02)


@pytest.mark.parametrize("tail", ["long", "exponential"])
def test_it_is_past_the_worst_at_a_quarter_of_the_peak(tail: Tail) -> None:
    curve = Curve(visitors=1e6, rise=600, half=900, length=86_400, tail=tail)
    assert curve.rate(curve.crest) == pytest.approx(curve.peak / 4)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value = 0.3\n", "value = 1.3\n", "act_share.value"),
        ("value = 0.3\n", 'value = "much"\n', "act_share.value"),
        ("value = 10\n", "value = 0\n", "minutes_to_peak.value"),
        ("value = 10\n", "value = 1441\n", "minutes_to_peak"),
        ("[act_share]", "[acting]", "act"),
        ("en = 0.7", "en = 0.6", "languages"),
        ("phone = 0.85", "telex = 0.85", "telex"),
        ('source = "The documented share is that of one day"', 'source = ""', "hours.source"),
        ('tail = "long"', 'tail = "short"', "tail"),
        ("title = ", "title ", "not TOML"),
    ],
)
def test_it_names_the_field_that_is_wrong(old: str, new: str, said: str) -> None:
    text = toml()
    assert old in text
    with pytest.raises(Trouble, match=said):
        scenario.read(text.replace(old, new, 1), name="mine")


def test_it_says_which_scenarios_there_are() -> None:
    with pytest.raises(Trouble, match="two-networks"):
        scenario.find("no-such")
    with pytest.raises(Trouble, match="cannot be read"):
        scenario.find("no-such.toml")
