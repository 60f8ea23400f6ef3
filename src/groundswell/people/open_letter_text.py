"""An open letter in plain words, as mail and paper carry it."""

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Final

from django.utils.translation import gettext as _

from groundswell.campaigns import letter_texts
from groundswell.campaigns.letter_texts import Signed, Standings
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


def people(signers: Sequence[FirstView], stands: Standings) -> str:
    """The first signatories, one on each line, under the names of their groups; who signed another
    text than the one above them says so.
    """
    parts, group = [], ""
    for one in grouped(signers):
        if one.group != group:
            group = one.group
            parts.append(f"\n{group}" if group else "")
        parts.append(f"– {line(one)}{_other(one, stands)}")
    return "\n".join(parts).strip()


def grouped(signers: Sequence[FirstView]) -> list[FirstView]:
    """The same people with each group together, in the order of their first member; those in none
    come first, or they would stand below a heading that is not theirs.
    """
    order = {"": None} | {one.group: None for one in signers}
    return [one for group in order for one in signers if one.group == group]


def counted(stands: Standings, signed: Mapping[Signed, int]) -> str:
    """How many signed which text; empty if all of them signed the one that stands there."""
    told = letter_texts.tell(stands, signed)
    if not told["corrected"] and not told["earlier"]:
        return ""
    parts = [f"{_('signed this text')}: {told['this']}"]
    if told["corrected"]:
        parts.append(f"{_('signed it before a slip was corrected')}: {told['corrected']}")
    parts.append(f"{_('signed an earlier version')}: {told['earlier']}")
    return " · ".join(parts)


def _other(one: FirstView, stands: Standings) -> str:
    if stands.get((one.language, one.revision), "earlier") != "earlier":
        return ""
    return f" ({_('signed version %(n)s') % {'n': one.revision}})"


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
