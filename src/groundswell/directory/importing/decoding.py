"""From a file's bytes to text and table: whatever a spreadsheet of the last thirty years saved."""

import codecs
import csv
import io
from collections.abc import Collection, Iterator
from typing import Final

from groundswell.base.errors import Trouble

DELIMITERS: Final = (",", ";", "\t", "|")
MOST_BYTES: Final = 20 * 1024 * 1024
MOST_ROWS: Final = 100_000
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text(data: bytes) -> tuple[str, str]:
    """The text and the encoding it was found to have. Raises Trouble."""
    if len(data) > MOST_BYTES:
        raise Trouble(
            f"the file is larger than {MOST_BYTES >> 20} MB: split it, or leave columns out"
        )
    if not data.strip():
        raise Trouble("the file is empty")
    encoding = _encoding(data)
    try:
        found = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Trouble("the file's letters cannot be read: save it as CSV UTF-8") from error
    if "\0" in found:
        raise Trouble("this is no text file (it holds NUL bytes): save it as CSV UTF-8")
    return found, encoding


def _encoding(data: bytes) -> str:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    start = data[:400]
    if start[1::2].count(0) > len(start) // 4:
        return "utf-16-le"
    if start[::2].count(0) > len(start) // 4:
        return "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def delimiter(content: str, known: Collection[str]) -> tuple[str, str]:
    """The rows' delimiter and the text without a `sep=` line, which some spreadsheets put first."""
    first = next(iter(content.splitlines()), "")
    rest = content[len(first) :].lstrip("\r\n")
    if first.lower().startswith("sep=") and first.strip()[4:] in DELIMITERS:
        return first.strip()[4:], rest

    def fits(mark: str) -> int:
        cells = (cell.strip().strip('"') for cell in first.split(mark))
        return sum(1 for cell in cells if cell.strip().casefold().replace(" ", "_") in known)

    return max(DELIMITERS, key=lambda mark: (fits(mark), first.count(mark))), content


def rows(content: str, mark: str) -> Iterator[tuple[int, list[str], str]]:
    """(row as a spreadsheet counts, cells, what is wrong with it or ""). Raises Trouble."""
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=mark, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            unclosed = "unexpected end" in str(error)
            yield number, [], "a quotation mark is never closed" if unclosed else f"{error}"
            if unclosed:
                return
            continue
        if number > MOST_ROWS:
            raise Trouble(f"the file has more than {MOST_ROWS:,} rows: split it")
        if any(cell.strip() for cell in cells):
            yield number, cells, ""


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def table(heading: Collection[str], lines: Iterator[tuple[str, ...]]) -> str:
    """A CSV text whose cells are harmless."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in heading])
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return out.getvalue()
