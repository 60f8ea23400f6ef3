"""What is decided and said about a text: our yes, remarks, putting it away."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from groundswell.messengers import services_copies
from groundswell.messengers import services_statements as services
from groundswell.messengers.approval import Changed, NotReady
from groundswell.messengers.models import Messenger, Side
from groundswell.messengers.queries_statements import Row
from groundswell.studio.messengers import access, statements
from groundswell.studio.messengers.access import needs


@require_POST
@needs(access.RUN)
def approve(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """Our yes to the version that was on the page."""
    row = statements.row_of(campaign_key, key)
    by = request.user.get_username()
    try:
        with transaction.atomic():
            services.approve(key=key, version=number(request), by=by)
            links = services_copies.give_links(statement=row.one, by=by)
    except NotReady:
        row = statements.row_of(campaign_key, key)
        words = _("Not approved yet: settle what is listed below first.")
        return statements.show(request, row, status=422, error=words)
    except Changed:
        return changed(request, row)
    messages.success(
        request, _("Approved. The messenger’s side sees it on their private page now.")
    )
    if links:
        words = ngettext(
            "%(n)s messenger got a link of their own for it.",
            "%(n)s messengers got a link of their own for it.",
            links,
        )
        messages.success(request, words % {"n": links})
    return back(row)


@require_POST
@needs(access.RUN)
def withdraw(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """Take our yes back, and theirs with it."""
    row = statements.row_of(campaign_key, key)
    if services.withdraw(key=key, version=number(request), by=request.user.get_username()):
        messages.success(
            request, _("Taken back. The messenger’s side does not see the text any more.")
        )
    return back(row)


@require_POST
@needs(access.RUN)
def comment(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """Say something about the text: among us, or to the messenger's side."""
    row = statements.row_of(campaign_key, key)
    said, to = request.POST.get("text", ""), request.POST.get("to", "us")
    if not said.strip() or len(said.strip()) > services.COMMENT_MAX:
        words = _("Write something, in up to %(n)s characters.") % {"n": services.COMMENT_MAX}
        return statements.show(request, row, status=422, said=said, error=words)
    kept = services.comment(
        key=key, text=said, side=Side.US, who=request.user.get_username(),
        messenger_id=_meant(to), ours_alone=to == "us",
    )  # fmt: skip
    if kept is None:
        return changed(request, row)
    return back(row, "#said")


@require_POST
@needs(access.RUN)
def put_away(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """Take a text off all lists, or put it back."""
    row = statements.row_of(campaign_key, key)
    if row.one.archived_at:
        services.bring_back(key=key)
        messages.success(request, _("The text is back as it was."))
        return back(row)
    services.put_away(key=key, by=request.user.get_username())
    messages.success(request, _("Put away. You find it under “Put away”, below the list."))
    return redirect("messengers_texts", campaign_key=campaign_key)


def number(request: HttpRequest) -> int:
    """The version that was on the page; 0, which is none, for anything else."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def changed(request: HttpRequest, row: Row) -> HttpResponseBase:
    """Show the text as it is now, and say that it is not what the page had shown."""
    row = statements.row_of(row.one.campaign_key, row.one.key)
    words = _("Nothing was done: the text has changed since you opened the page. Here it is now.")
    return statements.show(request, row, status=409, error=words)


def back(row: Row, place: str = "") -> HttpResponseBase:
    """To the text's page."""
    answer = redirect("messengers_text", campaign_key=row.one.campaign_key, key=row.one.key)
    answer["Location"] += place
    return answer


def _meant(to: str) -> int | None:
    try:
        return Messenger.objects.filter(key=UUID(to)).values_list("pk", flat=True).first()
    except ValueError:
        return None
