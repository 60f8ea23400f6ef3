"""Who may open which page of the desk, and what everybody else is told."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from groundswell.people import queries

P = ParamSpec("P")
REFUSAL: Final = "studio/supporters/forbidden.html"
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def needs(
    permission: str, *, names_someone: bool = False, refusal: str = REFUSAL
) -> Callable[[View[P]], View[P]]:
    """Let a view run only for organisers with the permission; the others get a 403 page.

    An address that `names_someone` is not found for who may not see supporters at all: the answer
    must not tell whether that person took part.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if names_someone and not queries.may(request.user, queries.SEE):
                raise Http404
            if not queries.may(request.user, permission):
                return forbidden(request, refusal)
            return view(request, *args, **kwargs)

        return cast("View[P]", guarded)

    return decorate


def forbidden(request: HttpRequest, refusal: str = REFUSAL) -> HttpResponseBase:
    """The page that says: your role does not include this."""
    return render(request, refusal, _TITLE, status=403)


_TITLE: dict[str, Any] = {"breadcrumbs_items": []}
