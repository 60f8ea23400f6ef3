"""Importing a file of decision makers: choose it, see what it comes to, load it."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groundswell.base.errors import Trouble
from groundswell.directory import editions, services
from groundswell.directory.importing import reading
from groundswell.directory.importing.draft import Draft
from groundswell.people import audit
from groundswell.studio.directory import access, uploads
from groundswell.studio.directory.access import needs
from groundswell.studio.directory.views import page

MOST_BYTES: Final = 5 * 1024 * 1024
SHOWN: Final = 100
NAMES: Final = 12


class UploadForm(forms.Form):
    """A file, and what the list in it is called."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A CSV from any spreadsheet, or Popolo JSON. At most 5 MB."),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.json"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Name of the list"),
        max_length=120,
        required=False,
        help_text=gettext_lazy(
            "The same name again makes the next edition of the same list: who is missing then,"
            " ends. Empty: the file's own name."
        ),
    )
    licence = forms.CharField(
        label=gettext_lazy("Licence, or where it is from"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Shown beside everyone on the list."),
    )

    def clean_file(self) -> Any:
        """Refuse what is larger than a list can be, before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 5 MB. Split it, or leave columns out.")
            )
        return file


@needs(access.IMPORT)
def upload(request: HttpRequest) -> HttpResponseBase:
    """Choose a file. Nothing is loaded yet."""
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid() and _keep(request, form):
        return redirect("desk_directory_import_check")
    context = {**page(_("Import decision makers"), _above()), "form": form, "columns": COLUMNS}
    return render(request, "studio/directory/import.html", context, status=422 if sent else 200)


@needs(access.IMPORT)
def check(request: HttpRequest) -> HttpResponseBase:
    """GET: what the file comes to. POST: load its good rows."""
    draft = _draft(request)
    if draft is None:
        messages.info(request, _("The file is no longer here. Choose it again."))
        return redirect("desk_directory_import")
    if request.method == "POST" and draft.good and _load(request, draft):
        return redirect("desk_directory_editions")
    counts = editions.preview(source=draft.info, batch=draft.batch)
    there = counts.ended + counts.changed + counts.kept
    people = _names(draft)
    context = {
        **page(_("Before it is loaded"), _above()),
        "draft": draft,
        "counts": counts,
        "bad": draft.total - draft.good,
        "refusals": draft.refusals[:SHOWN],
        "unseen": max(0, len(draft.refusals) - SHOWN),
        "names": people[:NAMES],
        "more": max(0, len(people) - NAMES),
        "many_end": counts.ended > editions.MAY_VANISH * there,
        "nothing_new": not (counts.added or counts.changed or counts.ended),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "studio/directory/import_check.html", context, status=status)


@needs(access.IMPORT)
def broken(request: HttpRequest) -> HttpResponseBase:
    """The rows that cannot go in, as a CSV with what is wrong: to be mended and imported again."""
    draft = _draft(request)
    if draft is None or not draft.refusals:
        raise Http404
    answer = HttpResponse("\ufeff" + reading.mend(draft), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{draft.info.slug}-to-mend.csv"'
    return answer


def _names(draft: Draft) -> list[str]:
    named = [person.name for person in draft.batch.people]
    return [*named, *(post.role for post in draft.batch.posts if post.office)]


def _keep(request: HttpRequest, form: UploadForm) -> bool:
    said = form.cleaned_data
    data = said["file"].read()
    try:
        reading.read(data, file=said["file"].name, source=said["source"], licence=said["licence"])
    except Trouble as trouble:
        form.add_error("file", _sentence(trouble))
        return False
    uploads.keep(
        request, data=data, file=said["file"].name, source=said["source"], licence=said["licence"]
    )
    return True


def _draft(request: HttpRequest) -> Draft | None:
    try:
        return uploads.draft(request)
    except Trouble:
        return None


def _load(request: HttpRequest, draft: Draft) -> bool:
    by = request.user.get_username()
    try:
        with transaction.atomic():
            replace = "replace" in request.POST
            edition, counts = services.take_in(draft=draft, by=by, replace=replace)
            number = counts.added + counts.changed + counts.ended
            detail = f"rows={draft.good} left out={draft.total - draft.good} entries={number}"
            audit.record(by=request.user, action=audit.IMPORT, about=draft.info.slug, detail=detail)
    except Trouble as trouble:
        messages.error(request, _sentence(trouble))
        return False
    uploads.drop(request)
    if edition is None:
        messages.info(request, _("All of it was here already, so nothing was loaded."))
    else:
        words = ngettext("%(n)s row is loaded.", "%(n)s rows are loaded.", draft.good)
        messages.success(request, words % {"n": draft.good})
    return True


def _sentence(trouble: Trouble) -> str:
    text = str(trouble)
    return f"{text[:1].upper()}{text[1:]}."


def _above() -> list[tuple[str, str]]:
    return [
        (reverse("desk_directory"), _("Decision makers")),
        (reverse("desk_directory_editions"), _("Sources and imports")),
    ]


COLUMNS: Final = (
    "name", "role", "organization", "country", "division_id", "email", "phone", "address", "url",
    "contact_form", "language", "salutation", "source_url", "checked_on",
)  # fmt: skip
