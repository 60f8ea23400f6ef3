"""Where decision makers come from: sources, their editions, and taking one back."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from groundswell.base.errors import Trouble
from groundswell.directory import queries, services
from groundswell.directory.models import Edition, ImportRow
from groundswell.people import audit
from groundswell.studio import spreadsheet
from groundswell.studio.directory import access
from groundswell.studio.directory.access import needs
from groundswell.studio.directory.views import page, rights

HEADER = ("row", "column", "problem", "how to mend it")


@needs(access.SEE)
def index(request: HttpRequest) -> HttpResponseBase:
    """Every source with its editions, the newest first."""
    overdue = {edition.source_id for edition in queries.overdue()}
    sources: dict[int, dict[str, Any]] = {}
    for edition in queries.editions():
        source = sources.setdefault(
            edition.source_id,
            {
                "source": edition.source,
                "editions": [],
                "newest": None,
                "overdue": edition.source_id in overdue,
            },
        )
        source["editions"].append(edition)
        if source["newest"] is None and edition.undone_at is None:
            source["newest"] = edition
    context = {
        **page(_("Sources and imports"), [(reverse("desk_directory"), _("Decision makers"))]),
        "tab": "editions",
        "sources": list(sources.values()),
        "with_refused": set(ImportRow.objects.values_list("edition_id", flat=True).distinct()),
        **rights(request),
    }
    return render(request, "studio/directory/editions.html", context)


@needs(access.UNDO)
def undo(request: HttpRequest, id: int) -> HttpResponseBase:  # noqa: A002  the URL's word
    """GET: what taking an edition back means. POST: take it back."""
    edition = _edition(id)
    if request.method == "POST" and _undo(request, edition):
        return redirect("desk_directory_editions")
    above = [
        (reverse("desk_directory"), _("Decision makers")),
        (reverse("desk_directory_editions"), _("Sources and imports")),
    ]
    context = {**page(_("Take it back?"), above), "edition": edition}
    status = 409 if request.method == "POST" else 200
    return render(request, "studio/directory/undo.html", context, status=status)


@needs(access.SEE)
def refused(_request: HttpRequest, id: int) -> HttpResponseBase:  # noqa: A002  the URL's word
    """The rows of an imported file that did not go in, as CSV."""
    edition = _edition(id)
    rows = queries.refused_rows(edition.pk)
    if not rows:
        raise Http404
    lines = (
        spreadsheet.line(HEADER),
        *(spreadsheet.line([str(row.number), row.field, row.problem, row.remedy]) for row in rows),
    )
    return spreadsheet.download(iter(lines), name=f"{edition.source.slug}-left-out")


def _undo(request: HttpRequest, edition: Edition) -> bool:
    try:
        with transaction.atomic():
            services.undo(edition_id=edition.pk, by=request.user.get_username())
            about, detail = edition.source.slug, f"edition {edition.number}"
            audit.record(by=request.user, action=audit.UNDO, about=about, detail=detail)
    except Trouble:
        # Whoever was quicker has loaded a newer one, or has taken this one back.
        messages.error(request, _("Only a source's newest edition can be taken back."))
        return False
    messages.success(request, _("Taken back: what held before holds again."))
    return True


def _edition(edition_id: int) -> Edition:
    edition = Edition.objects.select_related("source").filter(pk=edition_id).first()
    if edition is None:
        raise Http404
    return edition
