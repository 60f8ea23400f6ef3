"""What all pages behind a private link have in common: who gets in, and what never gets out.

The token in the address is the whole secret. So it must not leave in a referrer, a cache, a search
engine or a log; a link that is unknown, over or revoked gets one and the same answer; and no page
here reads or sets a cookie. That also makes forms safe without a CSRF token: a stranger's page can
only post to an address it knows, and whoever knows it needs no stranger's page. A browser that says
it was sent here by another site is turned away all the same.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, cast
from uuid import UUID

from allauth.account.adapter import get_adapter
from csp.decorators import csp_replace
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.views.decorators.csrf import csrf_exempt

from groundswell.base import env, keyring, private_link
from groundswell.intake import robots

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

# The languages that the private pages speak; every other messenger reads English.
LANGUAGES: Final = ("en", "ar", "de", "es", "fr")
GUESSES: Final = 20
GUESSES_PER: Final = 60  # seconds
_HEADERS: Final = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive, nosnippet",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_POLICY: Final = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}


class Gone(Exception):
    """The link leads nowhere, for whatever reason: the visitor is told no more than that."""


def private(view: View[P]) -> View[P]:
    """A page behind a private link: no cookie, no trace, no other site's forms. `Gone` is said in
    plain words.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            answer = foreign(request) or unfurled(request) or view(request, *args, **kwargs)
        except Gone:
            answer = gone(request)
        for name, value in _HEADERS.items():
            answer.headers[name] = value
        return answer

    images = ["'self'", _origin(env.load().public_url)]
    policed = csp_replace({**_POLICY, "img-src": images})(guarded)
    return cast("View[P]", csrf_exempt(policed))


def key_of(token: str, purpose: str) -> UUID:
    """The key of a token that we made. Raises Gone for any other, before anything is looked up."""
    secret = keyring.secret(env.load().path("keys"), "session")
    key = private_link.read(token, secret, purpose)
    if key is None:
        raise Gone
    return key


def gone(request: HttpRequest) -> HttpResponse:
    """The one answer to every link that opens nothing. Whoever tries many is told to wait."""
    with translation.override(language([get_language_from_request(request)])):
        if _too_many(request):
            answer = render(request, "private/wait.html", status=429)
            answer["Retry-After"] = str(GUESSES_PER)
            return answer
        return render(request, "private/gone.html", status=404)


def foreign(request: HttpRequest) -> HttpResponse | None:
    """The answer to a form that another site has sent here; None for our own."""
    if request.method in ("GET", "HEAD"):
        return None
    site = request.headers.get("Sec-Fetch-Site", "none")
    return None if site in ("same-origin", "none") else gone(request)


def unfurled(request: HttpRequest) -> HttpResponse | None:
    """The answer to robots that draw previews of links in chats: that there is something private.

    A chat's servers are not those whom the link was sent to.
    """
    if not robots.is_robot(request.headers.get("User-Agent")):
        return None
    with translation.override("en"):
        return render(request, "private/robot.html")


def language(wanted: list[str]) -> str:
    """The first of these languages that our pages speak, else English."""
    for code in wanted:
        for name in (code.lower(), code.lower().partition("-")[0]):
            if name in LANGUAGES:
                return name
    return "en"


def _too_many(request: HttpRequest) -> bool:
    """Whether this address has tried too often. A link that opens is never held up by it."""
    place = f"private-guesses:{_address(request)}"
    if cache.add(place, 1, GUESSES_PER):
        return False
    try:
        return cache.incr(place) > GUESSES
    except ValueError:  # it ran out between the two
        return False


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:  # the proxy did not say
        return str(request.META.get("REMOTE_ADDR", ""))


def _origin(url: str) -> str:
    return "/".join(url.split("/")[:3])
