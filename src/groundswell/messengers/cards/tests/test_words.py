"""The few words of a card itself, in the digits and the dates of each language."""

import importlib
from datetime import UTC, datetime

import pytest

from groundswell.kinds.registry import KINDS
from groundswell.messengers.cards import colours, words

AT = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def _catalogue() -> None:
    # By name: the catalogue is a room above this one, and only its words are wanted here.
    importlib.import_module("groundswell.studio.catalogue").compile()


@pytest.mark.parametrize(
    ("language", "number", "moment"),
    [
        ("en", "1,234,567", "as of 22 November 2026, 14:05 UTC"),
        ("de", "1.234.567", "Stand: 22. November 2026, 14:05 UTC"),
        ("vi", "1.234.567", "tính đến 14:05 UTC 22 tháng 11, 2026"),
        ("ja", "1,234,567", "2026年11月22日 14:05 UTC 現在"),
        ("hy", "1\u00a0234\u00a0567", "Տվյալները՝ 22 նոյեմբերի, 2026 թ., 14:05 UTC"),
        ("fa", "۱٬۲۳۴٬۵۶۷", "۲۲ نوامبر ۲۰۲۶"),
        ("bn", "১২,৩৪,৫৬৭", "২২ নভেম্বর"),
    ],
)
def test_it_writes_numbers_and_moments_as_the_language_does(
    language: str, number: str, moment: str
) -> None:
    assert words.number(1_234_567, language) == number
    assert moment in words.moment(AT, language)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ar", "hy", "vi", "ja"])
def test_it_knows_every_kind_in_every_language(language: str) -> None:
    told = {words.unit(kind, 5, language) for kind in KINDS.values()}
    english = {words.unit(kind, 5, "en") for kind in KINDS.values()}
    assert language == "en" or told.isdisjoint(english)
    assert "{" not in words.say(words.SHARED_BY, language).format(name="Mira")


def test_it_takes_an_unknown_language_for_english() -> None:
    assert words.number(1234, "xx") == "1,234"
    assert not words.rtl("xx")
    assert words.rtl("ar")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59)],
)
def test_it_measures_contrast_as_wcag_does(one: str, other: str, ratio: float) -> None:
    found = colours.contrast(colours.rgb(one), colours.rgb(other))
    assert found == pytest.approx(ratio, abs=0.01)
    assert found == colours.contrast(colours.rgb(other), colours.rgb(one))
