"""Decision makers: all of them, one of them, and what is about to change."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from groundswell.base import clock
from groundswell.directline import queries as directline
from groundswell.directory import queries, reading
from groundswell.directory.models import Area, Listing
from groundswell.directory.targets import Target
from groundswell.people import queries as people
from groundswell.studio.directory import access, offices, words
from groundswell.studio.directory.access import needs
from groundswell.studio.directory.forms import STALE_DAYS, FilterForm
from groundswell.studio.directory.search import under
from groundswell.studio.home import names


@needs(access.SEE)
def index(request: HttpRequest) -> HttpResponseBase:
    """Every decision maker, by name, narrowed by what is asked for."""
    form = FilterForm(request.GET)
    number = request.GET.get("page", "1")
    found = form.found(int(number) if number.isascii() and number.isdigit() else 1)
    chosen = form.chosen()
    context = {
        **page(_("Decision makers")),
        "form": form,
        "tab": "people",
        "found": found,
        "rows": [as_row(one) for one in found.items],
        "filtered": bool(chosen),
        "earlier": _turn(chosen, found.page - 1) if found.page > 1 else "",
        "later": _turn(chosen, found.page + 1) if found.page < found.pages else "",
        "empty": not chosen and not found.total,
        "changes": offices.news(),
        **rights(request),
    }
    return render(request, "studio/directory/index.html", context)


@needs(access.SEE)
def one(request: HttpRequest, key: str) -> HttpResponseBase:
    """All that is known of one decision maker, and what can be set right."""
    found = queries.dossier(key)
    if found is None:
        raise Http404
    name = found.target.name if found.target else found.versions[0].said.get("name", key)
    context = {
        **page(name, [(reverse("desk_directory"), _("Decision makers"))]),
        "key": key,
        "name": name,
        "dossier": found,
        "target": found.target,
        "row": as_row(found.target) if found.target else None,
        "contacts": offices.contacts(found.target),
        "seats": offices.seats(key, found),
        "owner": offices.owner(key),
        "history": offices.history(found),
        "changes_on": offices.redrawn(found.target),
        "talks": directline.number_with(by=request.user, target=key),
        "may_talk": people.may(request.user, directline.READ),
        **rights(request),
    }
    return render(request, "studio/directory/one.html", context)


@needs(access.SEE)
def changes(request: HttpRequest) -> HttpResponseBase:
    """Seats without a holder, terms that end, maps that are drawn anew, sources gone old."""
    today = clock.now().date()
    vacant = reading.on(today).filter(vacant=True).order_by("country", "sorting")
    maps = Area.objects.on(today).filter(redrawn_on__isnull=False).order_by("redrawn_on", "name")
    context = {
        **page(_("What changes"), [(reverse("desk_directory"), _("Decision makers"))]),
        "tab": "changes",
        "vacant": list(vacant[:200]),
        "maps": list(maps[:200]),
        "ending": offices.ending(today, within=timedelta(days=120)),
        "overdue": queries.overdue(),
        "stale": queries.stale(days=STALE_DAYS),
        "days": STALE_DAYS,
        **rights(request),
    }
    return render(request, "studio/directory/changes.html", context)


def as_row(target: Target) -> dict[str, Any]:
    """A decision maker as a list shows them."""
    limit = clock.now().date() - timedelta(days=STALE_DAYS)
    return {
        "target": target,
        "under": under(target),
        "country": names.country(target.country) if target.country else "",
        "stale": target.as_of is None or target.as_of < limit,
        "doubtful": sorted({c.standing for c in target.contacts if c.standing != "good"}),
        "kind": words.kind(target.kind),
    }


def rights(request: HttpRequest) -> dict[str, Any]:
    """What this organiser may do here, for templates."""
    may_import = people.may(request.user, access.IMPORT)
    return {
        "import_url": reverse("desk_directory_import") if may_import else "",
        "may_correct": people.may(request.user, access.CORRECT),
        "may_list": people.may(request.user, access.LISTS),
        "may_undo": people.may(request.user, access.UNDO),
    }


def page(title: str, above: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """What every page of this desk says of itself."""
    trail = [(reverse("wagtailadmin_home"), _("Home")), *(above or []), ("", title)]
    return {
        "header_title": title,
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in trail],
    }


def listed(key: str) -> Listing:
    """The row that lists a decision maker today. Raises Http404."""
    row: Listing | None = reading.on(clock.now().date()).filter(target=key).first()
    if row is None:
        raise Http404
    return row


def _turn(chosen: dict[str, str], number: int) -> str:
    return "?" + urlencode({**chosen, "page": number})
