"""Setting decision makers' details right: each change has a note and is on the record."""

from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.base import clock
from groundswell.directory import adding, reading, services
from groundswell.directory.checks import Wrong
from groundswell.directory.models import ContactDetail, Listing
from groundswell.people import audit
from groundswell.studio.directory import access, offices, words
from groundswell.studio.directory.access import needs
from groundswell.studio.directory.forms import AddForm, CorrectForm
from groundswell.studio.directory.views import listed, page

_CONTACT_FIELDS: Final = {
    "voice": ("value", "label", "hours", "zone", "city", "note"),
    "address": ("value", "label", "hours", "zone", "city", "note"),
}
_REPORTS: Final = {"bounced": "bounced", "wrong": "wrong", "good": "good"}


@needs(access.CORRECT)
def contact(request: HttpRequest, id: int) -> HttpResponseBase:  # noqa: A002  the URL's word
    """Set a number, an address or its hours right."""
    row = _contact(id)
    target = _target(row)
    fields = _CONTACT_FIELDS.get(row.type, ("value", "label", "note"))
    form = CorrectForm(request.POST if request.method == "POST" else None, row=row, fields=fields)
    title = _("Correct: %(what)s") % {"what": words.type_(row.type)}
    return _correct(request, form, kind="contact", target=target, title=title)


@needs(access.CORRECT)
def person(request: HttpRequest, key: str) -> HttpResponseBase:
    """Set a name, a party or a salutation right."""
    target = listed(key)
    row = offices.owner(key)
    if row is None:
        raise Http404
    kind = type(row).__name__.lower()
    _model, fields = services.CORRECTABLE[kind]
    form = CorrectForm(request.POST if request.method == "POST" else None, row=row, fields=fields)
    return _correct(request, form, kind=kind, target=target, title=_("Correct name and salutation"))


@needs(access.CORRECT)
def add(request: HttpRequest, key: str) -> HttpResponseBase:
    """Add a number or an address."""
    target = listed(key)
    form = AddForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _add(request, form, target):
        return redirect("desk_directory_one", key=key)
    return _ask(request, form, target=target, title=_("Add a number or an address"))


@require_POST
@needs(access.CORRECT)
def standing(request: HttpRequest, id: int) -> HttpResponseBase:  # noqa: A002  the URL's word
    """Say that a contact bounces, is wrong, or works."""
    row = _contact(id)
    target = _target(row)
    what = _REPORTS.get(request.POST.get("what", ""))
    if what is None:
        raise Http404
    with transaction.atomic():
        services.report(contact_id=row.pk, what=what, by=request.user.get_username())
        _record(request, target, f"{row.type} is {what}")
    if what == "good":
        messages.success(request, _("Marked as working. Letters and calls use it again."))
    else:
        messages.success(request, _("Marked. Nobody is sent there until it is set right."))
    return redirect("desk_directory_one", key=target.target)


@require_POST
@needs(access.CORRECT)
def checked(request: HttpRequest, key: str) -> HttpResponseBase:
    """Say that all of it was looked at today and is right."""
    target = listed(key)
    with transaction.atomic():
        services.check(keys=[key], by=request.user.get_username())
        _record(request, target, "checked")
    messages.success(request, _("Noted: checked today and found right."))
    return redirect("desk_directory_one", key=key)


def _correct(
    request: HttpRequest, form: CorrectForm, *, kind: str, target: Listing, title: str
) -> HttpResponseBase:
    if form.is_valid() and _save(request, form, kind, target):
        return redirect("desk_directory_one", key=target.target)
    return _ask(request, form, target=target, title=title)


def _ask(
    request: HttpRequest, form: CorrectForm | AddForm, *, target: Listing, title: str
) -> HttpResponseBase:
    above = [
        (reverse("desk_directory"), _("Decision makers")),
        (reverse("desk_directory_one", args=[target.target]), target.name),
    ]
    context = {**page(title, above), "form": form, "target": target, "title": title}
    status = 422 if form.is_bound else 200
    return render(request, "studio/directory/correct.html", context, status=status)


def _save(request: HttpRequest, form: CorrectForm, kind: str, target: Listing) -> bool:
    """Whether it is done; if not, the form says which field is wrong and how to mend it."""
    changes = form.changes()
    if not changes:
        messages.info(request, _("Nothing was different, so nothing was changed."))
        return True
    try:
        with transaction.atomic():
            for field, value in changes.items():
                services.correct(
                    kind=kind, key=form.row.key, field=field, value=value,
                    note=form.cleaned_data["why"], by=request.user.get_username(),
                )  # fmt: skip
            _record(request, target, f"{kind}: {', '.join(changes)}")
    except Wrong as wrong:
        words_ = f"{wrong.problem}: {wrong.remedy}" if wrong.remedy else wrong.problem
        form.add_error(wrong.field if wrong.field in form.fields else None, words_)
        return False
    messages.success(request, _("Set right. It is used from now on, and the old is kept."))
    return True


def _add(request: HttpRequest, form: AddForm, target: Listing) -> bool:
    try:
        with transaction.atomic():
            by = request.user.get_username()
            adding.add_contact(target=target.target, by=by, **form.cleaned_data)
            _record(request, target, f"added {form.cleaned_data['type']}")
    except Wrong as wrong:
        words_ = f"{wrong.problem}: {wrong.remedy}" if wrong.remedy else wrong.problem
        form.add_error(wrong.field if wrong.field in form.fields else None, words_)
        return False
    messages.success(request, _("Added. It is used from now on."))
    return True


def _contact(contact_id: int) -> ContactDetail:
    row = offices.contact_row(contact_id)
    if row is None:
        raise Http404
    return row


def _target(row: ContactDetail) -> Listing:
    """Who is reached by a contact. Raises Http404 when nobody is any more."""
    listings = reading.on(clock.now().date())
    found: Any = (
        listings.filter(person=row.owner).first() or listings.filter(post=row.owner).first()
    )
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]  # either is a Listing


def _record(request: HttpRequest, target: Listing, detail: str) -> None:
    audit.record(by=request.user, action=audit.CORRECT, about=target.target, detail=detail)
