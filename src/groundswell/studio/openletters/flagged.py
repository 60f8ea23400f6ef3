"""What visitors reported: it stands here until somebody has looked, and hides nothing by itself."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.kinds.open_letter.kind import FLAG_REASONS
from groundswell.people import flags
from groundswell.people import open_letter_names as names
from groundswell.studio.openletters import access, words
from groundswell.studio.openletters.access import needs
from groundswell.studio.openletters.views import card_of, frame


@needs(access.MODERATE)
def index(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """The names with open reports, the most reported first."""
    card = card_of(page_key)
    rows = [
        {
            "one": found,
            "state": words.NAMES[found.name.row.state],
            "reports": [
                (flag, _(FLAG_REASONS.get(flag.reason, FLAG_REASONS["other"])), note)
                for flag, note in found.reports
            ],
        }
        for found in names.flagged(page_key=page_key, by=request.user)
    ]
    context = {**frame(request, card, "flags"), "rows": rows}
    return render(request, "studio/openletters/flags.html", context)


@require_POST
@needs(access.MODERATE)
def settle(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """Keep a name, or hide it for a reason."""
    card_of(page_key)
    said, reason = request.POST, request.POST.get("reason", "").strip()
    text = said.get("number", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    hide = said.get("do") == "hide"
    if hide and not reason:
        messages.error(request, _("Say why you hide it: the reason stays on the record."))
    elif flags.settle(page_key=page_key, number=number, by=request.user, hide=hide, reason=reason):
        done = _("Hidden. It goes on counting.") if hide else _("Kept. Its reports are closed.")
        messages.success(request, done)
    else:
        messages.warning(request, _("Somebody has dealt with it already."))
    return redirect("openletters_flags", page_key=page_key)
