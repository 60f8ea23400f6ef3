"""Sending an open letter to those it is for, and what became of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from groundswell.campaigns import counters, letter_texts, signatories
from groundswell.campaigns.models import OpenLetterPage
from groundswell.campaigns.render_read_letter import first_texts, signed_texts
from groundswell.delivery import queries as delivery
from groundswell.delivery import services
from groundswell.delivery.channels import registry
from groundswell.delivery.models import State
from groundswell.people import audit, open_letter_pack, queries
from groundswell.people import open_letter_send as sending
from groundswell.studio.delivery import access as delivery_access
from groundswell.studio.delivery import words
from groundswell.studio.openletters import access
from groundswell.studio.openletters.access import needs
from groundswell.studio.openletters.views import card_of, frame

# A letter on paper is the organiser's to bring, not a supporter's.
ON_PAPER = {
    "with_supporter": _lazy("Yours to print and hand over"),
    "opened": _lazy("Yours to print and hand over"),
    "says_sent": _lazy("Handed over"),
}


@needs(access.SEE)
def index(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """Whom it is for, what was sent when, and the pack to hand over."""
    card = card_of(page_key)
    page = sending.letter_page(page_key)
    totals = counters.all_totals().get(page_key)
    context = {
        **frame(request, card, "delivery"),
        "page": page,
        "addressees": [(one, words.channel(one.channel)) for one in sending.addressees(page=page)]
        if page
        else [],
        "round": sending.next_round(page_key=page_key),
        "rounds": sending.rounds(page_key=page_key),
        "letters": _letters(page_key),
        "cosigners": totals.confirmed if totals else 0,
        "earlier": _earlier(page) if page else None,
        "webhook": registry.is_on("webhook"),
        "parts": range(1, open_letter_pack.parts(page_key) + 1),
        "may_hand_over": delivery_access.may_hand_over(request),
        "may_see_delivery": queries.may(request.user, delivery_access.SEE),
    }
    return render(request, "studio/openletters/delivery.html", context)


@require_POST
@needs(access.RUN)
def send(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """Send it to those who were ticked. The form names its round, so that twice is once."""
    card_of(page_key)
    text = request.POST.get("round", "")
    try:
        number = sending.send(
            page_key=page_key,
            number=int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0,
            targets=request.POST.getlist("target"),
            by=request.user,
            way=request.POST.get("way", "auto"),
        )
    except sending.NotYet as error:
        messages.error(request, str(error))
        return redirect("openletters_delivery", page_key=page_key)
    if number:
        said = ngettext("%(n)s letter is on its way.", "%(n)s letters are on their way.", number)
        messages.success(request, said % {"n": number})
    else:
        messages.info(request, _("That was sent already; nothing went out twice."))
    return redirect("openletters_delivery", page_key=page_key)


@require_POST
@needs(access.RUN)
def handed(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """Note that a letter on paper was handed over."""
    card_of(page_key)
    parcel = letter_of(page_key, request.POST.get("id", ""))
    by = request.user.get_username()
    done = services.note(
        submission_id=parcel.submission_id, target=parcel.target, step="sent", by=by
    )
    if done:
        detail = f"handed over {parcel.target}"
        audit.record(by=request.user, action=audit.DELIVER, about=page_key.hex, detail=detail)
        messages.success(request, _("Noted: handed over."))
    return redirect("openletters_delivery", page_key=page_key)


def letter_of(page_key: UUID, key: str) -> Any:
    """A letter of this page by its key. Raises Http404."""
    try:
        found = delivery.parcel(key=UUID(hex=key))
    except ValueError:
        raise Http404 from None
    if found is None or found.page_key != page_key:
        raise Http404
    return found


def _earlier(page: OpenLetterPage) -> dict[str, int] | None:
    """How many signed another text than the one that would be sent; None if nobody did."""
    stands = letter_texts.standing(page_key=page.page_key)
    first = letter_texts.tell(stands, first_texts(signatories.first(page.page_key)))["earlier"]
    more = letter_texts.tell(stands, signed_texts(page))["earlier"]
    return {"first": first, "more": more} if first or more else None


def _letters(page_key: UUID) -> list[tuple[Any, str, str, bool]]:
    """Each letter with its state and channel in words, and whether it can be handed over."""
    rows = delivery.report_rows(page_keys=[page_key], limit=500)
    made = []
    for row in rows:
        paper = row.channel == "print"
        state = (
            str(ON_PAPER[row.state]) if paper and row.state in ON_PAPER else words.state(row.state)
        )
        made.append((row, state, words.channel(row.channel),
                     paper and row.state == State.WITH_SUPPORTER))  # fmt: skip
    return made
