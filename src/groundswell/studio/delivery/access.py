"""Who may see what became of letters, steer them, and read what offices answered."""

from collections.abc import Callable
from typing import Final

from groundswell.studio.supporters import access
from groundswell.studio.supporters.access import P, View

SEE: Final = "delivery.see_delivery"
STEER: Final = "delivery.steer_delivery"
READ: Final = "delivery.read_replies"
REFUSAL: Final = "studio/delivery/forbidden.html"


def needs(permission: str) -> Callable[[View[P]], View[P]]:
    """Let a view run only for organisers with the permission; the others get a 403 page."""
    return access.needs(permission, refusal=REFUSAL)
