"""Choices that come back with a form: whoever is on a phone can tap the number they end in."""

import pytest

from groundswell.intake import refill


@pytest.mark.parametrize(
    ("label", "wanted"),
    [
        ("Ada <Weir>", "Ada &lt;Weir&gt;"),
        ("Ada: +1 202-225-4965", 'Ada: <a href="tel:+12022254965">+1 202-225-4965</a>'),
        ("District 12, 2026", "District 12, 2026"),
    ],
)
def test_it_leads_to_the_telephone(label: str, wanted: str) -> None:
    assert refill._with_number(label) == wanted
