"""The export's page and its download."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from groundswell.base import clock
from groundswell.campaigns.models import ConsentBox, Question
from groundswell.people import export, queries
from groundswell.people.queries import Filters
from groundswell.studio.home import cards
from groundswell.studio.supporters.access import needs
from groundswell.studio.supporters.forms import ExportForm, FilterForm


@needs(queries.EXPORT)
def export_csv(request: HttpRequest) -> HttpResponseBase:
    """GET: choose the columns of what is filtered. POST: the file, streamed."""
    campaigns = cards.campaigns(now=clock.now())
    chosen = FilterForm(request.GET, campaigns=campaigns)
    filters = chosen.filters()
    questions = _questions(filters)
    purposes = _purposes(filters)
    form = ExportForm(
        request.POST if request.method == "POST" else None, questions=questions, purposes=purposes
    )
    if form.is_valid():
        return _download(request, filters, _columns(form, questions), form.cleaned_data["bom"])
    context = {
        "form": form,
        "chosen": _chosen(chosen),
        "query": request.GET.urlencode(),
        "header_title": _("Export supporters"),
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("desk_supporters"), "label": _("Supporters")},
            {"url": "", "label": _("Export")},
        ],
    }
    return render(
        request, "studio/supporters/export.html", context, status=422 if form.is_bound else 200
    )


def _download(
    request: HttpRequest, filters: Filters, columns: export.Columns, bom: bool
) -> StreamingHttpResponse:
    lines = export.stream(
        by=request.user, filters=filters, columns=columns, titles=cards.titles(), bom=bom
    )
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_filename(filters)}"'
    # A proxy that keeps the file back until it is whole would also keep a copy of it.
    response["X-Accel-Buffering"] = "no"
    return response


def _filename(filters: Filters) -> str:
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    found = [
        card
        for campaign in cards.campaigns(now=clock.now())
        for card in campaign.pages
        if card.key in set(filters.page_keys)
    ]
    name = ""
    if len(found) == 1:
        name = slugify(found[0].page.slug)
    elif found:
        name = slugify(found[0].campaign_title)
    return f"{name or 'supporters'}-{today:%Y-%m-%d}.csv"


def _columns(form: ExportForm, questions: dict[str, str]) -> export.Columns:
    data = form.cleaned_data
    return export.Columns(
        clear=data["clear"],
        personal=data["personal"],
        custom=[(name, questions[name]) for name in data["custom"]],
        consents=data["consents"],
    )


def _questions(filters: Filters) -> dict[str, str]:
    rows = Question.objects.all()
    if filters.page_keys:
        rows = rows.filter(page__translation_key__in=filters.page_keys)
    # The version in the language the page was first written in comes last and so wins.
    return {question.field: question.label for question in rows.order_by("-pk")}


def _purposes(filters: Filters) -> list[str]:
    rows = ConsentBox.objects.all()
    if filters.page_keys:
        rows = rows.filter(page__translation_key__in=filters.page_keys)
    return sorted(set(rows.values_list("purpose", flat=True)))


def _chosen(form: FilterForm) -> list[tuple[str, Any]]:
    chosen: list[tuple[str, Any]] = []
    for bound in form:
        value = form.cleaned_data.get(bound.name)
        if value is True:
            chosen.append((str(bound.label), _("yes")))
        elif value:
            chosen.append((str(bound.label), dict(bound.field.choices).get(value, value)))  # type: ignore[attr-defined]  # only choices have text
    return chosen
