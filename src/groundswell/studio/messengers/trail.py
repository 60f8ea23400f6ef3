"""What every page of the messengers desk says of itself: its campaign, its tab, its place."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from groundswell.base import clock
from groundswell.people import queries as people
from groundswell.studio.home import cards
from groundswell.studio.home.cards import CampaignCard
from groundswell.studio.messengers import access


def campaign(campaign_key: UUID) -> CampaignCard:
    """The card of a campaign with its action pages. Raises Http404 for an unknown key."""
    for card in cards.campaigns(now=clock.now()):
        if card.page.translation_key == campaign_key:
            return card
    raise Http404


def of_campaign(
    request: HttpRequest,
    card: CampaignCard,
    *,
    tab: str,
    title: str = "",
    above: list[tuple[str, str]] | None = None,
) -> dict[str, Any]:
    """The context of a page below a campaign's tab: `campaign`, `campaign_key`, `tab`, `may_run`.

    `tab` is one of people, texts, links, cards, live, reports. Without a title the page is the tab
    itself; `above` are (address, words) between the campaign and the page.
    """
    key = card.page.translation_key
    home = [(reverse("messengers_campaign", args=[key]), str(card.page.title))] if title else []
    return {
        "campaign": card,
        "campaign_key": key,
        "tab": tab,
        **page(request, title or str(card.page.title), [*home, *(above or [])]),
    }


def page(
    request: HttpRequest, title: str, above: list[tuple[str, str]] | None = None
) -> dict[str, Any]:
    """The context of a page of the desk: its title, what it lies below, and `may_run`."""
    desk = (reverse("messengers"), _("Messengers"))
    trail = [(reverse("wagtailadmin_home"), _("Home")), desk, *(above or []), ("", title)]
    return {
        "header_title": title,
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in trail],
        "may_run": people.may(request.user, access.RUN),
    }
