"""The words of a letter: what a supporter wrote, with the marks replaced. No database here.

Marks are replaced in one pass, so a value that looks like a mark stays what it is, and a mark that
nobody knows stays as it was typed.
"""

import re
from typing import Final

from groundswell.kinds.letter.marks import merged

_WORD: Final = re.compile(r"\w+")
_GAP: Final = re.compile(r"\n{3,}")
_CLOSING: Final = re.compile(
    r"(?:[\s,.–—-]*\{(?:given_name|family_name|city|postcode)\})+[\s,.–—-]*$"
)
# Three words in a row that stand in the draft as well are the draft's, not the supporter's.
_RUN: Final = 3


def body(text: str, values: dict[str, str], *, points: list[str]) -> str:
    """A letter's text: merged, with the ticked points where their mark stands.

    Where the supporter has taken the mark away, points they ticked follow at the end, unless the
    text has their words already.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "{points}" not in text:
        missing = [point for point in points if point not in text]
        text = "\n\n".join([text.rstrip(), *(["{points}"] if missing else [])])
        points = missing
    whole = merged(text, {**values, "points": "\n\n".join(points)})
    return _GAP.sub("\n\n", whole).strip()


def without_closing(text: str) -> str:
    """A draft without the marks at its end that only say who writes, as "{given_name}"."""
    return _CLOSING.sub("", text)


def same(text: str, draft: str) -> bool:
    """Whether a text is the draft, line ends and spaces aside."""
    return text.split() == draft.split()


def own_share(text: str, draft: str) -> float:
    """How much of a text is not the draft's, from 0 to 1, by its words."""
    words = [word.casefold() for word in _WORD.findall(text)]
    if not words or same(text, draft):
        return 0.0
    known = [word.casefold() for word in _WORD.findall(draft)]
    runs = set(_runs(known))
    borrowed = [False] * len(words)
    for start, run in enumerate(_runs(words)):
        if run in runs:
            borrowed[start : start + len(run)] = [True] * len(run)
    return round(1 - sum(borrowed) / len(words), 3)


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    size = min(_RUN, len(words))
    return (
        [tuple(words[start : start + size]) for start in range(len(words) - size + 1)]
        if size
        else []
    )
