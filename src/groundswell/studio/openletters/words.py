"""Words for where a signatory stands, what happened, and what is to be looked at."""

from typing import Final

from django.utils.translation import gettext_lazy, pgettext_lazy

STATES: Final = {
    "invited": pgettext_lazy("a first signatory", "Invited"),
    "signed": pgettext_lazy("a first signatory", "Signed"),
    "declined": pgettext_lazy("a first signatory", "Declined"),
    "withdrawn": pgettext_lazy("a first signatory", "Withdrew"),
}
BADGES: Final = {"invited": "queued", "signed": "good", "declined": "ended", "withdrawn": "undone"}
STEPS: Final = {
    "invited": gettext_lazy("Got a private link"),
    "mailed": gettext_lazy("The link was mailed"),
    "revoked": gettext_lazy("The link was revoked"),
    "corrected": gettext_lazy("Details were put right"),
    "signed": gettext_lazy("Signed"),
    "declined": gettext_lazy("Declined"),
    "withdrawn": gettext_lazy("Signature taken back"),
    "asked": gettext_lazy("Asked about the new text"),
}
HINTS: Final = {
    "link": gettext_lazy("a link or an address"),
    "markup": gettext_lazy("signs of a program"),
    "shouting": gettext_lazy("all capitals"),
    "long": gettext_lazy("very long"),
    "digits": gettext_lazy("digits in the name"),
    "odd": gettext_lazy("no letters in the name"),
    "unreadable": gettext_lazy("cannot be opened with the keys that are here"),
}
STANDINGS: Final = {
    "this": gettext_lazy("the letter as it is now"),
    "corrected": gettext_lazy("the letter before a small correction"),
    "earlier": gettext_lazy("an earlier text"),
}
NAMES: Final = {
    "waiting": pgettext_lazy("names", "Waiting"),
    "shown": pgettext_lazy("names", "Shown"),
    "hidden": pgettext_lazy("names", "Hidden"),
}


def by(name: str) -> str:
    """Who did it: the signatory, Groundswell itself, or an organiser's name."""
    return {
        "signatory": str(gettext_lazy("the signatory")),
        "core": str(gettext_lazy("Groundswell")),
    }.get(name, name)
