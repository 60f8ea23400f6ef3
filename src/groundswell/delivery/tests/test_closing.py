"""The lines under a letter that repeat name and address are found, and only those."""

import pytest

from groundswell.delivery import closing
from groundswell.delivery.pdf.tests.samples import letter

SIGNED = "Please vote yes.\n\nSincerely,\nAlex Sample\n12 Elm Street, Apt. 4\nSpringfield, IL 62701"


def test_it_takes_name_and_address_off_the_end() -> None:
    kept, taken = closing.split(letter(body=SIGNED))
    assert kept == "Please vote yes.\n\nSincerely,"
    assert taken == ["Alex Sample", "12 Elm Street, Apt. 4", "Springfield, IL 62701"]


@pytest.mark.parametrize(
    "line",
    [
        "I, Alex Sample, live on Elm Street.",
        "Alex Sample and Robin Example",
        "IL 62702",
        "Sincerely,",
    ],
)
def test_it_leaves_lines_that_say_more(line: str) -> None:
    body = f"Please vote yes.\n{line}"
    assert closing.split(letter(body=body)) == (body, [])


def test_it_leaves_a_letter_that_says_nothing_else_empty() -> None:
    assert closing.split(letter(body="Alex Sample\r\n")) == ("", ["Alex Sample"])
