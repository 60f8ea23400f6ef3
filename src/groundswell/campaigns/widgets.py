"""Form widgets of our own."""

from typing import Any, Final

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Babel's territories also name what is no country: groupings, outlying islands and test codes.
NO_COUNTRY: Final = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


class CountrySelect(forms.Select):
    """All countries by name, in the organiser's language; the value is two letters."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        territories = Locale.parse(get_language() or "en", sep="-").territories
        known = [
            (code, label)
            for code, label in territories.items()
            if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY
        ]
        self.choices = [("", _("None")), *sorted(known, key=lambda row: row[1])]
        return super().optgroups(name, value, attrs)
