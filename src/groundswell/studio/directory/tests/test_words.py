"""Every kind of office that our own sources bring has words."""

import pytest

from groundswell.directory.sources.offices import offices
from groundswell.directory.sources.us_congress import congress
from groundswell.directory.sources.us_executive import executive
from groundswell.directory.sources.us_states import states
from groundswell.studio.directory import words


@pytest.mark.parametrize("source", [offices, congress, executive, states])
def test_it_has_words_for_the_kinds_that_ship(source: object) -> None:
    batch = source.batch()  # type: ignore[attr-defined]
    assert {one.kind for one in batch.posts} <= set(words.KINDS)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("eu", "European Union"),
        ("un", "United Nations"),
        ("other", "Other offices"),
        ("town_council", "Town council"),
    ],
)
def test_it_says_a_kind_in_plain_words(code: str, said: str) -> None:
    assert words.kind(code) == said
