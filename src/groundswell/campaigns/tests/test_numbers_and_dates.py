"""Numbers and moments in words, in each language's own way, up to the million."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from groundswell.campaigns import stamp
from groundswell.campaigns.render import render
from groundswell.campaigns.render_tags import moment, plural_category, plural_words
from groundswell.campaigns.tests.sample_views import PAGE, tally
from groundswell.kinds.petition.kind import PETITION


def spoken(value: int, lang: str) -> str:
    return plural_words(PETITION.unit_one, PETITION.unit_many, lang)[plural_category(value, lang)]


@pytest.mark.parametrize(
    ("lang", "value", "words"),
    [
        ("en", 1, "person has signed"),
        ("en", 1_000_000, "people have signed"),
        ("fr", 0, "personne a signé"),
        ("fr", 2, "personnes ont signé"),
        ("fr", 1_000_000, "de personnes ont signé"),
        ("fr", 3_000_000, "de personnes ont signé"),
        ("fr", 1_000_001, "personnes ont signé"),
        ("es", 0, "personas han firmado"),
        ("es", 1_000_000, "de personas han firmado"),
        ("es", 1_500_000, "personas han firmado"),
        ("de", 1_000_000, "Menschen haben unterschrieben"),
    ],
)
def test_it_says_it_as_people_do(lang: str, value: int, words: str) -> None:
    assert spoken(value, lang) == words


@pytest.mark.parametrize("lang", ["fr", "es"])
def test_it_shows_the_millionth_signature_in_the_page_and_in_a_stamp(lang: str) -> None:
    words = spoken(1_000_000, lang)
    made = render("public/tally.html", lang=lang, tally=tally(1_000_000))
    assert f">{words}</span>" in made
    before = render("public/tally.html", lang=lang, tally=tally(999_999))
    assert f">{words}</span>" not in before
    stamped = stamp.stamp(f'<html lang="{lang}">{before}', {PAGE: 1_000_000})
    assert stamped == f'<html lang="{lang}">{made}'


def test_it_does_not_ask_to_be_the_first_of_somebody_who_has_just_signed() -> None:
    made = render("public/tally.html", lang="en", tally=tally(0), signed=True)
    assert "Yours is on its way to be the first" in made
    assert "Be the first" not in made
    assert "Be the first" in render("public/tally.html", lang="en", tally=tally(0))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "1 December 2036, 18:00 UTC"),
        ("fr", "1 décembre 2036, 18:00 TU"),
        ("de", "1. Dezember 2036, 18:00 UTC"),
    ],
)
def test_it_writes_a_moment_as_people_do(lang: str, words: str) -> None:
    with translation.override(lang):
        assert moment(datetime(2036, 12, 1, 18, tzinfo=UTC)) == words
