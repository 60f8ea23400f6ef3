"""What changed from one wording to the next, word by word, so that people can read it. Pure."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Final, Literal, NamedTuple

import regex

Kind = Literal["same", "gone", "new"]
# Below this the two have so little in common that mixing them would only confuse.
ALIKE: Final = 0.35
# Comparing grows with the square: texts beyond this are compared line by line.
WORDS_MOST: Final = 4000
# In scripts without spaces each sign stands for itself.
_WORD: Final = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*"
    r"|[\p{L}\p{M}\p{N}_'’#@{}]+|\s+|\X"
)


class Piece(NamedTuple):
    """A stretch of text that is in both wordings, only in the old, or only in the new."""

    kind: Kind
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """The change from one text to the other. `same` and `gone` together are the old text, `same`
    and `new` the new one."""
    if before == after:
        return [Piece("same", after)] if after else []
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > WORDS_MOST:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    match = SequenceMatcher(None, old, new, autojunk=False)
    if len(old) < WORDS_MOST and match.ratio() < ALIKE:
        return _joined([Piece("gone", before), Piece("new", after)])
    return _joined(_steps(match, old, new))


def _steps(match: "SequenceMatcher[str]", old: list[str], new: list[str]) -> Iterator[Piece]:
    for what, i, j, k, m in match.get_opcodes():
        if what == "equal":
            # A lone space between two changes would tear one change into two.
            lone = m - k == 1 and not new[k].strip(" \u00a0") and k > 0 and m < len(new)
            if lone:
                yield Piece("gone", old[i])
                yield Piece("new", new[k])
            else:
                yield Piece("same", "".join(new[k:m]))
        else:
            yield Piece("gone", "".join(old[i:j]))
            yield Piece("new", "".join(new[k:m]))


def _joined(steps: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one kind as one; within a change what is gone comes first."""
    found: list[Piece] = []
    gone = new = ""
    for kind, text in [*steps, Piece("same", "")]:
        if kind == "gone":
            gone += text
        elif kind == "new":
            new += text
        else:
            found += [
                one for one in (Piece("gone", gone), Piece("new", new), Piece("same", text))
                if one.text
            ]  # fmt: skip
            gone = new = ""
    return found
