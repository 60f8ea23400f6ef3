"""The pack that is handed over in person: a cover with the totals, all letters, and the list.

Written part by part, so that ten thousand letters need no more memory than a few hundred.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale, UnknownLocaleError
from babel.dates import format_time
from babel.numbers import format_decimal
from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.base import env
from groundswell.base.cells import escape
from groundswell.base.letter import Letter
from groundswell.delivery.channels.print.agreed import Agreed, only
from groundswell.delivery.pdf import address, drawing, letters

PART: Final = 200
ROWS: Final = 1000
# How often a list is drawn anew without what turned out to have no font.
TRIES: Final = 8
BOM: Final = "\ufeff"
Row = tuple[str, ...]


class Total(msgspec.Struct, frozen=True):
    """One number of the cover, and in words how it was counted."""

    number: int
    label: str
    how: str = ""


class Cover(msgspec.Struct, frozen=True, kw_only=True):
    """What the first sheet says. The totals are the caller's, as they were at `as_of`.

    `to` are lines: whom it is handed to. `counted` says who can check the numbers, and how.
    `columns` are the heads of the list where it is not one of letters.
    """

    title: str
    to: tuple[str, ...]
    totals: tuple[Total, ...]
    as_of: datetime
    counted: str = ""
    campaign: str = ""
    organisation: str = ""
    language: str = "en"
    us_paper: bool = False
    columns: tuple[str, ...] = ()


def write(
    folder: Path,
    cover: Cover,
    of: Iterator[Letter],
    *,
    agreed: Callable[[Letter], Agreed],
) -> list[Path]:
    """Write the pack into the folder and return its files, in the order they are bound.

    `agreed` says what each sender lets be handed over; the rest is in no file. Letters that no font
    here can draw come as text, in a file of their own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with closing(_Pack(folder, cover)) as pack:
        number = 0
        for part in iter(lambda: list(islice(of, PART)), []):
            pack.add(allowed(part, agreed, language=cover.language), first=number + 1)
            number += len(part)
            drawing.forget()
        return pack.finish(number)


def allowed(
    part: Sequence[Letter], agreed: Callable[[Letter], Agreed], *, language: str
) -> list[Letter]:
    """The letters with what their senders agreed to; the rest is in nothing made of them."""
    with translation.override(language):
        withheld = _("Name withheld at the sender’s wish")
    return [only(one, agreed(one), withheld=withheld) for one in part]


def cover_pdf(cover: Cover, number: int | None = None) -> bytes:
    """The first sheet; `number` is how many letters are in the pack, where that is known by now."""
    with translation.override(cover.language):
        return drawing.pdf("pack", _cover(cover, number))


def letters_pdf(cover: Cover, part: Sequence[Letter]) -> bytes:
    """These letters, at least one, bound as one PDF. Raises CannotDraw if one has no font here."""
    day = cover.as_of.astimezone(ZoneInfo(env.load().time_zone)).date()
    return drawing.pdf("letters", letters.sheets(part, on=day, title=cover.title))


def list_pdf(cover: Cover, rows: Sequence[Row]) -> bytes:
    """These rows of the list as a PDF. A row that no font here can draw says where to find it."""
    with translation.override(cover.language):
        for _try in range(TRIES):
            try:
                return drawing.pdf("pack", _list(cover, rows))
            except drawing.CannotDraw as error:
                rows = _aside(rows, {one for one in error.text if not one.isascii()})
        return drawing.pdf("pack", _list(cover, _aside(rows, None)))


def has_fonts(letter: Letter) -> bool:
    """Whether the fonts of this machine can draw this letter."""
    try:
        letters.letter_pdf(letter)
    except drawing.CannotDraw:
        return False
    return True


def as_text(number: int, letter: Letter) -> str:
    """A letter for the file of those that no font here can draw."""
    return f"{number}\n{letter.subject}\n\n{letter.body}\n\n{letter.sender_name}\n\n\n"


def columns(language: str) -> Row:
    """The list's heads, one for each cell of `row`."""
    with translation.override(language):
        return (_("No."), _("Name"), _("Place"), _("Subject"))


def row(number: int, letter: Letter) -> Row:
    """A letter's row in the list. Escape its cells where a spreadsheet opens them."""
    return (str(number), letter.sender_name, address.place(letter), letter.subject)


class _Pack:
    """A pack while it is written."""

    def __init__(self, folder: Path, cover: Cover) -> None:
        self._folder = folder
        self._cover = cover
        self._letters: list[Path] = []
        self._lists: list[Path] = []
        self._rows: list[Row] = []
        self._undrawn = folder / "letters-as-text.txt"
        self._undrawn.unlink(missing_ok=True)
        self._file = (folder / "list.csv").open("w", encoding="utf-8", newline="")
        self._csv = csv.writer(self._file, quoting=csv.QUOTE_ALL)
        self._file.write(BOM)
        self._csv.writerow(columns(cover.language))

    def add(self, part: Sequence[Letter], *, first: int) -> None:
        """The next letters, the first of which has this number."""
        self._draw(part, first)
        for number, letter in enumerate(part, first):
            cells = row(number, letter)
            self._csv.writerow([escape(cell) for cell in cells])
            self._rows.append(cells)
        while len(self._rows) >= ROWS:
            self._list(ROWS)

    def close(self) -> None:
        """Let go of the file that is open, however the pack has ended."""
        self._file.close()

    def finish(self, number: int) -> list[Path]:
        """Write what comes last: the end of the list and, for it has the number, the cover."""
        if self._rows:
            self._list(len(self._rows))
        cover = self._folder / "cover.pdf"
        cover.write_bytes(cover_pdf(self._cover, number))
        undrawn = [self._undrawn] if self._undrawn.exists() else []
        return [cover, *self._letters, *undrawn, *self._lists, self._folder / "list.csv"]

    def _draw(self, part: Sequence[Letter], first: int) -> None:
        """Draw a part; letters that no font here has the signs for are written as text."""
        try:
            self._bind(part)
        except drawing.CannotDraw:
            drawn = [has_fonts(one) for one in part]
        else:
            return
        if any(drawn):
            self._bind([one for one, good in zip(part, drawn, strict=True) if good])
        with self._undrawn.open("a", encoding="utf-8") as file:
            for number, one in enumerate(part, first):
                if not drawn[number - first]:
                    file.write(as_text(number, one))

    def _bind(self, part: Sequence[Letter]) -> None:
        path = self._folder / f"letters-{len(self._letters) + 1:03}.pdf"
        path.write_bytes(letters_pdf(self._cover, part))
        self._letters.append(path)

    def _list(self, number: int) -> None:
        rows, self._rows = self._rows[:number], self._rows[number:]
        path = self._folder / f"list-{len(self._lists) + 1:03}.pdf"
        path.write_bytes(list_pdf(self._cover, rows))
        self._lists.append(path)


def _aside(rows: Sequence[Row], signs: set[str] | None) -> list[Row]:
    """The rows, but only the numbers of those with one of these signs, or with any but ASCII."""
    where = _("See the CSV file")
    return [one if _is_fine("".join(one), signs) else (one[0], where, "", "") for one in rows]


def _is_fine(text: str, signs: set[str] | None) -> bool:
    return text.isascii() if signs is None else signs.isdisjoint(text)


def _cover(cover: Cover, number: int | None) -> dict[str, Any]:
    language = cover.language
    local = cover.as_of.astimezone(ZoneInfo(env.load().time_zone))
    time = format_time(local, "short", locale=_locale(language))
    as_of = f"{letters.long_date(local.date(), language)}, {time} {local.tzname()}"
    totals = [
        {"number": _number(one.number, language), "label": one.label, "how": one.how}
        for one in cover.totals
    ]
    counted = [_("As of %(time)s.") % {"time": as_of}, cover.counted]
    if number is not None:
        inside = _("Letters in this pack: %(number)s.") % {"number": _number(number, language)}
        counted.insert(1, inside)
    return _sheet(cover, cover.title) | {
        "what": "cover",
        "campaign": letters.part([cover.campaign], language),
        "to": letters.part(cover.to, language),
        "totals": totals,
        "counted": letters.part([line for line in counted if line], language),
        "by": letters.part([cover.organisation], language),
    }


def _list(cover: Cover, rows: Sequence[Row]) -> dict[str, Any]:
    heads = cover.columns or columns(cover.language)
    return _sheet(cover, cover.title) | {"what": "list", "columns": heads, "rows": rows}


def _sheet(cover: Cover, title: str) -> dict[str, Any]:
    return {
        "title": letters.part([title], cover.language),
        "lang": cover.language.split("-", maxsplit=1)[0],
        "fonts": drawing.families(cover.language.lower()),
        "paper": "us-letter" if cover.us_paper else "a4",
    }


def _number(number: int, language: str) -> str:
    return str(format_decimal(number, locale=_locale(language)))


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
