"""Inviting first signatories: one by one, or many at once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.people import open_letter_firsts as firsts
from groundswell.people.open_letter_firsts import Entry
from groundswell.studio.openletters import access
from groundswell.studio.openletters.access import needs
from groundswell.studio.openletters.forms import ManyForm, PersonForm
from groundswell.studio.openletters.views import card_of, frame


@needs(access.RUN)
def add(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """Both forms. Each person gets a private link; nothing is shown before they sign."""
    card = card_of(page_key)
    many = request.method == "POST" and "many" in request.POST
    single = request.method == "POST" and not many
    person = PersonForm(request.POST if single else None)
    people = ManyForm(request.POST if many else None, request.FILES if many else None)
    entries: list[Entry] = []
    if single and person.is_valid():
        entries = [person.entry()]
    elif many and people.is_valid():
        entries = people.cleaned_data["entries"]
    if entries:
        try:
            firsts.add(page_key=page_key, entries=entries, by=request.user)
        except ValueError as error:
            (people if many else person).add_error(None, str(error))
        else:
            _say(request, len(entries))
            again = "openletters_add" if "again" in request.POST else "openletters_one"
            return redirect(again, page_key=page_key)
    context = {
        **frame(request, card, "firsts", _("Invite first signatories")),
        "person": person,
        "people": people,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "studio/openletters/add.html", context, status=status)


def _say(request: HttpRequest, number: int) -> None:
    said = ngettext(
        "%(n)s person is invited. Their link is on their page; nothing was mailed.",
        "%(n)s people are invited. Their links are in the list; nothing was mailed.",
        number,
    )
    messages.success(request, said % {"n": number})
