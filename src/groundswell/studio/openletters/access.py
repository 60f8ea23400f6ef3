"""Who may see, run and moderate open letters."""

from collections.abc import Callable
from typing import Final

from groundswell.people import open_letter_names as names
from groundswell.studio.supporters import access
from groundswell.studio.supporters.access import P, View

SEE: Final = names.SEE
RUN: Final = names.RUN
MODERATE: Final = names.MODERATE
REFUSAL: Final = "studio/openletters/forbidden.html"


def needs(permission: str) -> Callable[[View[P]], View[P]]:
    """Let a view run only for organisers with the permission; the others get a 403 page."""
    return access.needs(permission, refusal=REFUSAL)
