"""Writing a text: the editor, its live count, and a save that overwrites nobody unseen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.messengers import diff, queries, services_copies
from groundswell.messengers import links as door
from groundswell.messengers import queries_statements as texts
from groundswell.messengers import services_statements as services
from groundswell.messengers.models import Involvement, Messenger
from groundswell.messengers.networks import NETWORKS
from groundswell.messengers.queries_statements import Row
from groundswell.messengers.services_copies import Place
from groundswell.messengers.services_statements import Content
from groundswell.studio.messengers import access, pictures, preview, statements, times, trail
from groundswell.studio.messengers.access import needs
from groundswell.studio.messengers.forms_statements import (
    ALL,
    TextForm,
    WhereForm,
    text_initial,
)


@needs(access.RUN)
def new(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """Write a text that is not there yet."""
    card = trail.campaign(campaign_key)
    parts = queries.parts(campaign_key=campaign_key)
    sent = request.POST if request.method == "POST" else None
    where = WhereForm(sent, parts=parts, initial=_asked(request))
    form = TextForm(
        sent, card=card, messenger=where.messenger_of(), network=where.said("network"),
        initial={"disclosure": _disclosure(parts, where.messenger_of())},
    )  # fmt: skip
    mine = pictures.read(request) if sent else pictures.Sent([], "")
    counts = sent is not None and "count" in sent
    if sent and not counts and all((where.is_valid(), form.is_valid(), not mine.error)):
        made = _create(request, campaign_key, where, form, mine)
        messages.success(
            request, _("Kept as a draft. Nobody outside sees it before you approve it.")
        )
        return redirect("messengers_text", campaign_key=campaign_key, key=made)
    above = [(reverse("messengers_texts", args=[campaign_key]), _("Texts"))]
    context = {
        **trail.of_campaign(request, card, tab="texts", title=_("Write a text"), above=above),
        **_editor(form, mine, Desk.at(where)),
        "where": where,
        "back": reverse("messengers_texts", args=[campaign_key]),
    }
    return _shown(request, context, sent, form, counts)


@needs(access.RUN)
def edit(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """Change a text. Who has read an older one than is there now is told, and loses no word."""
    row = statements.row_of(campaign_key, key)
    card = trail.campaign(campaign_key)
    sent = request.POST if request.method == "POST" else None
    form = TextForm(
        sent, card=card, messenger=row.one.messenger, network=row.one.network,
        initial=text_initial(row),
    )  # fmt: skip
    mine = pictures.read(request) if sent else pictures.Sent(pictures.of(row.last.pictures), "")
    counts = sent is not None and "count" in sent
    stale = False
    if sent and not counts and form.is_valid() and not mine.error:
        stale = not _save(request, row, form, mine)
        if not stale:
            return redirect("messengers_text", campaign_key=campaign_key, key=key)
        row = statements.row_of(campaign_key, key)
    context = {
        **statements.context_of(
            request,
            row,
            title=_("Change: %(name)s") % {"name": statements.name_of(row)},
            below=True,
        ),
        **_editor(form, mine, Desk.of(row)),
        "back": reverse("messengers_text", args=[campaign_key, key]),
        "theirs": diff.pieces(row.last.text, form["text"].value() or "") if stale else [],
        "edit": row.one.edit if stale or not form.is_bound else form["edit"].value(),
        "stale": stale,
    }
    return _shown(request, context, sent, form, counts, stale=stale)


@require_POST
@needs(access.RUN)
def measure(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """What the editor shows beside a text that is being typed. Nothing is kept."""
    card = trail.campaign(campaign_key)
    parts = queries.parts(campaign_key=campaign_key)
    where = WhereForm(request.POST, parts=parts)
    row = _row_named(campaign_key, request.POST.get("of", ""))
    desk = Desk.of(row) if row else Desk.at(where)
    form = TextForm(request.POST, card=card, messenger=desk.messenger, network=desk.network)
    form.is_valid()
    mine = pictures.Sent(pictures.of(_typed_pictures(request)), "")
    context = {**_editor(form, mine, desk), "campaign": card}
    return render(request, "studio/messengers/_text_look.html", context)


def _row_named(campaign_key: UUID, text: str) -> Row | None:
    try:
        row = texts.row(key=UUID(text))
    except ValueError:
        return None
    return row if row and row.one.campaign_key == campaign_key else None


def _typed_pictures(request: HttpRequest) -> list[tuple[int, str]]:
    """The pictures as ticked now; a chosen file is not sent for a look."""
    said = request.POST
    ticked = [*said.getlist("picture"), *said.getlist("choose")]
    return [
        (int(one), said.get(f"alt-{one}", ""))
        for one in dict.fromkeys(ticked)
        if one.isascii() and one.isdigit() and len(one) < 10 and f"drop-{one}" not in said
    ]


def _asked(request: HttpRequest) -> dict[str, str]:
    """Where the text is for, as the link to the editor says."""
    first = next(iter(NETWORKS))
    found = {"messenger": ALL, "network": first, "language": "en"}
    return {name: request.GET.get(name, value) for name, value in found.items()}


def _disclosure(parts: list[Involvement], messenger: Messenger | None) -> str:
    return next((one.disclosure for one in parts if one.messenger == messenger), "")


@transaction.atomic
def _create(
    request: HttpRequest, campaign_key: UUID, where: WhereForm, form: TextForm, mine: pictures.Sent
) -> UUID:
    messenger = where.messenger_of()
    place = Place(
        messenger.pk if messenger else None, where.said("network"), where.said("language")
    )
    made = services.create(
        campaign_key=campaign_key, network=place.network, language=place.language,
        messenger_id=place.messenger_id, times=form.times(), by=request.user.get_username(),
        content=_content(request, campaign_key, place, form, mine),
    )  # fmt: skip
    return made.key


def _save(request: HttpRequest, row: Row, form: TextForm, mine: pictures.Sent) -> bool:
    """Keep it, unless somebody saved since it was read."""
    place = Place(row.one.messenger_id, row.one.network, row.one.language)
    had_yes = row.ours is not None
    try:
        with transaction.atomic():
            services.save(
                key=row.one.key,
                edit=form.cleaned_data["edit"] or 0,
                content=_content(request, row.one.campaign_key, place, form, mine),
                times=form.times(),
                by=request.user.get_username(),
            )
    except services.Stale:
        return False
    after = texts.row(key=row.one.key)
    if had_yes and after and after.ours is None:
        messages.warning(
            request,
            _("Saved as version %(n)s. It needs your approval anew, and then theirs: what was"
              " approved were other words.") % {"n": after.last.number},
        )  # fmt: skip
    else:
        messages.success(request, _("Saved."))
    return True


def _content(
    request: HttpRequest, campaign_key: UUID, place: Place, form: TextForm, mine: pictures.Sent
) -> Content:
    link = form.chosen_link()
    if link is None:
        link = services_copies.own_link(
            campaign_key=campaign_key, place=place, page_key=form.new_link_to(),
            by=request.user.get_username(),
        )  # fmt: skip
    said = form.cleaned_data
    return Content(
        text=said["text"],
        disclosure=said["disclosure"],
        link_id=link.pk if link else None,
        pictures=mine.content,
    )


@dataclass(frozen=True)
class Desk:
    """Whose text is being written, and where; `row` is what is kept of it so far."""

    messenger: Messenger | None
    network: str
    language: str
    row: Row | None = None

    @classmethod
    def of(cls, row: Row) -> "Desk":
        return cls(row.one.messenger, row.one.network, row.one.language, row)

    @classmethod
    def at(cls, where: WhereForm) -> "Desk":
        return cls(where.messenger_of(), where.said("network"), where.said("language"))


def _editor(form: TextForm, mine: pictures.Sent, desk: Desk) -> dict[str, Any]:
    """What the editor and its live part show."""
    link, row = form.chosen_link(), desk.row
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    typed: dict[str, datetime | None] = {"suggested": None, "embargo": None}
    if row and not form.is_bound:
        typed = {"suggested": row.one.suggested_at, "embargo": row.one.embargo_until}
    for name in typed:
        typed[name] = said.get(name, typed[name])
    return {
        "form": form,
        "look": preview.look(
            network=desk.network,
            language=desk.language,
            text=form["text"].value() or "",
            disclosure=form["disclosure"].value() or "",
            link=door.address(link) if link else "",
            alts=[one.alt for one in mine.pictures],
            known=row.last.claims.all() if row else (),
        ),
        "pictures": mine.pictures,
        "picture_error": mine.error,
        "shelf": [one for one in pictures.shelf() if one not in [p.image for p in mine.pictures]],
        "network": NETWORKS[desk.network],
        "language": desk.language,
        "suggested": times.clocks(typed["suggested"], desk.messenger),
        "embargo": times.clocks(typed["embargo"], desk.messenger),
        "poster": desk.messenger.name if desk.messenger else _("A messenger"),
        "row": row,
    }


def _shown(
    request: HttpRequest,
    context: dict[str, Any],
    sent: Any,
    form: TextForm,
    counts: bool,
    *,
    stale: bool = False,
) -> HttpResponseBase:
    if counts:
        # Asking for the count is no attempt to save: no field is wrong yet.
        form.errors.clear()
    status = 200 if sent is None or counts else 409 if stale else 422
    return render(request, "studio/messengers/text_edit.html", context, status=status)
