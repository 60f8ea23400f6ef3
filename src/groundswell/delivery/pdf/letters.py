"""Letters for the post, ready to be folded into a window envelope."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from groundswell.base import clock, env
from groundswell.base.letter import Letter
from groundswell.delivery import closing
from groundswell.delivery.pdf import address, drawing

# Countries whose offices and printers use Letter paper, and the #10 envelope.
US_PAPER: Final = frozenset({"us", "pr", "gu", "vi", "as", "mp", "ca", "mx", "ph"})
RTL: Final = frozenset({"ar", "he", "fa", "ur", "ps", "ckb", "yi", "dv", "ug", "sd", "ks"})


def letter_pdf(letter: Letter, *, on: date | None = None) -> bytes:
    """One letter as a PDF: on one page where it fits, addressed for a window envelope.

    Dated `on`, or today. Raises `drawing.CannotDraw` where no font here has its script.
    """
    return drawing.pdf("letters", sheets([letter], on=on))


def letter_png(letter: Letter, *, on: date | None = None, ppi: float = 96) -> list[bytes]:
    """The same as pictures, a page each."""
    return drawing.pngs("letters", sheets([letter], on=on), ppi=ppi)


def paper(letter: Letter) -> str:
    """The paper a letter is for."""
    return "us-letter" if address.country_of(letter) in US_PAPER else "a4"


def sheets(letters: Sequence[Letter], *, on: date | None = None, title: str = "") -> dict[str, Any]:
    """The data of sheets/letters.typ: letters in their own languages, all on the first one's paper.

    There is at least one.
    """
    first = letters[0]
    day = on or clock.now().astimezone(ZoneInfo(env.load().time_zone)).date()
    return {
        "title": title or _clean(first.subject) or first.target_name,
        "lang": language_of(first),
        "paper": paper(first),
        "letters": [_sheet(letter, day) for letter in letters],
    }


def language_of(letter: Letter) -> str:
    """The letter's language without its country, as screen readers want it."""
    return letter.language.split("-")[0] or "en"


def part(lines: Sequence[str], language: str = "") -> dict[str, Any]:
    """Lines and the direction they are read in: their first letter's, or else the language's."""
    kept = [_clean(line) for line in lines]
    return {"lines": kept, "rtl": _is_rtl(" ".join(kept), language)}


def long_date(day: date, language: str) -> str:
    """The day as it is written out in that language."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return format_date(day, "long", locale=locale)


def _sheet(letter: Letter, day: date) -> dict[str, Any]:
    body, _repeated = closing.split(letter)
    sender = address.sender(letter)
    language = letter.language
    return {
        "lang": language_of(letter),
        "fonts": drawing.families(language.lower()),
        "sender": part(sender, language),
        "back": part([" · ".join(line for line in sender if "@" not in line)], language),
        "recipient": part(address.recipient(letter), language),
        "date": part([long_date(day, language)], language),
        "subject": part([letter.subject], language),
        "paragraphs": [part(lines, language) for lines in _paragraphs(body)],
        "signature": part([letter.sender_name], language),
    }


def _paragraphs(body: str) -> list[list[str]]:
    """Lines between empty lines; a text of spaces only is one empty paragraph."""
    found: list[list[str]] = [[]]
    for line in body.splitlines():
        if line.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [lines for lines in found if lines] or [[""]]


def _clean(text: str) -> str:
    """Without what has no shape on paper: control characters; joiners and marks stay."""
    return "".join(one for one in text if unicodedata.category(one) != "Cc" or one == "\t")


def _is_rtl(text: str, language: str) -> bool:
    for one in text:
        way = unicodedata.bidirectional(one)
        if way in {"L", "R", "AL"}:
            return way != "L"
    return language.split("-", maxsplit=1)[0] in RTL
