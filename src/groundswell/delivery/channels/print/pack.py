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
    with translation.override(cover.language), closing(_Pack(folder, cover)) as pack:
        number = 0
        for part in iter(lambda: list(islice(of, PART)), []):
            pack.add([_allowed(one, agreed(one)) for one in part], first=number + 1)
            number += len(part)
            drawing.forget()
        return pack.finish(number)


def _allowed(letter: Letter, agreed: Agreed) -> Letter:
    return only(letter, agreed, withheld=_("Name withheld at the sender’s wish"))


class _Pack:
    """A pack while it is written."""

    def __init__(self, folder: Path, cover: Cover) -> None:
        self._folder = folder
        self._cover = cover
        self._letters: list[Path] = []
        self._lists: list[Path] = []
        self._rows: list[Row] = []
        self._columns = (_("No."), _("Name"), _("Place"), _("Subject"))
        self._undrawn = folder / "letters-as-text.txt"
        self._undrawn.unlink(missing_ok=True)
        self._file = (folder / "list.csv").open("w", encoding="utf-8", newline="")
        self._csv = csv.writer(self._file, quoting=csv.QUOTE_ALL)
        self._file.write(BOM)
        self._csv.writerow(self._columns)

    def add(self, part: Sequence[Letter], *, first: int) -> None:
        """The next letters, the first of which has this number."""
        undrawn = self._draw(part, first)
        for number, letter in enumerate(part, first):
            place = address.place(letter)
            row = (str(number), letter.sender_name, place, letter.subject)
            self._csv.writerow([escape(cell) for cell in row])
            self._rows.append(
                (str(number), _("See list.csv"), "", "") if number in undrawn else row
            )
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
        cover.write_bytes(drawing.pdf("pack", _cover(self._cover, number)))
        undrawn = [self._undrawn] if self._undrawn.exists() else []
        return [cover, *self._letters, *undrawn, *self._lists, self._folder / "list.csv"]

    def _draw(self, part: Sequence[Letter], first: int) -> set[int]:
        """Draw a part and return the numbers of the letters that no font here has the signs for."""
        try:
            self._bind(part)
        except drawing.CannotDraw:
            undrawn = {number for number, one in enumerate(part, first) if not _has_fonts(one)}
        else:
            return set()
        good = [one for number, one in enumerate(part, first) if number not in undrawn]
        if good:
            self._bind(good)
        with self._undrawn.open("a", encoding="utf-8") as file:
            for number in sorted(undrawn):
                one = part[number - first]
                file.write(f"{number}\n{one.subject}\n\n{one.body}\n\n{one.sender_name}\n\n\n")
        return undrawn

    def _bind(self, part: Sequence[Letter]) -> None:
        day = self._cover.as_of.astimezone(ZoneInfo(env.load().time_zone)).date()
        drawn = drawing.pdf("letters", letters.sheets(part, on=day, title=self._cover.title))
        path = self._folder / f"letters-{len(self._letters) + 1:03}.pdf"
        path.write_bytes(drawn)
        self._letters.append(path)

    def _list(self, number: int) -> None:
        rows, self._rows = self._rows[:number], self._rows[number:]
        path = self._folder / f"list-{len(self._lists) + 1:03}.pdf"
        path.write_bytes(drawing.pdf("pack", _list(self._cover, self._columns, rows)))
        self._lists.append(path)


def _has_fonts(letter: Letter) -> bool:
    try:
        letters.letter_pdf(letter)
    except drawing.CannotDraw:
        return False
    return True


def _cover(cover: Cover, number: int) -> dict[str, Any]:
    language = cover.language
    local = cover.as_of.astimezone(ZoneInfo(env.load().time_zone))
    time = format_time(local, "short", locale=_locale(language))
    as_of = f"{letters.long_date(local.date(), language)}, {time} {local.tzname()}"
    totals = [
        {"number": _number(one.number, language), "label": one.label, "how": one.how}
        for one in cover.totals
    ]
    counted = [
        _("As of %(time)s.") % {"time": as_of},
        _("Letters in this pack: %(number)s.") % {"number": _number(number, language)},
        cover.counted,
    ]
    return _sheet(cover, cover.title) | {
        "what": "cover",
        "campaign": letters.part([cover.campaign], language),
        "to": letters.part(cover.to, language),
        "totals": totals,
        "counted": letters.part([line for line in counted if line], language),
        "by": letters.part([cover.organisation], language),
    }


def _list(cover: Cover, columns: Row, rows: Sequence[Row]) -> dict[str, Any]:
    return _sheet(cover, cover.title) | {"what": "list", "columns": columns, "rows": rows}


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
