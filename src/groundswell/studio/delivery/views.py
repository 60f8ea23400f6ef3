"""What became of letters and calls: all pages, one page, its letters, one letter."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from groundswell.base import clock, env
from groundswell.delivery import queries
from groundswell.delivery.models import Hold, State
from groundswell.delivery.queries import Counts
from groundswell.people import queries as people
from groundswell.studio.delivery import access, targets, totals, words
from groundswell.studio.delivery.access import needs
from groundswell.studio.delivery.forms import MessageForm
from groundswell.studio.home import cards
from groundswell.studio.home.cards import PageCard

SIZE = 50
AGAIN = frozenset({State.FAILED, State.BOUNCED})


@needs(access.SEE)
def index(request: HttpRequest) -> HttpResponseBase:
    """Every page with letters or calls, and how far they have come."""
    return render(request, "studio/delivery/index.html", {**trail(), **index_context(request)})


@needs(access.SEE)
def index_live(request: HttpRequest) -> HttpResponseBase:
    """The inside of the list of pages, for the script that keeps it fresh."""
    return render(request, "studio/delivery/_index.html", index_context(request))


def index_context(request: HttpRequest) -> dict[str, Any]:
    """What the list of pages shows. The same few queries, however many letters there are."""
    now = clock.now()
    found = [card for one in cards.campaigns(now=now) for card in one.pages]
    shown = [card for card in found if card.page.kind in {"letter", "call", "open_letter"}]
    keys = [card.key for card in shown]
    letters, calls = totals.per_page(page_keys=keys), totals.calls_per_page(page_keys=keys)
    campaigns = list({card.campaign_key for card in shown})
    holds = queries.holds(page_keys=keys, campaign_keys=campaigns)
    rows = [
        {
            "card": card,
            "counts": (counts := letters.get(card.key, Counts())),
            "bar": totals.bar(counts),
            "calls": calls.get(card.key),
            "paused": pauses(card, holds),
            "campaign_paused": any(one.campaign_key for one in pauses(card, holds)),
        }
        for card in shown
    ]
    return {
        "rows": rows,
        "tab": "reports",
        "may_steer": people.may(request.user, access.STEER),
        "may_read": people.may(request.user, access.READ),
        "updated": _local(now),
        "zone": env.load().time_zone,
        "live_url": reverse("desk_delivery_live"),
    }


@needs(access.SEE)
def report(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """One page's report: the sums, each decision maker, what can be done."""
    context = report_context(request, page_key)
    title = context["card"].page.title
    context |= trail(title)
    context["live_url"] = reverse("desk_delivery_report_live", args=[page_key])
    return render(request, "studio/delivery/report.html", context)


@needs(access.SEE)
def report_live(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """The inside of a report, for the script that keeps it fresh."""
    return render(request, "studio/delivery/_report.html", report_context(request, page_key))


def report_context(request: HttpRequest, page_key: UUID) -> dict[str, Any]:
    """What a page's report shows. Raises Http404 for a key without a page of letters or calls."""
    now = clock.now()
    card = card_of(page_key)
    rows = queries.per_target(page_keys=[page_key])
    whole = sum((row.counts for row in rows), Counts())
    calls = totals.calls_per_target(page_key=page_key)
    holds = queries.holds(page_keys=[page_key], campaign_keys=[card.campaign_key])
    return {
        "card": card,
        "counts": whole,
        "bar": totals.bar(whole),
        "rows": [(row, totals.bar(row.counts)) for row in rows],
        "columns": totals.columns(rows),
        "calls": targets.call_rows(calls),
        "outcomes": targets.sums(calls),
        "paused": pauses(card, holds),
        "held_targets": {hold.target for hold in holds if hold.target},
        "held_here": {hold.target for hold in holds if hold.target and hold.page_key},
        "again": whole.failed + whole.bounced,
        "may_steer": people.may(request.user, access.STEER),
        "may_read": people.may(request.user, access.READ),
        "may_hand_over": access.may_hand_over(request),
        "updated": _local(now),
        "zone": env.load().time_zone,
    }


@needs(access.SEE)
def messages(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """A page's letters one by one, the newest first."""
    card = card_of(page_key)
    form = MessageForm(request.GET, targets=queries.per_target(page_keys=[page_key]))
    chosen = form.chosen()
    rows = queries.report_rows(
        page_keys=[page_key],
        states=[chosen["state"]] if "state" in chosen else (),
        target=chosen.get("target", ""),
        channel=chosen.get("channel", ""),
        after=row_id(request.GET.get("after", "")),
        limit=SIZE + 1,
    )
    more = rows[SIZE - 1].id if len(rows) > SIZE else None
    context = {
        **trail(_("Letters one by one"), [(_report(page_key), card.page.title)]),
        "card": card,
        "form": form,
        "rows": [(row, words.state(row.state), words.channel(row.channel)) for row in rows[:SIZE]],
        "filtered": bool(chosen),
        "paged": "after" in request.GET,
        "query": urlencode(chosen),
        "older": "?" + urlencode({**chosen, "after": more}) if more else "",
    }
    return render(request, "studio/delivery/messages.html", context)


@needs(access.SEE)
def message(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """One letter: where it goes, and every step of its way."""
    one = queries.parcel(key=key)
    if one is None:
        raise Http404
    steps = [
        {"one": step, "words": words.step(step.state), "by": words.by(step.by)}
        for step in queries.history(key=key)
    ]
    title = cards.titles().get(one.page_key)
    context = {
        **trail(_("One letter"), [(_report(one.page_key), title)] if title else []),
        "letter": one,
        "title": title or _("A page that is gone"),
        "state": words.state(one.state),
        "channel": words.channel(one.channel),
        "steps": steps,
        "again": one.state in AGAIN,
        "may_steer": people.may(request.user, access.STEER),
        "sees_supporters": people.may(request.user, people.SEE),
    }
    return render(request, "studio/delivery/message.html", context)


def card_of(page_key: UUID) -> PageCard:
    """The card of a page with letters or calls. Raises Http404."""
    card = cards.page_card(page_key=page_key, now=clock.now())
    if card is None or card.page.kind not in {"letter", "call", "open_letter"}:
        raise Http404
    return card


def pauses(card: PageCard, holds: list[Hold]) -> list[Hold]:
    """What keeps all letters of a page back: a pause of its own, or of its campaign."""
    mine = {card.key, card.campaign_key}
    return [one for one in holds if not one.target and {one.page_key, one.campaign_key} & mine]


def row_id(text: str) -> int | None:
    """A row's number as an address has it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _report(page_key: UUID) -> str:
    return reverse("desk_delivery_report", args=[page_key])


def _local(now: datetime) -> datetime:
    return timezone.localtime(now, timezone.get_default_timezone())


def trail(title: str = "", above: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """What a page of this desk says of itself: its title and what it lies below."""
    desk = [(reverse("desk_delivery"), _("Delivery"))]
    links = [(reverse("wagtailadmin_home"), _("Home")), *desk, *(above or [])]
    if title:
        links.append(("", title))
    return {
        "header_title": title or _("Delivery"),
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in links],
    }
