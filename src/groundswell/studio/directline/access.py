"""Who may read the record of direct conversations, and who may keep it."""

from collections.abc import Callable
from typing import Final

from groundswell.studio.supporters import access
from groundswell.studio.supporters.access import P, View

REFUSAL: Final = "studio/directline/forbidden.html"


def needs(permission: str) -> Callable[[View[P]], View[P]]:
    """Let a view run only for organisers with the permission; the others get a 403 page."""
    return access.needs(permission, refusal=REFUSAL)
