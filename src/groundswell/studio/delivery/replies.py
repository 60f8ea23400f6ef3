"""What offices answered. They quote letters and name supporters, so each reading is on record."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from groundswell.base import sealing
from groundswell.delivery import queries
from groundswell.delivery.inbox import replies as inbox
from groundswell.delivery.models import Reply
from groundswell.people import audit
from groundswell.studio.delivery import access
from groundswell.studio.delivery.access import needs
from groundswell.studio.delivery.views import SIZE, row_id, trail
from groundswell.studio.home import cards


@needs(access.READ)
def index(request: HttpRequest) -> HttpResponseBase:
    """The answers, newest first; automatic ones only when asked for."""
    titles = cards.titles()
    chosen = _chosen(request)
    automatic = None if "automatic" in chosen else False
    rows = queries.replies(
        page_keys=[UUID(chosen["page"])] if "page" in chosen else (),
        target=chosen.get("target", ""),
        automatic=automatic,
        after=row_id(request.GET.get("after", "")),
        limit=SIZE + 1,
    )
    more = rows[SIZE - 1].pk if len(rows) > SIZE else None
    context = {
        **trail(_("Answers from offices")),
        "tab": "replies",
        "may_read": True,
        "rows": [(row, titles.get(row.page_key, _("A page that is gone"))) for row in rows[:SIZE]],
        "chosen": chosen,
        "title": titles.get(UUID(chosen["page"])) if "page" in chosen else "",
        "paged": "after" in request.GET,
        "query": urlencode(chosen),
        "with_automatic": urlencode({**chosen, "automatic": "1"}),
        "older": "?" + urlencode({**chosen, "after": more}) if more else "",
    }
    return render(request, "studio/delivery/replies.html", context)


@needs(access.READ)
def one(request: HttpRequest, id: int) -> HttpResponseBase:  # noqa: A002  the URL's word
    """One answer. Who read it is on the record before it is shown."""
    row = Reply.objects.select_related("parcel__tally").filter(pk=id).first()
    if row is None:
        raise Http404
    audit.record(by=request.user, action=audit.REPLY, about=row.target, detail=f"answer {row.pk}")
    above = [(reverse("desk_delivery_replies"), _("Answers from offices"))]
    context = {
        **trail(_("One answer"), above),
        "reply": row,
        "said": _open(row),
        "title": cards.titles().get(row.page_key, _("A page that is gone")),
    }
    return render(request, "studio/delivery/reply.html", context)


def _open(row: Reply) -> inbox.ReplyText | None:
    try:
        return inbox.open_reply(row)
    except sealing.CannotOpen:
        return None


def _chosen(request: HttpRequest) -> dict[str, Any]:
    found = {name: request.GET.get(name, "") for name in ("page", "target", "automatic")}
    try:
        UUID(found["page"])
    except ValueError:
        found["page"] = ""
    return {name: value[:120] for name, value in found.items() if value}
