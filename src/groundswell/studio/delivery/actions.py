"""What can be done about letters on their way. Each asks first, is a POST and is on the record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from groundswell.base import clock
from groundswell.delivery import queries, services
from groundswell.people import audit
from groundswell.studio.delivery import access
from groundswell.studio.delivery.access import needs
from groundswell.studio.delivery.forms import AgainForm, ReasonForm
from groundswell.studio.delivery.views import AGAIN, card_of
from groundswell.studio.home import cards

TEMPLATE: Final = "studio/delivery/ask.html"


@dataclass(frozen=True)
class Question:
    """What a confirmation page says, and where its "Go back" leads."""

    title: str
    text: str
    button: str
    back: str


@needs(access.STEER)
def pause(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """Let nothing leave for a page."""
    card = card_of(page_key)
    question = Question(
        _("Pause these letters?"),
        _(
            "Nothing leaves until somebody resumes. Supporters can still write; their letters wait"
            " in line and none is lost. What is going out at this very moment still arrives."
        ),
        _("Pause"),
        _report(page_key),
    )

    def act(reason: str) -> None:
        services.pause(page_key=page_key, by=request.user.get_username(), reason=reason)
        _record(request, audit.PAUSE, f"page {card.key}", reason)
        messages.success(request, _("Paused. Letters wait in line until you resume."))

    return _with_reason(request, question, act)


@require_POST
@needs(access.STEER)
def resume(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """Let a page's letters go on."""
    card = card_of(page_key)
    with transaction.atomic():
        services.resume(page_key=page_key)
        _record(request, audit.RESUME, f"page {card.key}")
    messages.success(request, _("Letters leave again, as fast as each office takes them."))
    return redirect(_report(page_key))


@needs(access.STEER)
def pause_campaign(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """Let nothing leave for a whole campaign."""
    title = _campaign(campaign_key)
    question = Question(
        _("Pause every letter of “%(title)s”?") % {"title": title},
        _(
            "Nothing leaves for any page of this campaign until somebody resumes. Supporters can"
            " still write; their letters wait in line and none is lost."
        ),
        _("Pause the campaign"),
        reverse("desk_delivery"),
    )

    def act(reason: str) -> None:
        services.pause(campaign_key=campaign_key, by=request.user.get_username(), reason=reason)
        _record(request, audit.PAUSE, f"campaign {campaign_key}", reason)
        messages.success(request, _("Paused. Letters wait in line until you resume."))

    return _with_reason(request, question, act)


@require_POST
@needs(access.STEER)
def resume_campaign(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """Let a campaign's letters go on, but for pages that are paused themselves."""
    _campaign(campaign_key)
    with transaction.atomic():
        services.resume(campaign_key=campaign_key)
        _record(request, audit.RESUME, f"campaign {campaign_key}")
    messages.success(request, _("Letters leave again, as fast as each office takes them."))
    return redirect("desk_delivery")


@needs(access.STEER)
def hold(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """Let nothing leave to one decision maker of a page."""
    card_of(page_key)
    target, name = _target(page_key, request.GET.get("target", ""))
    question = Question(
        _("Hold the letters to %(name)s?") % {"name": name},
        _(
            "Letters from this page to this one decision maker wait until you release them. All"
            " others go out as before."
        ),
        _("Hold"),
        _report(page_key),
    )

    def act(reason: str) -> None:
        services.hold(
            target=target, page_key=page_key, by=request.user.get_username(), reason=reason
        )
        _record(request, audit.HOLD, target, f"page {page_key} {reason}".strip())
        messages.success(request, _("Held: nothing leaves to %(name)s.") % {"name": name})

    return _with_reason(request, question, act)


@needs(access.STEER)
def release(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """GET: what releasing means. POST: let letters leave to that decision maker again."""
    card_of(page_key)
    target, name = _target(page_key, request.GET.get("target", ""))
    question = Question(
        _("Release the letters to %(name)s?") % {"name": name},
        _("What waits for this decision maker leaves as fast as the office takes it."),
        _("Release"),
        _report(page_key),
    )
    if request.method != "POST":
        return _ask(request, question, forms.Form())
    with transaction.atomic():
        services.release(target=target, page_key=page_key)
        _record(request, audit.RELEASE, target, f"page {page_key}")
    messages.success(request, _("Released: letters leave to %(name)s again.") % {"name": name})
    return redirect(_report(page_key))


@needs(access.STEER)
def again(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """GET: what sending again means. POST: send what failed again, of a page or one target."""
    card = card_of(page_key)
    target, name = "", ""
    if "target" in request.GET:
        target, name = _target(page_key, request.GET["target"])
    question = Question(
        _("Send again what failed?") if not name else _("Send to %(name)s again?") % {"name": name},
        _(
            "Each letter that could not be delivered goes back to its place in the line and is"
            " tried anew. No office gets a letter twice that it has accepted."
        ),
        _("Send again"),
        _report(page_key),
    )
    form = AgainForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, question, form)
    number = services.resend_failed(
        page_key=page_key,
        by=request.user.get_username(),
        target=target,
        bounced=form.cleaned_data["bounced"],
    )
    _record(request, audit.AGAIN, target or f"page {card.key}", f"letters={number}")
    _say_how_many(request, number)
    return redirect(_report(page_key))


@require_POST
@needs(access.STEER)
def again_one(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Send one letter again that failed or came back."""
    one = queries.parcel(key=key)
    if one is None or one.state not in AGAIN:
        raise Http404
    with transaction.atomic():
        number = services.resend(ids=[one.pk], by=request.user.get_username())
        _record(request, audit.AGAIN, one.target, f"letter {key}")
    _say_how_many(request, number)
    return redirect("desk_delivery_message", key=key)


def _with_reason(
    request: HttpRequest, question: Question, act: Callable[[str], None]
) -> HttpResponseBase:
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, question, form)
    with transaction.atomic():
        act(form.cleaned_data["reason"])
    return redirect(question.back)


def _ask(request: HttpRequest, question: Question, form: Any) -> HttpResponseBase:
    trail = [(reverse("wagtailadmin_home"), _("Home")), (reverse("desk_delivery"), _("Delivery"))]
    context = {
        "question": question,
        "form": form,
        "header_title": question.title,
        "breadcrumbs_items": [
            {"url": url, "label": label} for url, label in [*trail, ("", question.title)]
        ],
    }
    return render(request, TEMPLATE, context, status=422 if form.is_bound else 200)


def _say_how_many(request: HttpRequest, number: int) -> None:
    if not number:
        messages.warning(request, _("Nothing had to be sent again."))
        return
    words = ngettext("%(n)s letter is back in line.", "%(n)s letters are back in line.", number)
    messages.success(request, words % {"n": number})


def _record(request: HttpRequest, action: str, about: str, detail: str = "") -> None:
    audit.record(by=request.user, action=action, about=about, detail=detail)


def _target(page_key: UUID, target: str) -> tuple[str, str]:
    """A decision maker of this page and their name. Raises Http404 for anybody else."""
    for one in queries.per_target(page_keys=[page_key]):
        if one.target == target:
            return target, one.target_name
    raise Http404


def _campaign(campaign_key: UUID) -> str:
    """A campaign's title. Raises Http404."""
    for card in cards.campaigns(now=clock.now()):
        if card.page.translation_key == campaign_key:
            return str(card.page.title)
    raise Http404


def _report(page_key: UUID) -> str:
    return reverse("desk_delivery_report", args=[page_key])
