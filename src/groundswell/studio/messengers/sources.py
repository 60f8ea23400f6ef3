"""A campaign's sources, and how the claims of a text are tied to them or waived."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.messengers import queries_statements as texts
from groundswell.messengers import services_claims as services
from groundswell.messengers.approval import Changed
from groundswell.messengers.models import Source
from groundswell.messengers.queries_statements import Row
from groundswell.studio.messengers import access, statements, trail
from groundswell.studio.messengers.access import needs, sees
from groundswell.studio.messengers.forms_statements import SourceForm
from groundswell.studio.messengers.statements_yes import back, changed, number


@sees
def index(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """The campaign's sources. POST adds one."""
    card = trail.campaign(campaign_key)
    sent = request.method == "POST"
    form = SourceForm(request.POST if sent else None)
    if sent and form.is_valid():
        services.add_source(
            campaign_key=campaign_key, reference=form.reference(), by=request.user.get_username()
        )
        messages.success(request, _("Added. Claims of every text can be tied to it now."))
        return redirect("messengers_sources", campaign_key=campaign_key)
    context = {
        **_page(request, campaign_key, _("Sources")),
        "campaign": card,
        "form": form,
        "sources": texts.sources(campaign_key=campaign_key),
    }
    return render(request, "studio/messengers/sources.html", context, status=422 if sent else 200)


@sees
def edit(request: HttpRequest, campaign_key: UUID, id: int) -> HttpResponseBase:  # noqa: A002  the URL's word
    """One source, and the claims that stand on it. POST changes it."""
    row = _source(campaign_key, id)
    sent = request.method == "POST"
    form = SourceForm(request.POST if sent else None, row=row)
    if sent and form.is_valid():
        services.change_source(source=row, reference=form.reference())
        messages.success(request, _("Saved."))
        return redirect("messengers_sources", campaign_key=campaign_key)
    above = [(reverse("messengers_sources", args=[campaign_key]), _("Sources"))]
    context = {
        **_page(request, campaign_key, row.title, above),
        "form": form,
        "source": row,
        "held": texts.standing_on(source=row),
    }
    return render(request, "studio/messengers/source.html", context, status=422 if sent else 200)


@require_POST
@needs(access.RUN)
def delete(request: HttpRequest, campaign_key: UUID, id: int) -> HttpResponseBase:  # noqa: A002
    """Delete a source that no claim stands on."""
    row = _source(campaign_key, id)
    try:
        services.delete_source(source=row)
    except services.InUse:
        messages.error(request, _("Claims stand on this source, so it stays. See below which."))
        return redirect("messengers_source", campaign_key=campaign_key, id=id)
    messages.success(request, _("Deleted."))
    return redirect("messengers_sources", campaign_key=campaign_key)


@require_POST
@needs(access.RUN)
def claim(
    request: HttpRequest,
    campaign_key: UUID,
    key: UUID,
    id: int,  # noqa: A002  the URL's word
) -> HttpResponseBase:
    """Settle a claim with a source or a reason, or ask anew."""
    row = statements.row_of(campaign_key, key)
    if id not in {one.pk for one in row.last.claims.all()}:
        return changed(request, row)
    try:
        if "reopen" in request.POST:
            services.reopen(claim_id=id)
            return back(row, "#claims")
        return _settle(request, row, id)
    except Changed:
        return changed(request, row)


@require_POST
@needs(access.RUN)
def mark(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """Ask for the source of a sentence in which no claim was found."""
    row = statements.row_of(campaign_key, key)
    start = request.POST.get("start", "")
    if not (start.isascii() and start.isdigit() and len(start) < 9):
        return back(row, "#claims")
    try:
        services.mark(key=key, version=number(request), start=int(start))
    except Changed:
        return changed(request, row)
    return back(row, "#claims")


def _settle(request: HttpRequest, row: Row, claim_id: int) -> HttpResponseBase:
    by = request.user.get_username()
    source, why = request.POST.get("source", ""), request.POST.get("why", "").strip()
    if source.isascii() and source.isdigit() and len(source) < 19:
        try:
            services.settle(claim_id=claim_id, source_id=int(source), by=by)
        except Source.DoesNotExist:
            words = _("This source is gone. Choose another.")
            return statements.show(request, row, status=422, error=words)
    elif why and len(why) <= 300:
        services.waive(claim_id=claim_id, why=why, by=by)
    else:
        words = _("Choose a source, or write in up to 300 characters why none is needed.")
        return statements.show(request, row, status=422, error=words)
    return back(row, "#claims")


def _source(campaign_key: UUID, source_id: int) -> Source:
    row = Source.objects.filter(pk=source_id, campaign_key=campaign_key).first()
    if row is None:
        raise Http404
    return row


def _page(request: HttpRequest, campaign_key: UUID, title: str, above: Any = ()) -> dict[str, Any]:
    desk = [(reverse("messengers_texts", args=[campaign_key]), _("Texts")), *above]
    return trail.of_campaign(
        request, trail.campaign(campaign_key), tab="texts", title=title, above=desk
    )
