"""What all loaders of American data share: the states, their divisions, how numbers are written."""

from datetime import date
from functools import cache
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat, timezone

COUNTRY: Final = "ocd-division/country:us"
# The 119th Congress ends at noon of 2027-01-03.
CONGRESS_ENDS: Final = date(2027, 1, 3)
LAST_DAY: Final = date(2027, 1, 2)
# States that drew new districts for the election of November 2026.
REDRAWN: Final = frozenset({"ca", "tx", "mo", "nc", "oh", "ut", "fl", "al", "la", "tn"})


_ZONES: Final = ("America/", "Pacific/")


class State(NamedTuple):
    """`part`: state, district or territory. `seats`: in the House. `classes`: of its senators."""

    code: str
    name: str
    seats: int
    classes: str = ""
    part: str = "state"

    @property
    def division(self) -> str:
        return f"{COUNTRY}/{self.part}:{self.code}"


STATES: Final = {
    state.code: state
    for state in (
        State("al", "Alabama", 7, "23"),
        State("ak", "Alaska", 1, "23"),
        State("az", "Arizona", 9, "13"),
        State("ar", "Arkansas", 4, "23"),
        State("ca", "California", 52, "13"),
        State("co", "Colorado", 8, "23"),
        State("ct", "Connecticut", 5, "13"),
        State("de", "Delaware", 1, "12"),
        State("fl", "Florida", 28, "13"),
        State("ga", "Georgia", 14, "23"),
        State("hi", "Hawaii", 2, "13"),
        State("id", "Idaho", 2, "23"),
        State("il", "Illinois", 17, "23"),
        State("in", "Indiana", 9, "13"),
        State("ia", "Iowa", 4, "23"),
        State("ks", "Kansas", 4, "23"),
        State("ky", "Kentucky", 6, "23"),
        State("la", "Louisiana", 6, "23"),
        State("me", "Maine", 2, "12"),
        State("md", "Maryland", 8, "13"),
        State("ma", "Massachusetts", 9, "12"),
        State("mi", "Michigan", 13, "12"),
        State("mn", "Minnesota", 8, "12"),
        State("ms", "Mississippi", 4, "12"),
        State("mo", "Missouri", 8, "13"),
        State("mt", "Montana", 2, "12"),
        State("ne", "Nebraska", 3, "12"),
        State("nv", "Nevada", 4, "13"),
        State("nh", "New Hampshire", 2, "23"),
        State("nj", "New Jersey", 12, "12"),
        State("nm", "New Mexico", 3, "12"),
        State("ny", "New York", 26, "13"),
        State("nc", "North Carolina", 14, "23"),
        State("nd", "North Dakota", 1, "13"),
        State("oh", "Ohio", 15, "13"),
        State("ok", "Oklahoma", 5, "23"),
        State("or", "Oregon", 6, "23"),
        State("pa", "Pennsylvania", 17, "13"),
        State("ri", "Rhode Island", 2, "12"),
        State("sc", "South Carolina", 7, "23"),
        State("sd", "South Dakota", 1, "23"),
        State("tn", "Tennessee", 9, "12"),
        State("tx", "Texas", 38, "12"),
        State("ut", "Utah", 4, "13"),
        State("vt", "Vermont", 1, "13"),
        State("va", "Virginia", 11, "12"),
        State("wa", "Washington", 10, "13"),
        State("wv", "West Virginia", 2, "12"),
        State("wi", "Wisconsin", 8, "13"),
        State("wy", "Wyoming", 1, "12"),
        State("dc", "District of Columbia", 1, part="district"),
        State("as", "American Samoa", 1, part="territory"),
        State("gu", "Guam", 1, part="territory"),
        State("mp", "Northern Mariana Islands", 1, part="territory"),
        State("pr", "Puerto Rico", 1, part="territory"),
        State("vi", "U.S. Virgin Islands", 1, part="territory"),
    )
}


def district(state: State, number: int) -> str:
    """The division of a House seat: the state itself where there is but one."""
    return state.division if state.seats == 1 else f"{state.division}/cd:{number}"


def district_name(state: State, number: int) -> str:
    if state.seats == 1:
        return state.name
    return f"{state.name}’s {ordinal(number)} congressional district"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th…"""
    if 11 <= number % 100 <= 13:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def phone(text: str) -> str:
    """A number as dialled from abroad; empty when it is none."""
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def zone(number: str) -> str:
    """The time zone of a number's area code, if there is but one."""
    return _zone(number[:6]) if number.startswith("+1 ") else ""


@cache
def _zone(start: str) -> str:
    zones = timezone.time_zones_for_number(phonenumbers.parse(f"{start}-555-0100"))
    return zones[0] if len(zones) == 1 and zones[0].startswith(_ZONES) else ""


def party(name: str) -> str:
    """One name for one party, whichever list it is from."""
    return {"Democrat": "Democratic"}.get(name, name)
