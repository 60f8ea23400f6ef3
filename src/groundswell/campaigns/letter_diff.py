"""What changed between two texts of a letter, readable: whole paragraphs, then words."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape, unescape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

_BLOCKS: Final = re.compile(r"<(p|li|h2|h3)\b([^>]*)>(.*?)</\1>", re.DOTALL)
_BREAK: Final = re.compile(r"<br\s*/?>")
_LINK: Final = re.compile(r'<a\b[^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_TAG: Final = re.compile(r"<[^>]+>")
_WORDS: Final = re.compile(r"\w+|\s+|[^\w\s]")
# Two paragraphs that share less than this are not one paragraph with other words in it.
_AKIN: Final = 0.4


def paragraphs(html: str) -> list[str]:
    """A text's paragraphs and list items without markup; links with their addresses."""
    return [text for _, text in blocks(html)]


def blocks(html: str) -> list[tuple[str, str]]:
    """The same, each with what it is: `p`, `li`, `h2`, `h3`, or `dear` for the salutation."""
    shown = _LINK.sub(_with_address, html)
    found = [
        ("dear" if "dear" in one[2] else one[1], _plain(one[3])) for one in _BLOCKS.finditer(shown)
    ]
    return found or [("p", _plain(shown))]


def changes(old: str, new: str) -> SafeString:
    """The newer text as HTML, with `<del>` for what went and `<ins>` for what came."""
    before, after = paragraphs(old), paragraphs(new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    made = [html for tag, a, b, c, d in steps for html in _block(tag, before[a:b], after[c:d])]
    return mark_safe("\n".join(made))  # noqa: S308  each word is escaped below


def _block(tag: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    if tag == "equal":
        yield from (f"<p>{escape(text)}</p>" for text in new)
        return
    for number in range(max(len(old), len(new))):
        was = old[number] if number < len(old) else ""
        now = new[number] if number < len(new) else ""
        yield f"<p>{_words(was, now)}</p>"


def _words(old: str, new: str) -> str:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _AKIN:
        return _marked("del", old) + (" " if old and new else "") + _marked("ins", new)
    parts = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            parts.append(escape("".join(after[c:d])))
        else:
            parts += [_marked("del", "".join(before[a:b])), _marked("ins", "".join(after[c:d]))]
    return "".join(parts)


def _marked(element: str, text: str) -> str:
    return f"<{element}>{escape(text)}</{element}>" if text else ""


def _with_address(found: re.Match[str]) -> str:
    return f"{found[2]} ({found[1]})"


def _plain(html: str) -> str:
    return unescape(_TAG.sub("", _BREAK.sub("\n", html))).strip()
