"""Who may see the messengers of a campaign, and who may work with them."""

from collections.abc import Callable
from functools import wraps
from typing import Final, cast

from django.http import HttpRequest, HttpResponseBase

from groundswell.studio.supporters import access
from groundswell.studio.supporters.access import P, View

SEE: Final = "messengers.see_messengers"
RUN: Final = "messengers.run_messengers"
REFUSAL: Final = "studio/messengers/forbidden.html"


def needs(permission: str) -> Callable[[View[P]], View[P]]:
    """Let a view run only for organisers with the permission; the others get a 403 page."""
    return access.needs(permission, refusal=REFUSAL)


def sees(view: View[P]) -> View[P]:
    """Let a view be looked at by who may see messengers, and posted to by who works with them."""
    see, run = needs(SEE)(view), needs(RUN)(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return (run if request.method == "POST" else see)(request, *args, **kwargs)

    return cast("View[P]", guarded)
