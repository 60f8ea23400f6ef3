"""Kinds of office of which a supporter has one of their own, in the countries we can look up."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from groundswell.directory.lookups.registry import COUNTRIES

# What an organiser calls them; a kind that has no words here goes by its own name.
WORDS: Final = {
    "senate": _("Senators in the US Senate"),
    "house": _("Representative in the US House"),
    "commons": _("Member of the House of Commons"),
}


def offered() -> list[tuple[str, Any]]:
    """(kind, words) of each office whose holder a supporter's postcode leads to."""
    kinds = dict.fromkeys(kind for country in COUNTRIES.values() for kind in country.kinds)
    return [(kind, WORDS.get(kind, kind)) for kind in kinds]


def country_of(own: list[str]) -> str:
    """The country in which all these offices are looked up; empty if there is none."""
    codes = (code for code, one in COUNTRIES.items() if own and set(own) <= set(one.kinds))
    return next(codes, "")
