"""Addresses in lines, in the order the country's post wants."""

import re
from typing import Final

from groundswell.base.letter import Letter

MOST_LINES: Final = 9
_COUNTRY: Final = re.compile(r"([a-z]{2})/")
_WASHINGTON: Final = re.compile(
    r",?\s+(Washington,?\s+D\.?C\.?,?\s+\d{5}(?:-\d{4})?)$", re.IGNORECASE
)
# How a place is written; every other country puts the postcode before it.
_PLACE: Final = {
    "us": "{city}, {region} {postcode}",
    "ca": "{city} {region}  {postcode}",
    "au": "{city} {region} {postcode}",
    "gb": "{city}\n{postcode}",
    "ie": "{city}\n{postcode}",
    "in": "{city} {postcode}\n{region}",
    "br": "{city} {region}\n{postcode}",
    "am": "{city} {postcode}",
    "vn": "{city} {postcode}",
}
# The largest first, down to the street, as their own people write it in their own script.
_LARGEST_FIRST: Final = frozenset({"jp", "cn", "tw", "kr", "hk"})


def country_of(letter: Letter) -> str:
    """The country the letter goes to, in two small letters; the sender's if nothing says more."""
    found = _COUNTRY.match(letter.target)
    return found[1] if found else letter.country.lower()


def sender(letter: Letter) -> list[str]:
    """The sender's name and address; the e-mail address only if the office may answer to it."""
    country = letter.country.lower()
    place = _PLACE.get(country, "{postcode} {city}").format(
        city=letter.city, region=letter.region, postcode=letter.postcode
    )
    parts = [letter.street, *place.split("\n")]
    if country in _LARGEST_FIRST and not f"{letter.street}{letter.city}".isascii():
        parts = [letter.postcode, f"{letter.region}{letter.city}", letter.street]
    lines = [letter.sender_name, *parts, letter.email if letter.reply_to else ""]
    return _tidy(lines)


def place(letter: Letter) -> str:
    """The sender's place and nothing more exact, for lists."""
    country = letter.country.upper()
    return ", ".join(part for part in (letter.city, letter.region, country) if part)


def recipient(letter: Letter) -> list[str]:
    """The decision maker's name, role and official postal address."""
    post = letter.post.strip()
    if "\n" not in post:
        post = _WASHINGTON.sub(r"\n\1", post)
    if "\n" not in post:
        post = post.replace(";", "\n") if ";" in post else post.replace(", ", "\n")
    above = [letter.target_name, letter.role, letter.organization]
    return _tidy([*dict.fromkeys(above), *post.split("\n")])[:MOST_LINES]


def _tidy(lines: list[str]) -> list[str]:
    tidy = (" ".join(line.split()).strip(" ,") for line in lines)
    return [line for line in tidy if line]
