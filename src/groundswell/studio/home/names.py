"""Names for the codes that are counted: countries and languages by CLDR, sources by network."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.campaigns import counters, networks


def country(code: str) -> str:
    """A country's name in the organiser's language; the code itself when CLDR has none."""
    if not code:
        return _("Not asked or not given")
    return str(locale().territories.get(code.upper(), code))


def language(code: str) -> str:
    """A language's name in the organiser's language, e.g. Arabic."""
    if not code:
        return _("Unknown")
    try:
        name = Locale.parse(code, sep="-").get_display_name(locale())
    except (UnknownLocaleError, ValueError):
        return code
    return name or code


def source(code: str) -> str:
    """Where a link was shared: a network's name, or the organiser's own code as it is."""
    names = {
        "": _("Direct, or a link without a code"),
        counters.OTHER_SOURCES: _("All other names in links"),
        "copy": _("Copied link"),
        "device": _("Phone's share menu"),
    }
    network = networks.LINKS.get(code)
    return _(network) if network else names.get(code, code)


def locale() -> Locale:
    """The organiser's language as CLDR knows it; English is the British one, as our words are."""
    return _locale(get_language() or "en")


@lru_cache(maxsize=32)
def _locale(code: str) -> Locale:
    try:
        return Locale("en", "GB") if code == "en" else Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")
