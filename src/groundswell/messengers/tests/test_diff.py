"""What changed is shown in words, and both wordings can be read from it."""

import pytest

from groundswell.messengers.diff import Piece, pieces

PAIRS = [
    ("", ""),
    ("", "new"),
    ("old", ""),
    ("The river lost 40% of its fish.", "The river has lost half of its fish."),
    ("one two three four five", "one TWO THREE four five"),
    ("A b c", "X y z"),
    ("川は魚の40%を失いました。", "川は魚の半分を失いました。"),
    ("فقد النهر ٤٠٪ من أسماكه.", "فقد النهر نصف أسماكه."),
    ("👩‍👧 ja", "👩‍👦 ja"),
    ("a\n\nb", "a\nb"),
    ("line\n" * 3000, "line\n" * 2999 + "end\n"),
]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_it_holds_both_wordings_whole(before: str, after: str) -> None:
    found = pieces(before, after)

    assert "".join(one.text for one in found if one.kind != "new") == before
    assert "".join(one.text for one in found if one.kind != "gone") == after


def test_it_names_the_words_that_changed() -> None:
    assert pieces("We lost 40% of it", "We lost half of it") == [
        Piece("same", "We lost "),
        Piece("gone", "40%"),
        Piece("new", "half"),
        Piece("same", " of it"),
    ]


def test_it_keeps_neighbouring_changes_together() -> None:
    found = pieces("one two three four five", "one TWO THREE four five")

    assert [one.text for one in found] == ["one ", "two three", "TWO THREE", " four five"]


def test_it_does_not_mix_two_texts_that_have_nothing_in_common() -> None:
    assert [one.kind for one in pieces("Save our river, now.", "Ihr seid gefragt!")] == [
        "gone",
        "new",
    ]
