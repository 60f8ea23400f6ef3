"""What a supporter takes along to an office's own form."""

import pytest

from groundswell.delivery.channels.form import opening
from groundswell.delivery.pdf.tests.samples import letter


def test_it_brings_the_address_and_what_forms_ask_for() -> None:
    made = opening.of(letter(form="https://www.example.gov/contact"))
    assert made.url == "https://www.example.gov/contact"
    assert made.fields[:3] == (
        ("prefix", "Ms."),
        ("given_name", "Alex"),
        ("family_name", "Sample"),
    )
    assert [name for name, _value in made.fields][-2:] == ["subject", "body"]
    assert "phone" not in dict(made.fields)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//example.org", "https://", "http://[", ""]
)
def test_it_links_to_nothing_but_the_web(url: str) -> None:
    assert opening.of(letter(form=url)).url == ""
