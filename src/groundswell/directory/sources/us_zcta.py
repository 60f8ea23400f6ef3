"""ZIP codes and the districts of Congress they lie in, by the Census Bureau's relationship file.

It has the land of each part, so the likeliest district comes first, and slivers of less than half
a hundredth, which are mostly drawing errors along a road, are left out.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import msgspec

from groundswell.base import clock
from groundswell.directory.fetching.connection import FetchFailed
from groundswell.directory.records import Batch, CrossingRecord
from groundswell.directory.sources import us
from groundswell.directory.sources.asking import Asking, Fetched, Refresh
from groundswell.directory.sources.us_zip import postcodes

SLIVER: Final = 0.005
# The Census Bureau numbers the states by the alphabet, with gaps; the place is the number.
_NUMBERED: Final = (
    "-- al ak -- az ar ca -- co ct de dc fl ga -- hi id il in ia ks ky la me md ma mi mn ms mo "
    "mt ne nv nh nj nm ny nc nd oh ok or pa -- ri sc sd tn tx ut vt va -- wa wv wi wy"
)
_FIPS: Final = {
    **{f"{number:02}": code for number, code in enumerate(_NUMBERED.split())},
    "60": "as",
    "66": "gu",
    "69": "mp",
    "72": "pr",
    "78": "vi",
}
_WHOLE: Final = ("00", "98")  # the only seat of a state, a delegate's
_NOWHERE: Final = "ZZ"  # water that belongs to no district


class _Congress(msgspec.Struct, frozen=True):
    number: int
    ends: date


class _Part(msgspec.Struct, frozen=True):
    """The part of a ZIP code's land that lies in a district."""

    division: str
    land: int
    whole: int

    @property
    def share(self) -> float:
        return self.land / self.whole if self.whole else 0.0


def fetch(ask: Asking) -> Fetched:
    """Every ZIP code tabulation area; it holds until the next Congress sits, and no day longer."""
    congress = _congress(clock.now().date())
    path = f"/tab20_cd{congress.number}20_zcta520_natl.txt"
    parts: dict[str, list[_Part]] = {}
    for postcode, part in _rows(ask.text(path), congress):
        parts.setdefault(postcode, []).append(part)
    last = congress.ends - timedelta(days=1)
    batch = Batch(as_of=clock.now().date(), due_on=congress.ends)
    for number, (postcode, some) in enumerate(sorted(parts.items()), 1):
        batch.crossings.append(
            CrossingRecord(
                key=f"us/{postcode}", country="us", postcode=postcode, divisions=_likeliest(some),
                valid_to=last,
            )
        )  # fmt: skip
        if number % 1000 == 0:
            ask.watch(number, len(parts))
    return Fetched(batch=batch)


def _congress(today: date) -> _Congress:
    """The one that sits on a day: each for two years, from the third of January."""
    year = today.year if (today.month, today.day) >= (1, 3) else today.year - 1
    number = 119 + (year - 2025) // 2
    return _Congress(number, date(2025 + 2 * (number - 118), 1, 3))


def _rows(text: bytes, congress: _Congress) -> Iterator[tuple[str, _Part]]:
    try:
        lines = text.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise FetchFailed("the relationship file is no text") from error
    cd = f"GEOID_CD{congress.number}_20"
    wanted = (cd, "GEOID_ZCTA5_20", "AREALAND_ZCTA5_20", "AREALAND_PART")
    header = lines[0].split("|") if lines else []
    if not set(wanted) <= set(header):
        raise FetchFailed(f"the relationship file has no columns {', '.join(wanted)}")
    places = [header.index(name) for name in wanted]
    for number, row in enumerate(lines[1:], 2):
        cells = row.split("|")
        if len(cells) != len(header):
            raise FetchFailed(f"line {number} of the relationship file is broken off")
        geoid, postcode, whole, land = (cells[place] for place in places)
        if not postcode or geoid.endswith(_NOWHERE):
            continue
        if not (postcode.isdigit() and len(postcode) == 5 and whole.isdigit() and land.isdigit()):
            raise FetchFailed(f"line {number} of the relationship file cannot be read")
        yield postcode, _Part(_division(geoid, number), int(land), int(whole))


def _division(geoid: str, number: int) -> str:
    state = us.STATES.get(_FIPS.get(geoid[:2], ""))
    district = geoid[2:]
    if state and district in _WHOLE:
        return us.district(state, 0) if state.seats == 1 else state.division
    if state and district.isdigit() and 1 <= int(district) <= state.seats:
        return us.district(state, int(district))
    raise FetchFailed(f"line {number} of the relationship file names no district: {geoid[:20]!r}")


def _likeliest(parts: list[_Part]) -> tuple[tuple[str, float | None], ...]:
    """The districts, the largest part first; slivers are left out, but never all."""
    ordered = sorted(parts, key=lambda part: (-part.share, part.division))
    kept = [part for part in ordered if part.share >= SLIVER] or ordered
    return tuple((part.division, round(part.share, 3)) for part in kept)


SOURCE: Final = Refresh(
    info=msgspec.structs.replace(
        postcodes.INFO,
        name="ZIP code tabulation areas by congressional district (Census relationship file)",
        url="https://www.census.gov/geographies/reference-files/time-series/geo/"
        "relationship-files.2020.html",
    ),
    fetch=fetch,
    base="https://www2.census.gov/geo/docs/maps-data/data/rel2020/cd-sld",
    least=30_000,
)
