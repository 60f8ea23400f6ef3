"""Who may see what became of letters, steer them, and read what offices answered."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest

from groundswell.people import queries
from groundswell.studio.supporters import access
from groundswell.studio.supporters.access import P, View

SEE: Final = "delivery.see_delivery"
STEER: Final = "delivery.steer_delivery"
READ: Final = "delivery.read_replies"
REFUSAL: Final = "studio/delivery/forbidden.html"


def needs(permission: str) -> Callable[[View[P]], View[P]]:
    """Let a view run only for organisers with the permission; the others get a 403 page."""
    return access.needs(permission, refusal=REFUSAL)


def may_hand_over(request: HttpRequest) -> bool:
    """Whether the organiser may take letters away with their senders' names on them."""
    return all(queries.may(request.user, one) for one in (SEE, queries.EXPORT))


def needs_handover(view: View[P]) -> View[P]:
    """Let a view run only for organisers who may hand letters over; the others get a 403 page."""
    return needs(SEE)(access.needs(queries.EXPORT)(view))
