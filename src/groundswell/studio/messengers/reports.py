"""Reports: all messengers of a campaign beside each other, and each alone as page, PDF, picture
and file.
"""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from groundswell.campaigns.moments import Change
from groundswell.delivery.pdf.drawing import CannotDraw
from groundswell.messengers import queries, queries_compare, queries_effect
from groundswell.messengers.effect import Effect
from groundswell.messengers.models import Messenger
from groundswell.studio import spreadsheet
from groundswell.studio.messengers import access, report, trail
from groundswell.studio.messengers.access import needs
from groundswell.studio.messengers.report import Report

LINKS_HEADER: Final = (
    "messenger", "link", "network", "language", "visits", "previews", "collected", "confirmed",
)  # fmt: skip
MINUTES_HEADER: Final = (
    "minute", "link", "network", "page", "language", "country", "visits", "previews", "collected",
    "confirmed",
)  # fmt: skip
_EXCERPT: Final = 90


@needs(access.SEE)
def index(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """Messengers, texts and times beside each other."""
    card = trail.campaign(campaign_key)
    effects = queries_effect.effects(campaign_key)
    texts = queries_compare.texts(campaign_key)
    posts = queries_compare.posts(campaign_key)
    context = {
        **trail.of_campaign(request, card, tab="reports"),
        "rows": [(owner, effect, _reach(owner, effect)) for owner, effect in effects],
        "sums": report.whole(effects),
        "top": max((effect.sums.visits for _owner, effect in effects), default=0),
        "texts": [(row, row.text[:_EXCERPT]) for row in texts],
        "posts": [(row, report.moment(row.at)) for row in posts],
    }
    return render(request, "studio/messengers/reports.html", context)


@needs(access.SEE)
def index_csv(_request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """Every link of the campaign with its sums, as a file."""
    title = queries_effect.campaign_title(campaign_key)
    if title is None:
        raise Http404
    return spreadsheet.download(_link_lines(campaign_key), name=f"{title}-links")


@needs(access.SEE)
def one(request: HttpRequest, campaign_key: UUID, key: UUID | None = None) -> HttpResponseBase:
    """One messenger's report; without a key that of the campaign's own links."""
    card = trail.campaign(campaign_key)
    made = _report(campaign_key, key)
    above = [(reverse("messengers_reports", args=[campaign_key]), _("Reports"))]
    context = trail.of_campaign(request, card, tab="reports", title=made.who, above=above)
    files = [campaign_key, key] if key else [campaign_key]
    name = "messengers_report" if key else "messengers_report_own"
    return render(
        request,
        "studio/messengers/report.html",
        {
            **context,
            "report": made,
            **{kind: reverse(f"{name}_{kind}", args=files) for kind in ("pdf", "png", "csv")},
        },
    )


@needs(access.SEE)
def pdf(request: HttpRequest, campaign_key: UUID, key: UUID | None = None) -> HttpResponseBase:
    """The report on paper."""
    made = _report(campaign_key, key)
    try:
        drawn = report.pdf(made)
    except CannotDraw as error:
        return _not_drawn(request, campaign_key, key, error)
    return _file(drawn, "application/pdf", f"{made.who} {made.campaign}", "pdf")


@needs(access.SEE)
def png(request: HttpRequest, campaign_key: UUID, key: UUID | None = None) -> HttpResponseBase:
    """The report as a picture to share."""
    made = _report(campaign_key, key)
    try:
        drawn = report.picture(made)
    except CannotDraw as error:
        return _not_drawn(request, campaign_key, key, error)
    return _file(drawn, "image/png", f"{made.who} {made.campaign}", "png")


@needs(access.SEE)
def csv(_request: HttpRequest, campaign_key: UUID, key: UUID | None = None) -> HttpResponseBase:
    """Every minute (or, where it is older, hour) of a messenger's links, as a file."""
    owner = _owner(key)
    title = queries_effect.campaign_title(campaign_key)
    if title is None:
        raise Http404
    name = f"{owner.name if owner else 'own'} {title} minutes"
    return spreadsheet.download(_minute_lines(owner, campaign_key), name=name)


def _report(campaign_key: UUID, key: UUID | None) -> Report:
    title = queries_effect.campaign_title(campaign_key)
    if title is None:
        raise Http404
    return report.make(_owner(key), campaign_key, campaign=title)


def _owner(key: UUID | None) -> Messenger | None:
    if key is None:
        return None
    found = queries.messenger(key=key)
    if found is None:
        raise Http404
    return found


def _reach(owner: Messenger | None, effect: Effect) -> float | None:
    """Visits for each thousand followers; None where nobody wrote down how many follow."""
    followers = queries.reach(owner) if owner else 0
    return effect.sums.visits * 1000 / followers if followers else None


def _link_lines(campaign_key: UUID) -> Iterator[str]:
    yield spreadsheet.line(LINKS_HEADER)
    sums = {
        part.value: part.sums
        for _owner_, effect in queries_effect.effects(campaign_key)
        for part in effect.links
    }
    for link in queries.links(campaign_key=campaign_key):
        name = link.messenger.name if link.messenger else ""
        numbers = [str(value) for value in sums[link.code]] if link.code in sums else ["0"] * 4
        yield spreadsheet.line([name, link.code, link.network, link.language, *numbers])


def _minute_lines(owner: Messenger | None, campaign_key: UUID) -> Iterator[str]:
    yield spreadsheet.line(MINUTES_HEADER)
    links = {
        link.code: link
        for link in queries.links(campaign_key=campaign_key)
        if link.messenger_id == (owner.pk if owner else None)
    }
    for row in queries_effect.rows(links):
        yield spreadsheet.line(_minute(row, links[row.source].network))


def _minute(row: Change, network: str) -> list[str]:
    return [
        row.minute.isoformat(), row.source, network, str(row.page_key), row.language,
        row.country.upper(), str(row.visits), str(row.previews), str(row.collected),
        str(row.confirmed),
    ]  # fmt: skip


def _not_drawn(
    request: HttpRequest, campaign_key: UUID, key: UUID | None, error: CannotDraw
) -> HttpResponseBase:
    """Back to the page, which shows the same in the browser's own letters."""
    messages.error(request, _("This cannot be drawn here: %(why)s.") % {"why": error})
    if key is None:
        return redirect("messengers_report_own", campaign_key)
    return redirect("messengers_report", campaign_key, key)


def _file(body: bytes, kind: str, name: str, ending: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    name = slugify(name) or "report"
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer
