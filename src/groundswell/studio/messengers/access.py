"""Who may see the messengers of a campaign, and who may work with them."""

from collections.abc import Callable
from typing import Final

from groundswell.studio.supporters import access
from groundswell.studio.supporters.access import P, View

SEE: Final = "messengers.see_messengers"
RUN: Final = "messengers.run_messengers"
REFUSAL: Final = "studio/messengers/forbidden.html"


def needs(permission: str) -> Callable[[View[P]], View[P]]:
    """Let a view run only for organisers with the permission; the others get a 403 page."""
    return access.needs(permission, refusal=REFUSAL)
