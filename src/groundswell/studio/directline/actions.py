"""Keeping the record: a new conversation, a change, a step that is done, and erasing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.directline import queries, services
from groundswell.directline.models import Entry
from groundswell.directline.services import Changed
from groundswell.directline.vault import Said
from groundswell.people import audit
from groundswell.studio.directline import forms
from groundswell.studio.directline.access import needs
from groundswell.studio.directline.forms import EntryForm, EraseForm
from groundswell.studio.directline.views import opened, trail


@needs(queries.KEEP)
def new(request: HttpRequest) -> HttpResponseBase:
    """GET: an empty form, with a decision maker if the address names one. POST: keep it."""
    begin = forms.blank(request.user, request.GET.get("target", "")[:120])
    form = EntryForm(request.POST if request.method == "POST" else None, initial=begin)
    if form.is_valid():
        entry = services.tell(by=request.user, draft=form.draft())
        messages.success(request, _("Kept. Only those whose role includes it can read this."))
        return redirect("direct_line_entry", key=entry.key)
    return _form(request, form, _("A new conversation"), reverse("direct_line"))


@needs(queries.KEEP)
def change(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """GET: the entry in its form. POST: keep the change, unless somebody else was faster."""
    found = _standing(request, key)
    if found is None or found.said is None:
        # Erased, or sealed with a key that is not here: there is nothing to change.
        return redirect("direct_line_entry", key=key)
    known = {party.target: party.name for party in found.entry.parties.all()}
    begin = forms.filled(found.entry, found.said)
    form = EntryForm(request.POST if request.method == "POST" else None, known=known, initial=begin)
    if form.is_valid():
        saved = _save(request, form, found.entry)
        if saved is not None:
            return saved
    back = reverse("direct_line_entry", args=[key])
    return _form(request, form, _("Change a conversation"), back, theirs=_theirs(form, found))


@require_POST
@needs(queries.KEEP)
def done(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The next step is done."""
    opened(request, key)
    if services.finish(by=request.user, key=key):
        messages.success(request, _("Done. It is off the list of next steps."))
    if request.POST.get("back") == "home":
        return redirect("wagtailadmin_home")
    return redirect("direct_line_entry", key=key)


@needs(queries.KEEP)
def erase(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """GET: what erasing means. POST with the typed word: erase."""
    found = opened(request, key)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if found.entry.erased_at is None and form.is_valid():
        with transaction.atomic():
            services.erase(by=request.user, key=key)
            audit.record(by=request.user, action=audit.LOG_ERASE, about=str(key))
        messages.success(request, _("Erased. A line stays that says that there was something."))
        return redirect("direct_line")
    back = reverse("direct_line_entry", args=[key])
    context = {**trail(_("Erase a conversation")), "form": form, "entry": found.entry, "back": back}
    status = 422 if form.is_bound else 200
    return render(request, "studio/directline/erase.html", context, status=status)


def _save(request: HttpRequest, form: EntryForm, entry: Entry) -> HttpResponseBase | None:
    """Keep the change and go on; None when somebody else was faster: then the form says so."""
    read = form.cleaned_data["version"] or 0
    try:
        services.tell_again(by=request.user, key=entry.key, draft=form.draft(), version=read)
    except Changed:
        form.add_error(
            None,
            _(
                "Somebody has changed this since you opened it. Nothing of yours is lost: it is"
                " below. What they wrote is beside it; take over what you need, and save again."
            ),
        )
        # The next save has seen it.
        seen = request.POST.copy()
        seen["version"] = str(_version(entry))
        form.data = seen
        return None
    except Entry.DoesNotExist:
        messages.error(request, _("Somebody has erased this meanwhile."))
        return redirect("direct_line")
    messages.success(request, _("Kept. What it said before is in its history."))
    return redirect("direct_line_entry", key=entry.key)


def _version(entry: Entry) -> int:
    entry.refresh_from_db(fields=["version"])
    return entry.version


def _standing(request: HttpRequest, key: UUID) -> queries.Opened | None:
    found = opened(request, key)
    return None if found.entry.erased_at else found


def _theirs(form: EntryForm, found: queries.Opened) -> Said | None:
    return found.said if form.is_bound and form.non_field_errors() else None


def _form(
    request: HttpRequest, form: EntryForm, title: str, back: str, *, theirs: Said | None = None
) -> HttpResponseBase:
    context: dict[str, Any] = {**trail(title), "form": form, "back": back, "theirs": theirs}
    status = 200
    if form.is_bound:
        status = 409 if theirs else 422
    return render(request, "studio/directline/form.html", context, status=status)
