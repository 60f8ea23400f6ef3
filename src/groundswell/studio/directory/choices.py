"""What there is to choose from: kinds of office, countries, states, parties, committees."""

from typing import Final

from groundswell.directory import queries
from groundswell.studio.directory import words
from groundswell.studio.home import names

Choices = list[tuple[str, str]]
# A select of more countries' states than this helps nobody.
_COUNTRIES: Final = 3


def kinds() -> Choices:
    """The kinds of office there are, with how many hold one."""
    found = queries.options("kind")
    return [(one.value, f"{words.kind(one.value)} ({one.count})") for one in found]


def countries() -> Choices:
    """The countries there are decision makers of, by name."""
    found = [(one.value, names.country(one.value)) for one in queries.options("country")]
    return sorted(found, key=lambda one: one[1])


def regions(country: str = "") -> Choices:
    """The states or regions of a country; without one, of those with most decision makers."""
    largest = sorted(queries.options("country"), key=lambda one: -one.count)[:_COUNTRIES]
    wanted = [country] if country else [one.value for one in largest]
    return [region for one in wanted for region in queries.regions(one)]


def parties() -> Choices:
    """The parties there are."""
    return [(one.value, f"{one.label} ({one.count})") for one in queries.options("party")]


def organizations() -> Choices:
    """The parliaments, chambers and departments in which there are seats."""
    return [(one.value, f"{one.label} ({one.count})") for one in queries.options("organization")]


def committees() -> Choices:
    """The committees, with how many sit on each."""
    return [(one.value, f"{one.label} ({one.count})") for one in queries.committees()]


def sources() -> Choices:
    """The sources that decision makers come from."""
    return [(one.value, one.label) for one in queries.options("source")]
