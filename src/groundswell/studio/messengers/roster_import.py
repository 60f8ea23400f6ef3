"""A roster from a spreadsheet: see what is in it, mend it in place, load the good rows.

Nothing is kept in between: the rows go back and forth with the form, since they hold contacts.
"""

from typing import Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.base.errors import Trouble
from groundswell.base.sealing import CannotOpen
from groundswell.directory.importing import decoding
from groundswell.messengers import queries, roster_csv, services_import
from groundswell.messengers.networks.registry import NETWORKS
from groundswell.messengers.roster_csv import Sheet
from groundswell.studio.messengers import access, trail
from groundswell.studio.messengers.access import needs
from groundswell.studio.messengers.forms_roster import SheetForm

SHOWN: Final = 200
EXAMPLE: Final = (
    ("name", "role", "languages", "time_zone", "groups", "contact_name", "contact_email",
     "instagram", "instagram_followers", "x", "x_followers"),
    ("Mira Solenne", "singer", "en; fr", "Europe/Paris", "River Choir", "Ilo Vance",
     "ilo@example.org", "mirasolenne", "1200000", "mira", "45000"),
)  # fmt: skip


@needs(access.RUN)
def upload(request: HttpRequest) -> HttpResponseBase:
    """GET: the form. POST: what the rows come to; with `load`, the good ones go in."""
    form = SheetForm(request.POST or None, request.FILES or None)
    sheet = None
    if request.method == "POST" and form.is_valid():
        sheet = _read(form)
        if sheet and sheet.good and "load" in request.POST:
            return _load(request, sheet)
    context = {
        **trail.page(request, _("Import a roster"), [(reverse("messengers_roster"), _("Roster"))]),
        "form": form,
        "sheet": sheet,
        "text": form.cleaned_data.get("text", "") if form.is_bound and form.is_valid() else "",
        "bad": sheet.bad[:SHOWN] if sheet else [],
        "unseen": max(0, len(sheet.bad) - SHOWN) if sheet else 0,
        "known": _known(sheet) if sheet else 0,
        "columns": roster_csv.COLUMNS,
        "networks": NETWORKS,
    }
    status = 422 if request.method == "POST" and sheet is None else 200
    return render(request, "studio/messengers/import.html", context, status=status)


@needs(access.RUN)
def example(_request: HttpRequest) -> HttpResponseBase:
    """A file to begin with: the columns, and one row."""
    text = decoding.table(EXAMPLE[0], iter(EXAMPLE[1:]))
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="roster.csv"'
    return answer


def _read(form: SheetForm) -> Sheet | None:
    """The sheet as read; None with the form saying why not. The text stays in the form."""
    said = form.cleaned_data
    try:
        if said["file"]:
            said["text"] = decoding.text(said["file"].read())[0]
        return roster_csv.read(said["text"])
    except Trouble as trouble:
        text = str(trouble)
        form.add_error("file" if said["file"] else "text", f"{text[:1].upper()}{text[1:]}.")
        return None


def _load(request: HttpRequest, sheet: Sheet) -> HttpResponseBase:
    try:
        done = services_import.load(rows=sheet.good, by=request.user.get_username())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("messengers_import")
    except CannotOpen:
        messages.error(
            request,
            _(
                "Nothing is loaded: somebody in it is on the roster with a contact that the keys of"
                " this installation do not open. Ask whoever keeps the backup of the key files."
            ),
        )
        return redirect("messengers_import")
    words = [
        ngettext("%(n)s messenger is new.", "%(n)s messengers are new.", done.added)
        % {"n": done.added},
        ngettext("%(n)s was brought up to date.", "%(n)s were brought up to date.", done.changed)
        % {"n": done.changed},
    ]
    messages.success(request, " ".join(words))
    return redirect("messengers_roster")


def _known(sheet: Sheet) -> int:
    there = {one.name.casefold() for one in queries.roster()}
    return sum(row.name.casefold() in there for row in sheet.good)
