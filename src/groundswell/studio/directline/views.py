"""Reading the record: all that fits, and one conversation with its history."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from groundswell.directline import queries
from groundswell.directory import queries as directory
from groundswell.people.queries import may
from groundswell.studio.directline import words
from groundswell.studio.directline.access import needs
from groundswell.studio.directline.forms import FilterForm


@needs(queries.READ)
def index(request: HttpRequest) -> HttpResponseBase:
    """The conversations, the latest first, narrowed by what is asked for.

    Words that are looked for may be somebody's name: they travel in a POST's body, so that no log
    and no history keeps them.
    """
    asked = request.POST if request.method == "POST" else request.GET
    form = FilterForm(asked)
    filters, chosen = form.filters(), form.chosen()
    found = queries.search(by=request.user, filters=filters, after=_uuid(asked.get("after")))
    context = {
        **trail(),
        "form": form,
        "rows": [words.row(one) for one in found.items],
        "titles": words.campaigns(),
        "found": found,
        "chosen": chosen,
        "target_name": _name(filters.target),
        "paged": "after" in asked,
        "may_keep": may(request.user, queries.KEEP),
    }
    return render(request, "studio/directline/index.html", context)


@needs(queries.READ)
def one(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """One conversation, and how it was told before."""
    found = opened(request, key)
    row = words.row(found)
    context = {
        **trail(_("One conversation")),
        "row": row,
        "entry": found.entry,
        "said": found.said,
        "title": words.campaigns().get(found.entry.campaign_key or UUID(int=0), ""),
        "history": words.history(queries.versions(by=request.user, of=found.entry)),
        "may_keep": may(request.user, queries.KEEP),
    }
    return render(request, "studio/directline/one.html", context)


def opened(request: HttpRequest, key: UUID) -> queries.Opened:
    """One entry for this organiser. Raises Http404."""
    found = queries.entry(by=request.user, key=key)
    if found is None:
        raise Http404
    return found


def trail(title: str = "", above: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """What a page of this desk says of itself: its title and what it lies below."""
    desk = [(reverse("direct_line"), _("Direct line"))]
    links = [(reverse("wagtailadmin_home"), _("Home")), *desk, *(above or [])]
    if title:
        links.append(("", title))
    return {
        "header_title": title or _("Direct line"),
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in links],
    }


def _name(target: str) -> str:
    if not target:
        return ""
    found = directory.targets([target]).get(target)
    return found.name if found else target


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
