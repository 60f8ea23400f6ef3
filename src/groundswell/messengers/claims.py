"""Which sentences of a draft say that something is so. Pure, and rather blind than a nuisance."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import regex


class Found(NamedTuple):
    """A sentence and its place in the text. `why` is a code, "" where an organiser marked it."""

    start: int
    end: int
    text: str
    why: str


_SENTENCE: Final = regex.compile(
    r"[^\n。！？!?．｡।။።՜؟۔…]+?(?:[.](?=\s|$)|[。！？!?．｡।။።؟۔…]+|(?=\n)|$)"
)

_NUMBER: Final = regex.compile(r"\p{Nd}")


def sentences(text: str) -> list[Found]:
    """The sentences of a text with their places, in order."""
    found = []
    for one in _SENTENCE.finditer(text):
        words = one.group()
        start = one.start() + len(words) - len(words.lstrip())
        if words.strip():
            found.append(Found(start, start + len(words.strip()), words.strip(), ""))
    return found


def find(text: str, _language: str) -> list[Found]:
    """The sentences that claim something: those with a number in them."""
    return [one._replace(why="number") for one in sentences(text) if _NUMBER.search(one.text)]


def with_marked(text: str, language: str, marked: Iterable[str]) -> list[Found]:
    """What is found, and the sentences that somebody marked by hand, in order of place."""
    found = {one.start: one for one in find(text, language)}
    known = {same_words(one) for one in marked}
    for one in sentences(text):
        if same_words(one.text) in known:
            found.setdefault(one.start, one)
    return [found[start] for start in sorted(found)]


def same_words(text: str) -> str:
    """What is equal for sentences that differ in spaces and capitals alone."""
    return " ".join(text.split()).casefold()
