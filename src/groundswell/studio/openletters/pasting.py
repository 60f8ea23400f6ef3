"""People pasted from a spreadsheet, or from a CSV file of whatever habit."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Final

from django.utils.translation import gettext as _

from groundswell.people.open_letter_firsts import Entry

COLUMNS: Final = ("name", "role", "affiliation", "group", "email")
MOST_LINES: Final = 1000
LONGEST: Final = {"name": 200, "role": 200, "affiliation": 200, "group": 120, "email": 254}
# What the columns are called where people write them.
_ALSO: Final = {
    "organisation": "affiliation",
    "organization": "affiliation",
    "profession": "role",
    "e-mail": "email",
    "mail": "email",
}


class BadLine(Exception):
    """A line cannot be read. Says which, and why."""

    def __init__(self, number: int, why: str) -> None:
        self.number = number
        self.why = why
        super().__init__(f"{number}: {why}")


def decode(data: bytes) -> str:
    """A file's text: UTF-8, or what spreadsheets on older machines write."""
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        if encoding == "utf-16" and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def read(text: str) -> list[tuple[int, Entry]]:
    """The people in a text, each with the number of their line. Raises BadLine."""
    lines = text.replace("\x00", "").lstrip("\ufeff")
    rows = csv.reader(StringIO(lines, newline=""), delimiter=_between(lines))
    found: list[tuple[int, Entry]] = []
    columns: Sequence[str] = COLUMNS
    try:
        for number, cells in enumerate(rows, 1):
            said = [" ".join(cell.split()) for cell in cells]
            if not any(said):
                continue
            if not found and columns is COLUMNS and (heads := _heads(said)):
                columns = heads
                continue
            found.append((number, _entry(number, said, columns)))
    except csv.Error as error:
        raise BadLine(rows.line_num, _("this cannot be read as a table.")) from error
    if len(found) > MOST_LINES:
        raise BadLine(MOST_LINES + 1, _("that is more than fits into one letter."))
    return found


def _between(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max("\t;,", key=lambda sign: (first.count(sign), sign == ","))


def _heads(cells: Sequence[str]) -> list[str] | None:
    names = [_ALSO.get(cell.lower(), cell.lower()) for cell in cells]
    if "name" not in names or any(name and name not in COLUMNS for name in names):
        return None
    return names


def _entry(number: int, cells: Sequence[str], columns: Sequence[str]) -> Entry:
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        raise BadLine(number, _("it has more columns than there are."))
    said = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    if not said.get("name"):
        raise BadLine(number, _("the name is missing."))
    for name, cell in said.items():
        if len(cell) > LONGEST[name]:
            raise BadLine(number, _("“%(text)s…” is too long.") % {"text": cell[:40]})
    return Entry(**said)
