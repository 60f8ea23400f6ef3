"""The roster: everybody who carries, or could carry, the link."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.base import clock
from groundswell.base.sealing import CannotOpen
from groundswell.messengers import contact as contacts
from groundswell.messengers import queries, services
from groundswell.messengers.models import Messenger, Status
from groundswell.people import queries as people
from groundswell.studio.home import cards
from groundswell.studio.messengers import access, trail
from groundswell.studio.messengers.access import needs
from groundswell.studio.messengers.forms_roster import FilterForm, PersonForm, account_set


@needs(access.SEE)
def index(request: HttpRequest) -> HttpResponseBase:
    """All campaigns, and how far their messengers are."""
    counts, links = queries.status_counts(), queries.link_counts()
    rows = []
    for card in cards.campaigns(now=clock.now()):
        mine = counts.get(card.page.translation_key, {})
        rows.append(
            {
                "card": card,
                "key": card.page.translation_key,
                "people": sum(mine.values()),
                "steps": [
                    (code, words, mine[code]) for code, words in Status.choices if code in mine
                ],
                "links": links.get(card.page.translation_key, 0),
            }
        )
    context = {
        **trail.page(request, _("Messengers")),
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": _("Messengers")},
        ],
        "part": "campaigns",
        "rows": rows,
        "anybody": Messenger.objects.exists(),
    }
    return render(request, "studio/messengers/index.html", context)


@needs(access.SEE)
def roster(request: HttpRequest) -> HttpResponseBase:
    """Everybody on the roster, narrowed by what is asked for."""
    form = FilterForm(request.GET, everybody=queries.roster())
    found = form.found()
    context = {
        **trail.page(request, _("Roster")),
        "part": "roster",
        "form": form,
        "rows": [as_row(one) for one in found],
        "filtered": form.filtered,
        "empty": not Messenger.objects.exists(),
    }
    return render(request, "studio/messengers/roster.html", context)


@needs(access.SEE)
def one(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """All that is known of one messenger. The contact is for those who work with them."""
    row = messenger(key)
    titles = {
        card.page.translation_key: str(card.page.title) for card in cards.campaigns(now=clock.now())
    }
    parts = [part for part in queries.parts_of(one=row) if part.campaign_key in titles]
    context = {
        **trail.page(request, row.name, [(reverse("messengers_roster"), _("Roster"))]),
        "row": as_row(row),
        "messenger": row,
        **contact_of(request, row),
        "parts": [(part, titles[part.campaign_key]) for part in parts],
    }
    return render(request, "studio/messengers/one.html", context)


@needs(access.RUN)
def new(request: HttpRequest) -> HttpResponseBase:
    """Put somebody on the roster."""
    return _edit(request, None)


@needs(access.RUN)
def edit(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Change what is known of a messenger, unless their contact does not open: it would be lost."""
    row = messenger(key)
    if "sealed" in contact_of(request, row):
        messages.error(
            request,
            _(
                "Their contact cannot be opened with the keys this installation holds, so nothing"
                " can be changed here. Ask whoever keeps the backup of the key files."
            ),
        )
        return redirect("messengers_one", key=key)
    return _edit(request, row)


@require_POST
@needs(access.RUN)
def archive(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Take somebody off the roster's first page, or put them back."""
    row = messenger(key)
    if row.archived_at:
        services.bring_back(messenger=row)
        messages.success(request, _("%(name)s is back on the roster.") % {"name": row.name})
    else:
        services.archive(messenger=row)
        messages.success(
            request, _("%(name)s is archived. Links go on working.") % {"name": row.name}
        )
    return redirect("messengers_one", key=row.key)


def messenger(key: UUID) -> Messenger:
    """A messenger, or Http404."""
    row = queries.messenger(key=key)
    if row is None:
        raise Http404
    return row


def as_row(row: Messenger) -> dict[str, Any]:
    """A messenger as lists show them."""
    return {
        "one": row,
        "reach": queries.reach(row),
        "accounts": list(row.profiles.all()),
        "groups": list(row.groups.all()),
        "there": there(row),
    }


def contact_of(request: HttpRequest, row: Messenger) -> dict[str, Any]:
    """`contact` for who works with messengers; `sealed` when it does not open with our keys."""
    if not people.may(request.user, access.RUN):
        return {}
    try:
        return {"contact": contacts.open_contact(row)}
    except CannotOpen:
        return {"sealed": True}


def there(row: Messenger) -> datetime | None:
    """What the clock shows where a messenger is; None when we do not know where.

    Without its zone, for a template would turn it back to the organisers' clock.
    """
    if not row.time_zone:
        return None
    return clock.now().astimezone(ZoneInfo(row.time_zone)).replace(tzinfo=None)


def put_errors(form: Form, error: ValidationError) -> None:
    """Put what a service refused beside the fields it is about; elsewhere what is about none."""
    named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, words in named.items():
        form.add_error(field if field in form.fields else None, words)


def _edit(request: HttpRequest, row: Messenger | None) -> HttpResponseBase:
    sent = request.POST if request.method == "POST" else None
    form, accounts = PersonForm(sent, row=row), account_set(sent, row=row)
    # Both are asked, so that all that is wrong shows at once.
    if sent is not None and all([form.is_valid(), accounts.is_valid()]):
        try:
            person = form.person(accounts.accounts())
            if row is None:
                saved = services.add_messenger(person=person, by=request.user.get_username())
            else:
                saved = services.change_messenger(messenger=row, person=person)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("messengers_one", key=saved.key)
    above = [(reverse("messengers_roster"), _("Roster"))]
    if row:
        above.append((reverse("messengers_one", args=[row.key]), row.name))
    context = {
        **trail.page(request, _("Change") if row else _("New messenger"), above),
        "form": form,
        "accounts": accounts,
        "row": row,
        "zones": sorted(zone for zone in available_timezones() if "/" in zone),
    }
    status = 422 if sent is not None else 200
    return render(request, "studio/messengers/edit.html", context, status=status)
