"""The open letters: all of them, and what each page of the desk says of itself."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from groundswell.base import clock
from groundswell.campaigns import signatories
from groundswell.people import queries
from groundswell.studio.home import cards
from groundswell.studio.home.cards import PageCard
from groundswell.studio.home.numbers import Tally, tallies
from groundswell.studio.openletters import access
from groundswell.studio.openletters.access import needs

KIND = "open_letter"


@needs(access.SEE)
def index(request: HttpRequest) -> HttpResponseBase:
    """Every open letter and how far it has come."""
    now = clock.now()
    found = [card for one in cards.campaigns(now=now) for card in one.pages]
    found = [card for card in found if card.page.kind == KIND]
    sums = tallies(page_keys=[card.key for card in found], now=now)
    rows = [
        {
            "card": card,
            "numbers": signatories.numbers(card.key),
            "tally": sums.get(card.key, Tally()),
        }
        for card in found
    ]
    context = {**trail(request), "rows": rows}
    return render(request, "studio/openletters/index.html", context)


def card_of(page_key: UUID) -> PageCard:
    """The card of an open letter. Raises Http404."""
    card = cards.page_card(page_key=page_key, now=clock.now())
    if card is None or card.page.kind != KIND:
        raise Http404
    return card


def frame(request: HttpRequest, card: PageCard, tab: str, title: str = "") -> dict[str, Any]:
    """What each page of one letter needs: its tabs, its numbers, what this organiser may do."""
    above = [(reverse("openletters_one", args=[card.key]), card.page.title)] if title else []
    return {
        **trail(request, title or card.page.title, above),
        "card": card,
        "tab": tab,
        "numbers": signatories.numbers(card.key),
    }


def trail(
    request: HttpRequest, title: str = "", above: list[tuple[str, str]] | None = None
) -> dict[str, Any]:
    """What a page of this desk says of itself: its title, what it lies below, who may do what."""
    desk = [(reverse("openletters"), _("Open letters"))]
    links = [(reverse("wagtailadmin_home"), _("Home")), *desk, *(above or [])]
    if title:
        links.append(("", title))
    return {
        "header_title": title or _("Open letters"),
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in links],
        "may_run": queries.may(request.user, access.RUN),
        "may_moderate": queries.may(request.user, access.MODERATE),
    }
