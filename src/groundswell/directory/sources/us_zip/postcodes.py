"""ZIP code to district of the 119th Congress, from the Census Bureau's table."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from groundswell.directory.records import Batch, CrossingRecord, SourceInfo
from groundswell.directory.sources import packed, us

AS_OF: Final = date(2024, 11, 12)
INFO: Final = SourceInfo(
    slug="us_zip",
    name="ZIP code tabulation areas by congressional district (Census Bureau)",
    url="https://github.com/OpenSourceActivismTech/us-zipcodes-congress",
    licence="public domain (United States Government)",
    attribution="U.S. Census Bureau",
    country="us",
)
_HERE: Final = Path(__file__).parent


def batch() -> Batch:
    """What ships with Groundswell: it holds until the Congress of 2027 sits, and no day longer."""
    return Batch(
        as_of=AS_OF, due_on=us.CONGRESS_ENDS,
        crossings=list(crossings(packed.tsv(_HERE, "zip_cd119.tsv.gz"))),
    )  # fmt: skip


def crossings(rows: Iterable[list[str]]) -> Iterator[CrossingRecord]:
    """From rows of a ZIP code and its districts, "CA-11 CA-12"; 00 is a whole state."""
    for postcode, districts in rows:
        divisions = tuple((_division(one), None) for one in districts.split())
        yield CrossingRecord(
            key=f"us/{postcode}", country="us", postcode=postcode, divisions=divisions,
            valid_to=us.LAST_DAY,
        )  # fmt: skip


def _division(text: str) -> str:
    code, _, number = text.partition("-")
    return us.district(us.STATES[code.lower()], int(number))
