"""What can be done with one participation: resend, withdraw, erase. Each is a POST, audited."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.base import env
from groundswell.base.errors import Refused
from groundswell.people import audit, queries, services
from groundswell.people.models import Participation
from groundswell.studio.supporters.access import needs
from groundswell.studio.supporters.forms import EraseForm, WithdrawForm
from groundswell.studio.supporters.views import access, one_context

STANDING: Final = frozenset({Participation.State.PENDING, Participation.State.CONFIRMED})


@require_POST
@needs(queries.HELP, names_someone=True)
def resend(request: HttpRequest, id: UUID) -> HttpResponseBase:  # noqa: A002  the URL's word
    """Send the confirmation mail again, unless the address had its share of mails today."""
    row = access(request, id)
    try:
        with transaction.atomic():
            services.resend_confirmation(participation=row, by=request.user.get_username())
            audit.record(by=request.user, action=audit.RESEND, participation=row.submission_id)
    except Refused as refused:
        audit.record(
            by=request.user,
            action=audit.RESEND,
            participation=row.submission_id,
            detail=f"refused: {refused.code}",
        )
        messages.error(request, _why_not(refused))
    else:
        messages.success(request, _("The confirmation mail is on its way again."))
    return redirect("desk_supporter", id=id)


@needs(queries.HELP, names_someone=True)
def withdraw(request: HttpRequest, id: UUID) -> HttpResponseBase:  # noqa: A002  the URL's word
    """GET: what withdrawing means, and why? POST: withdraw."""
    row = access(request, id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if row.state not in STANDING or not form.is_valid():
        return _ask(request, row, form, "studio/supporters/withdraw.html")
    reason = form.cleaned_data["reason"]
    with transaction.atomic():
        services.withdraw(participation=row, by=request.user.get_username(), reason=reason)
        audit.record(
            by=request.user,
            action=audit.WITHDRAW,
            participation=row.submission_id,
            detail=f"reason={reason}",
        )
    messages.success(request, _("Withdrawn. The public count has been corrected."))
    return redirect("desk_supporter", id=id)


@needs(queries.ERASE, names_someone=True)
def erase(request: HttpRequest, id: UUID) -> HttpResponseBase:  # noqa: A002  the URL's word
    """GET: what erasing means. POST with the typed word: erase."""
    row = access(request, id)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if row.state == Participation.State.ERASED or not form.is_valid():
        return _ask(request, row, form, "studio/supporters/erase.html")
    with transaction.atomic():
        services.erase(participation=row, by=request.user.get_username())
        audit.record(by=request.user, action=audit.ERASE, participation=row.submission_id)
    messages.success(request, _("Erased. Nothing is left that tells who this was."))
    return redirect("desk_supporter", id=id)


def _ask(request: HttpRequest, row: Any, form: Any, template: str) -> HttpResponseBase:
    status = 200
    if form.is_bound:
        # A form that was right came too late: somebody else has done it meanwhile.
        status = 409 if form.is_valid() else 422
    context = {**one_context(request, row), "form": form}
    return render(request, template, context, status=status)


def _why_not(refused: Refused) -> str:
    if refused.code == "too_many":
        return _(
            "Not sent: this address has had %(limit)s mails from us today. Try again tomorrow."
        ) % {"limit": env.load().mails_per_address}
    return _("Not sent: there is nothing left to confirm, or the address wants no mail from us.")
