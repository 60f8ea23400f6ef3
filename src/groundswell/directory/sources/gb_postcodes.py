"""British postcodes and the constituencies they lie in, from the ONS Postcode Directory.

It comes as one archive with a new address each quarter, so the operator names that. Its two and a
half million postcodes are put together by sector (all but the last two letters): most sectors lie
in one constituency, and for the others the supporter chooses, the likeliest first; none is left out
for being few, for these are homes and no slivers of land. Postcodes of
Northern Ireland are left out: their licence does not allow it.
"""

import csv
import io
import re
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import IO, Final

from groundswell.base import clock
from groundswell.directory.fetching.client import Limits
from groundswell.directory.fetching.connection import FetchFailed
from groundswell.directory.records import Batch, CrossingRecord, SourceInfo
from groundswell.directory.sources.asking import Asking, Doubt, Fetched, Refresh, line
from groundswell.directory.sources.gb_members import constituency

LIMITS: Final = Limits(size=600 << 20, quiet=60, total=3600)
MAX_UNPACKED: Final = 4 << 30
MAX_FILES: Final = 2_000
_POSTCODE: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9])[A-Z]{2}")
_CODE: Final = re.compile(r"pcon(\d\d)?(cd)?")
_NAMED: Final = re.compile(r"(PCON\d\d)(CD|NM)", re.IGNORECASE)
_NORTHERN_IRELAND: Final = "BT"
_TOLD_EVERY: Final = 100_000
_ROWS: Final = 2_700_000  # about
_RENEW: Final = timedelta(days=180)


def fetch(ask: Asking) -> Fetched:
    """Every sector with the constituencies its living postcodes lie in."""
    with tempfile.TemporaryFile() as file:
        ask.save("", file, limits=LIMITS)
        try:
            with zipfile.ZipFile(file) as archive:
                names = _names(archive)
                sectors = _sectors(ask, archive)
        except (zipfile.BadZipFile, csv.Error, UnicodeDecodeError, NotImplementedError) as error:
            raise FetchFailed(f"{ask.base} is no archive that can be read: {error}") from error
    today = clock.now().date()
    batch = Batch(as_of=today, due_on=today + _RENEW)
    divisions = {code: division for code, name in names.items() if (division := constituency(name))}
    for sector, found in sorted(sectors.items()):
        if all(code in divisions for code in found):
            batch.crossings.append(_crossing(sector, found, divisions))
    return Fetched(batch=batch, doubts=_doubts(sectors, names, divisions))


def _names(archive: zipfile.ZipFile) -> dict[str, str]:
    """The constituencies' names by their codes, from whichever list in the archive has both."""
    for info in _tables(archive, under="documents/"):
        with archive.open(info) as raw:
            rows = _rows(raw)
            header = next(rows, [])
            places = {match[2].upper(): at for at, cell in enumerate(header)
                      if (match := _NAMED.fullmatch(cell.strip()))}  # fmt: skip
            if {"CD", "NM"} <= places.keys():
                code, name = places["CD"], places["NM"]
                return {
                    row[code].strip(): line(row[name]) for row in rows if len(row) > max(code, name)
                }
    raise FetchFailed(
        "the archive has no list of constituencies: is it the ONS Postcode Directory?"
    )


def _sectors(ask: Asking, archive: zipfile.ZipFile) -> dict[str, Counter[str]]:
    """How many living postcodes of each sector lie in which constituency."""
    tables = _tables(archive, under="data/")
    if not tables:
        raise FetchFailed("the archive has no postcodes: is it the ONS Postcode Directory?")
    largest = max(tables, key=lambda info: info.file_size)
    sectors: dict[str, Counter[str]] = defaultdict(Counter)
    with archive.open(largest) as raw:
        rows = _rows(raw)
        postcode, code, ended = _columns(next(rows, []))
        for number, row in enumerate(rows, 1):
            if number % _TOLD_EVERY == 0:
                ask.watch(number, max(_ROWS, number))
            if len(row) <= max(postcode, code, ended):
                raise FetchFailed(f"line {number + 1} of {line(largest.filename)} is broken off")
            sector = _sector(row[postcode])
            if sector and not row[ended].strip() and row[code][:1] in {"E", "S", "W"}:
                sectors[sector][row[code].strip()] += 1
    return sectors


def _tables(archive: zipfile.ZipFile, *, under: str) -> list[zipfile.ZipInfo]:
    """The CSV files of a folder, split ones aside. Raises FetchFailed for one without bounds."""
    infos = archive.infolist()
    if len(infos) > MAX_FILES or sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise FetchFailed("the archive would unpack to more than we want")
    return [
        info
        for info in infos
        if under in f"/{info.filename.lower()}"
        and "multi_csv" not in info.filename.lower()
        and info.filename.lower().endswith(".csv")
    ]


def _rows(raw: IO[bytes]) -> Iterator[list[str]]:
    return csv.reader(io.TextIOWrapper(raw, "utf-8-sig", errors="strict", newline=""))


def _columns(header: list[str]) -> tuple[int, int, int]:
    cells = [cell.strip().lower() for cell in header]
    found = [at for at, cell in enumerate(cells) if _CODE.fullmatch(cell)]
    if "pcds" not in cells or "doterm" not in cells or not found:
        raise FetchFailed("the table of postcodes has no columns pcds, doterm and pcon")
    return cells.index("pcds"), found[-1], cells.index("doterm")


def _sector(postcode: str) -> str:
    match = _POSTCODE.fullmatch(postcode.strip())
    return match[1] + match[2] if match and not match[1].startswith(_NORTHERN_IRELAND) else ""


def _crossing(sector: str, found: Counter[str], divisions: Mapping[str, str]) -> CrossingRecord:
    whole = found.total()
    ordered = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return CrossingRecord(
        key=f"gb/{sector}", country="gb", postcode=sector,
        divisions=tuple((divisions[code], round(number / whole, 3)) for code, number in ordered),
    )  # fmt: skip


def _doubts(
    sectors: Mapping[str, Counter[str]], names: Mapping[str, str], divisions: Mapping[str, str]
) -> list[Doubt]:
    """Codes that are no constituency of 2024: every sector they touch stays unknown."""
    strange = {code for found in sectors.values() for code in found} - divisions.keys()
    return [
        Doubt(
            field="constituency",
            problem=f"{line(code)} ({names.get(code, 'without a name')}) is no constituency of "
            "2024: the sectors it touches are unknown",
            remedy="fetch the newest ONS Postcode Directory",
        )
        for code in sorted(strange)
    ]


SOURCE: Final = Refresh(
    info=SourceInfo(
        slug="gb_postcodes",
        name="ONS Postcode Directory, by sector",
        url="https://geoportal.statistics.gov.uk/",
        licence="Open Government Licence 3.0",
        attribution="Contains OS data © Crown copyright and database right, Royal Mail data © "
        "Royal Mail copyright and database right; source: Office for National Statistics licensed "
        "under the Open Government Licence v.3.0",
        country="gb",
    ),
    fetch=fetch,
    base="",
    least=8_000,
)
