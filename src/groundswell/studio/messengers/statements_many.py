"""One text for many messengers at once, and one text into other languages."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.messengers import queries, services_copies
from groundswell.messengers import queries_statements as texts
from groundswell.messengers.models import Statement
from groundswell.messengers.queries_statements import Row
from groundswell.messengers.services_copies import Copied, Place
from groundswell.messengers.services_statements import Content
from groundswell.studio.messengers import access, statements, trail
from groundswell.studio.messengers.access import needs
from groundswell.studio.messengers.forms_statements import LanguageForm, ManyForm


@needs(access.RUN)
def many(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """Make a text for each chosen messenger and network, each with a link of its own."""
    card = trail.campaign(campaign_key)
    parts = queries.parts(campaign_key=campaign_key)
    base = _base(campaign_key, request.GET.get("from", ""))
    sent = request.POST if request.method == "POST" else None
    form = ManyForm(sent, card=card, parts=parts, initial=_initial(base))
    if sent and form.is_valid():
        said = form.cleaned_data
        try:
            made = services_copies.copy(
                campaign_key=campaign_key,
                content=_content(base, said["text"]),
                places=form.places(),
                page_key=UUID(said["page"]) if said["page"] else None,
                by=request.user.get_username(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _say(request, made)
            return redirect("messengers_texts", campaign_key=campaign_key)
    above = [(reverse("messengers_texts", args=[campaign_key]), _("Texts"))]
    title = _("Texts for many")
    context = {
        **trail.of_campaign(request, card, tab="texts", title=title, above=above),
        "form": form,
        "base": statements.name_of(base) if base else "",
        "parts": parts,
    }
    status = 422 if sent else 200
    return render(request, "studio/messengers/texts_many.html", context, status=status)


@needs(access.RUN)
def language(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """Carry a text over into other languages, to be translated there."""
    row = statements.row_of(campaign_key, key)
    parts = queries.parts(campaign_key=campaign_key)
    sent = request.POST if request.method == "POST" else None
    form = LanguageForm(sent, parts=parts, one=row.one)
    if sent and form.is_valid():
        made = services_copies.copy(
            campaign_key=campaign_key,
            content=services_copies.content_of(row.one),
            places=[
                Place(row.one.messenger_id, row.one.network, code)
                for code in form.cleaned_data["languages"]
            ],
            page_key=row.one.link.page_key if row.one.link else None,
            by=request.user.get_username(),
        )
        _say(request, made)
        return _to_first(campaign_key, made)
    context = {
        **statements.context_of(request, row, title=_("Into another language"), below=True),
        "form": form,
    }
    status = 422 if sent else 200
    return render(request, "studio/messengers/text_language.html", context, status=status)


def _base(campaign_key: UUID, text: str) -> Row | None:
    try:
        row = texts.row(key=UUID(text))
    except ValueError:
        return None
    return row if row and row.one.campaign_key == campaign_key else None


def _initial(base: Row | None) -> dict[str, object]:
    if base is None:
        return {}
    link = base.one.link
    return {
        "text": base.last.text,
        "language": base.one.language,
        "networks": [base.one.network],
        "page": link.page_key.hex if link else "",
    }


def _content(base: Row | None, text: str) -> Content:
    words = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if base is None:
        return Content(text=words)
    old = services_copies.content_of(base.one)
    return Content(text=words, disclosure=old.disclosure, pictures=old.pictures)


def _say(request: HttpRequest, made: Copied) -> None:
    if made.fresh:
        number = len(made.fresh)
        words = ngettext(
            "%(n)s text made, as a draft. From now on each goes its own way.",
            "%(n)s texts made, as drafts. From now on each goes its own way.",
            number,
        )
        messages.success(request, words % {"n": number})
    if made.known:
        number = len(made.known)
        words = ngettext(
            "%(n)s was there already with these words, and was left as it is.",
            "%(n)s were there already with these words, and were left as they are.",
            number,
        )
        messages.warning(request, words % {"n": number})


def _to_first(campaign_key: UUID, made: Copied) -> HttpResponseBase:
    """To the editor, if there is one text to be translated; else to the overview."""
    only: Statement | None = made.fresh[0] if len(made.fresh) == 1 else None
    if only is None:
        return redirect("messengers_texts", campaign_key=campaign_key)
    return redirect("messengers_text_edit", campaign_key=campaign_key, key=only.key)
