"""An open letter in plain words, as mail and paper carry it."""

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

from groundswell.campaigns.signatories import FirstView

_BREAKS: Final = frozenset({"p", "h2", "h3", "ul", "ol"})


def plain(html: str) -> str:
    """A letter's cleaned HTML as paragraphs with an empty line between them."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


def line(person: FirstView) -> str:
    """A first signatory in one line: name, role, affiliation."""
    return ", ".join(part for part in (person.name, person.role, person.affiliation) if part)


def people(signers: Sequence[FirstView]) -> str:
    """The first signatories, one on each line, under the names of their groups."""
    parts, group = [], ""
    for one in grouped(signers):
        if one.group != group:
            group = one.group
            parts.append(f"\n{group}" if group else "")
        parts.append(f"– {line(one)}")
    return "\n".join(parts).strip()


def grouped(signers: Sequence[FirstView]) -> list[FirstView]:
    """The same people with each group together: groups come in the order of their first member."""
    order = {one.group: None for one in signers}
    return [one for group in order for one in signers if one.group == group]


class _Reader(HTMLParser):
    """Collects text; a link's address follows its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._link = ""
        self._number: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self._lines += ["", ""]
        if tag in {"ul", "ol"}:
            self._number.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._lines.append(self._mark())
        elif tag == "br":
            self._lines.append("")
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self._number:
            self._number.pop()
        if tag == "a" and self._link:
            if self._link not in self._lines[-1]:
                self._lines[-1] += f" ({self._link})"
            self._link = ""
        if tag in _BREAKS:
            self._lines += ["", ""]

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        before = " " if data[:1].isspace() and self._lines[-1][-1:].strip() else ""
        after = " " if words and data[-1:].isspace() else ""
        self._lines[-1] += before + words + after

    def text(self) -> str:
        """What was read, with one empty line at most between two others."""
        kept: list[str] = []
        for one in (text.strip() for text in self._lines):
            if one or (kept and kept[-1]):
                kept.append(one)
        return "\n".join(kept).strip()

    def _mark(self) -> str:
        if not self._number or self._number[-1] is None:
            return "– "
        self._number[-1] += 1
        return f"{self._number[-1]}. "
