"""A campaign's Links tab: make links, name them, show their QR codes, retire them."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from groundswell.messengers import links as tracked
from groundswell.messengers import qr, queries, services_links
from groundswell.messengers.models import TrackedLink
from groundswell.messengers.networks.registry import NETWORKS
from groundswell.studio.home import names
from groundswell.studio.messengers import access, roster, trail
from groundswell.studio.messengers.access import needs, sees
from groundswell.studio.messengers.forms_campaign import LinksForm, NameForm, pages

# What a QR code can be downloaded as: (media type, how it is drawn).
FILES: Final[dict[str, tuple[str, Callable[[str], bytes]]]] = {
    "svg": ("image/svg+xml", qr.svg),
    "png": ("image/png", qr.png),
    "print.png": (
        "image/png",
        lambda text: qr.png(text, pixels=qr.PRINT_PIXELS, dpi=qr.PRINT_DPI),
    ),
    "pdf": ("application/pdf", qr.pdf),
}


@sees
def index(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """A campaign's links by messenger. POST makes more."""
    card = trail.campaign(campaign_key)
    parts = queries.parts(campaign_key=campaign_key)
    sent = request.method == "POST"
    form = LinksForm(request.POST if sent else None, card=card, parts=parts)
    if sent and form.is_valid() and _make(request, campaign_key, form):
        return redirect("messengers_links", campaign_key=campaign_key)
    rows = list(queries.links(campaign_key=campaign_key))
    titles = dict(pages(card))
    context = {
        **trail.of_campaign(request, card, tab="links"),
        "form": form,
        "groups": _by_messenger([one for one in rows if not one.retired_at], titles),
        "retired": [_row(one, titles) for one in rows if one.retired_at],
        "offline": not any(one.is_public for one in card.pages),
    }
    return render(request, "studio/messengers/links.html", context, status=422 if sent else 200)


@sees
def one(request: HttpRequest, campaign_key: UUID, code: str) -> HttpResponseBase:
    """One link: its QR code to look at and to take, its name. POST names it."""
    link = _link(campaign_key, code)
    sent = request.method == "POST"
    form = NameForm(request.POST if sent else None, initial={"alias": link.alias or ""})
    if sent and form.is_valid():
        try:
            services_links.name_link(link=link, name=form.cleaned_data["alias"])
        except ValidationError as error:
            roster.put_errors(form, error)
        else:
            messages.success(request, _("Saved. It works under both names from now on."))
            return redirect("messengers_link", campaign_key=campaign_key, code=code)
    card = trail.campaign(campaign_key)
    above = [(reverse("messengers_links", args=[campaign_key]), _("Links"))]
    context = {
        **trail.of_campaign(request, card, tab="links", title=f"/k/{link.name}", above=above),
        **_row(link, dict(pages(card))),
        "form": form,
        "drawing": _drawing(tracked.address(link)),
    }
    return render(request, "studio/messengers/link.html", context, status=422 if sent else 200)


@needs(access.SEE)
def file(_request: HttpRequest, campaign_key: UUID, code: str, kind: str) -> HttpResponseBase:
    """A link's QR code as a file."""
    link = _link(campaign_key, code)
    if kind not in FILES:
        raise Http404
    media_type, draw = FILES[kind]
    answer = HttpResponse(draw(tracked.address(link)), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="qr-{link.name}.{kind}"'
    return answer


@require_POST
@needs(access.RUN)
def retire(request: HttpRequest, campaign_key: UUID, code: str) -> HttpResponseBase:
    """Let a link lead nowhere, or let a retired one work again."""
    link = _link(campaign_key, code)
    if link.retired_at:
        try:
            services_links.bring_back(link=link)
            messages.success(request, _("The link works again."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    else:
        services_links.retire(link=link)
        messages.success(request, _("Retired. It leads nowhere now; its numbers stay."))
    return redirect("messengers_link", campaign_key=campaign_key, code=code)


def _make(request: HttpRequest, campaign_key: UUID, form: LinksForm) -> bool:
    try:
        made = services_links.make_links(
            campaign_key=campaign_key,
            page_key=UUID(form.cleaned_data["page"]),
            by=request.user.get_username(),
            **form.wish(),
        )
    except ValidationError as error:
        roster.put_errors(form, error)
        return False
    words = [
        ngettext("%(n)s link is ready.", "%(n)s links are ready.", len(made.fresh))
        % {"n": len(made.fresh)}
    ]
    if made.known:
        there = ngettext("%(n)s was there already.", "%(n)s were there already.", len(made.known))
        words.append(there % {"n": len(made.known)})
    messages.success(request, " ".join(words))
    return True


def _by_messenger(
    rows: list[TrackedLink], titles: dict[str, str]
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Links under their messengers' names, the campaign's own last."""
    found: dict[tuple[bool, str, int], list[dict[str, Any]]] = {}
    for link in rows:
        name = link.messenger.name if link.messenger else _("The campaign itself")
        key = (link.messenger is None, name, link.messenger_id or 0)
        found.setdefault(key, []).append(_row(link, titles))
    return [(key[1], found[key]) for key in sorted(found)]


def _row(link: TrackedLink, titles: dict[str, str]) -> dict[str, Any]:
    network = NETWORKS.get(link.network)
    return {
        "link": link,
        "address": tracked.address(link),
        "network": network.label if network else link.network,
        "clicks": network is None or network.links_work,
        "language": names.language(link.language) if link.language else _("The visitor's own"),
        "leads_to": titles.get(link.page_key.hex, _("a page that is not public now")),
    }


def _drawing(text: str) -> SafeString:
    """The QR code as a drawing to be looked at."""
    # segno writes nothing but numbers into it: the text itself is not there.
    return mark_safe(qr.svg(text).decode())  # noqa: S308


def _link(campaign_key: UUID, code: str) -> TrackedLink:
    link = queries.link(code=code)
    if link is None or link.campaign_key != campaign_key:
        raise Http404
    return link
