"""Answers under `/k/`: tracked links lead on and are counted, and pages carry their source along.

    /k/x7p2            to the page of the link, in the visitor's language, as `?s=x7p2`
    /k/-/fr/river/     to that page of this site, with the `s` of the page that linked here

A link is answered from memory, so it works while everything behind the door is down.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, Protocol
from urllib.parse import quote, urlsplit

from groundswell.base import passes
from groundswell.base.errors import Refused
from groundswell.intake import answers
from groundswell.intake.answers import Answer
from groundswell.intake.countries import CODES
from groundswell.intake.limits import Limits, peer_address
from groundswell.intake.links import SOURCE, Lead
from groundswell.intake.parse import query_values
from groundswell.intake.robots import is_robot
from groundswell.intake.site import Site, best_language
from groundswell.intake.visits import PREVIEW, VISIT, Visits

PREFIX: Final = "/k/"
ALONG: Final = "/k/-/"
Get = Callable[[str], str | None]
_best: Final = lru_cache(maxsize=512)(best_language)  # a crowd's browsers send a few dozen


class Scope(Protocol):
    """What is asked of a request besides its headers."""

    method: str
    path: str
    query_string: str
    client: str


class Tracked:
    """One worker's answers to what begins with `/k/`. It belongs to the event loop."""

    def __init__(self, site: Site, *, country_header: str = "") -> None:
        self._site = site
        self._country_header = country_header.lower()
        self._visits: Visits | None = None
        self._limits: Limits | None = None

    def open(self, visits: Visits, limits: Limits) -> None:
        """Begin to count."""
        self._visits, self._limits = visits, limits

    def answer(self, scope: Scope, get: Get) -> Answer:
        """The answer to a GET or HEAD. Raises Refused(404) for what is nowhere."""
        path = scope.path
        if path.startswith(ALONG):
            return self._along(scope, get, path[len(ALONG) - 1 :])
        lead = self._site.snapshot.links.get(path[len(PREFIX) :].removesuffix("/").lower())
        if lead is None:
            raise answers.not_found()
        return self._lead(lead, scope, get)

    def _lead(self, lead: Lead, scope: Scope, get: Get) -> Answer:
        """On to the link's page; a robot gets the card to draw instead, if there is one."""
        language = _language(lead, get)
        robot = is_robot(get("user-agent"))
        if scope.method == "GET":
            self._count(lead, language, scope, get, robot=robot)
        card = self._card(lead) if robot else None
        return card or Answer(302, lead.replies[language], b"")

    def _count(self, lead: Lead, language: str, scope: Scope, get: Get, *, robot: bool) -> None:
        """Count the visit, if it is one: no browser's guess at what may be tapped, no rehearsal."""
        if self._visits is None or _is_guess(get) or get(passes.HEADER) is not None:
            return
        what = PREVIEW if robot else VISIT
        self._visits.add(lead.page, lead.source, language, self._country(scope, get), what)

    def _country(self, scope: Scope, get: Get) -> str:
        """Where the visitor is, if a proxy we trust says so in the header that was named for it."""
        if not self._country_header or self._limits is None:
            return ""
        code = (get(self._country_header) or "").upper()
        known = code in CODES and self._limits.is_proxy(peer_address(scope.client))
        return code if known else ""

    def _card(self, lead: Lead) -> Answer | None:
        """The page whose tags a network draws; never kept, or people would be shown it, too."""
        asset = self._site.snapshot.assets.get(lead.card) if lead.card else None
        if asset is None or asset.plain.body is None:
            return None
        return Answer(200, answers.like(asset, "no-store"), asset.plain.body)

    def _along(self, scope: Scope, get: Get, path: str) -> Answer:
        """To a page of ours, and to nothing else, with the source of the page it was tapped on."""
        snapshot = self._site.snapshot
        if path not in snapshot.assets:
            path = snapshot.moved.get(path, "")
            if path not in snapshot.assets:
                raise answers.not_found()
        source = _source(scope.query_string, get)
        query = f"?s={source}" if source else ""
        return self._redirect(f"{quote(path)}{query}")

    def _redirect(self, location: str) -> Answer:
        return Answer(302, [("location", location), *self._site.stored_headers], b"")


def _language(lead: Lead, get: Get) -> str:
    """The language a link leads to: its own, the visitor's, or the main one."""
    if lead.language or len(lead.languages) == 1:
        return lead.language or lead.main
    wanted = get("accept-language")
    return (_best(wanted, lead.languages) if wanted else None) or lead.main


def _is_guess(get: Get) -> bool:
    """Whether a browser fetches this before anybody has tapped on it."""
    purpose = get("sec-purpose") or get("purpose") or get("x-purpose") or ""
    return "prefetch" in purpose or "preview" in purpose


def _source(query: str, get: Get) -> str:
    """The `s` of the request itself, else of the page of this site that it comes from."""
    try:
        source = query_values(query).get("s") or query_values(_referring(get)).get("s", "")
    except Refused:  # two tokens, which are nothing to us here
        return ""
    return source if SOURCE.fullmatch(source) else ""


def _referring(get: Get) -> str:
    """The query of the page that linked here, if that is one of ours."""
    try:
        came_from = urlsplit(get("referer") or "")
    except ValueError:
        return ""
    return came_from.query if came_from.netloc and came_from.netloc == get("host") else ""
