"""Home and the page of one action: pages, and the fragments that keep them fresh."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.permission_policies.pages import PagePermissionPolicy

from groundswell.base import clock, env
from groundswell.people import queries
from groundswell.studio.delivery import access, totals
from groundswell.studio.home import cards, health, numbers
from groundswell.studio.home.numbers import Tally, Unit


class Dashboard(Component):
    """Home's panel: all campaigns, their numbers and the installation's health."""

    order = 10
    template_name = "studio/home/dashboard.html"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        request = parent_context["request"]
        live_url = _live_url(request, reverse("desk_live"))
        return {**home_context(request), "request": request, "live_url": live_url}


def live(request: HttpRequest) -> HttpResponse:
    """The inside of Home, for the script that keeps it fresh."""
    return render(request, "studio/home/_live.html", home_context(request))


def action(request: HttpRequest, page_key: UUID) -> HttpResponse:
    """The page of one action: its numbers, its plot, where people came from."""
    context = action_context(request, page_key)
    context["live_url"] = _live_url(request, reverse("desk_action_live", args=[page_key]))
    context["breadcrumbs_items"] = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": "", "label": context["card"].page.title},
    ]
    context["header_title"] = context["card"].page.title
    return render(request, "studio/home/action.html", context)


def action_live(request: HttpRequest, page_key: UUID) -> HttpResponse:
    """The inside of an action's page, for the script that keeps it fresh."""
    return render(request, "studio/home/_action_live.html", action_context(request, page_key))


def home_context(request: HttpRequest) -> dict[str, Any]:
    """What Home shows. Thirteen queries, however many campaigns and supporters there are."""
    now = clock.now()
    found = cards.campaigns(now=now)
    keys = [card.key for campaign in found for card in campaign.pages]
    tallies = numbers.tallies(page_keys=keys, now=now)
    found = [_with_tally(campaign, tallies) for campaign in found]
    pages = [card for campaign in found for card in campaign.pages]
    # Nobody confirms a call: among what is confirmed it would only thin the share.
    ours = [card.tally for card in pages if card.kind.counts == "confirmed"]
    calls = [card.tally for card in pages if card.kind.counts == "collected"]
    return {
        **_numbers(request, keys, now),
        "campaigns": found,
        "totals": sum(ours, Tally()),
        "calls": sum(calls, Tally()) if calls else None,
        "delivery": totals.per_page(page_keys=keys),
        "notices": health.notices(now=now),
        "may_add": PagePermissionPolicy().user_has_permission(request.user, "add"),
    }


def action_context(request: HttpRequest, page_key: UUID) -> dict[str, Any]:
    """What an action's page shows. Raises Http404 for a key without a page."""
    now = clock.now()
    card = cards.page_card(page_key=page_key, now=now)
    if card is None:
        raise Http404
    tally = numbers.tallies(page_keys=[page_key], now=now)[page_key]
    return {
        **_numbers(request, [page_key], now),
        "card": card,
        "totals": tally,
        "reached": cards.reached(card, tally),
        "only_calls": card.kind.counts == "collected",
    }


def _numbers(request: HttpRequest, keys: list[UUID], now: datetime) -> dict[str, Any]:
    unit: Unit = "day" if request.GET.get("by") == "day" else "hour"
    return {
        "unit": unit,
        "plot": numbers.plot(page_keys=keys, unit=unit, now=now),
        "countries": numbers.breakdown(page_keys=keys, dimension="country"),
        "languages": numbers.breakdown(page_keys=keys, dimension="language"),
        "sources": numbers.breakdown(page_keys=keys, dimension="source"),
        "updated": timezone.localtime(now, timezone.get_default_timezone()),
        "zone": env.load().time_zone,
        "sees_supporters": queries.may(request.user, queries.SEE),
        "sees_delivery": queries.may(request.user, access.SEE),
    }


def _with_tally(campaign: cards.CampaignCard, tallies: dict[UUID, Tally]) -> cards.CampaignCard:
    pages = [replace(card, tally=tallies[card.key]) for card in campaign.pages]
    return replace(campaign, pages=pages, tally=sum((card.tally for card in pages), Tally()))


def _live_url(request: HttpRequest, url: str) -> str:
    return f"{url}?by=day" if request.GET.get("by") == "day" else url
