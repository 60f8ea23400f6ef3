"""Public signatures: names wait until somebody has looked, and every decision can be undone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from groundswell.people import cosign
from groundswell.people import open_letter_names as names
from groundswell.studio.openletters import access, words
from groundswell.studio.openletters.access import needs
from groundswell.studio.openletters.views import card_of, frame

_HINTED = {"": None, "1": True, "0": False}


@needs(access.MODERATE)
def index(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """The names of one state, a page at a time."""
    card = card_of(page_key)
    state = request.GET.get("state", "waiting")
    state = state if state in words.NAMES else "waiting"
    hinted = request.GET.get("hinted", "")
    rows, more = names.listing(
        page_key=page_key,
        by=request.user,
        state=state,
        hinted=_HINTED.get(hinted),
        after=_number(request.GET.get("after", "")),
    )
    asked: dict[str, Any] = {"state": state, **({"hinted": hinted} if hinted in {"0", "1"} else {})}
    context = {
        **frame(request, card, "public"),
        "rows": [(one, [words.HINTS.get(hint, hint) for hint in one.hints]) for one in rows],
        "plain": [one.row.pk for one in rows if not one.hints and not one.row.flags]
        if state == "waiting"
        else [],
        "state": state,
        "states": words.NAMES.items(),
        "hinted": hinted,
        "here": "?" + urlencode(asked),
        "more": "?" + urlencode({**asked, "after": more}) if more else "",
        "paged": "after" in request.GET,
        "by_text": names.by_text(page_key=page_key).items(),
    }
    return render(request, "studio/openletters/public.html", context)


@require_POST
@needs(access.MODERATE)
def decide(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """Show, hide or put back the names that were ticked; or show those with nothing unusual."""
    card_of(page_key)
    what, reason = request.POST.get("do", ""), request.POST.get("reason", "").strip()
    field, what = ("plain", "show") if what == "show_plain" else ("number", what)
    chosen = {number for one in request.POST.getlist(field) if (number := _number(one))}
    if not chosen:
        messages.warning(request, _("Nobody was ticked, so nothing changed."))
    elif what == "show":
        number = cosign.show(page_key=page_key, numbers=chosen, by=request.user, reason=reason)
        said = ngettext("%(n)s name is shown.", "%(n)s names are shown.", number)
        messages.success(request, said % {"n": number})
    elif what == "hide" and not reason:
        messages.error(request, _("Say why you hide them: the reason stays on the record."))
    elif what == "hide":
        number = cosign.hide(page_key=page_key, numbers=chosen, by=request.user, reason=reason)
        said = ngettext("%(n)s name is hidden.", "%(n)s names are hidden.", number)
        messages.success(request, said % {"n": number} + " " + _("They go on counting."))
    elif what == "put_back":
        number = cosign.put_back(page_key=page_key, numbers=chosen, by=request.user)
        said = ngettext("%(n)s name waits again.", "%(n)s names wait again.", number)
        messages.success(request, said % {"n": number})
    return redirect(reverse("openletters_public", args=[page_key]) + _back(request))


def _back(request: HttpRequest) -> str:
    said = {name: request.POST.get(name, "") for name in ("state", "hinted")}
    return "?" + urlencode({name: value for name, value in said.items() if value})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
