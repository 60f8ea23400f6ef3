"""A messenger's private page: reading it, answering on it, and its pictures and codes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from groundswell.delivery.pdf.drawing import CannotDraw
from groundswell.messengers import qr, services_private, services_statements
from groundswell.messengers.approval import Changed
from groundswell.messengers.models import Side
from groundswell.studio.messengers import report
from groundswell.studio.private import page
from groundswell.studio.private.guard import Gone, private
from groundswell.studio.private.page import Visit

WORDS_MAX: Final = services_statements.COMMENT_MAX
DONE: Final = {
    "approved": gettext_lazy("Thank you: your yes has been noted."),
    "withdrawn": gettext_lazy("Your yes has been taken back. Please do not post this text."),
    "said": gettext_lazy("Thank you: the campaign's people will read it."),
    "posted": gettext_lazy("Thank you! From here on you see what your post does."),
    "undrawn": gettext_lazy("It could not be drawn. What it says stands below."),
    "known": gettext_lazy("We have this post already."),
}


class Wrong(Exception):
    """What was sent makes no sense as it is: `words` say what to do, `given` is kept."""

    def __init__(self, words: str, /, *, status: int = 422, **given: str) -> None:
        super().__init__(words)
        self.words = words
        self.status = status
        self.given = given


@require_http_methods(["GET", "HEAD", "POST"])
@private
def one(request: HttpRequest, token: str) -> HttpResponseBase:
    """GET: the page. POST: a yes, a remark, or that they have posted; then the page again."""
    visit = page.visit(token)
    with translation.override(visit.language):
        if request.method == "POST":
            return _answer(request, visit)
        since = visit.link.news_since
        if request.method == "GET":
            since = services_private.opened(link=visit.link)
        told = DONE.get(request.GET.get("done", ""), "")
        return _show(request, visit, since=since, told=str(told))


@require_safe
@private
def effect(request: HttpRequest, token: str) -> HttpResponseBase:
    """The numbers alone, for the script that keeps them fresh."""
    visit = page.visit(token)
    with translation.override(visit.language):
        return render(request, "private/_effect.html", page.effect_context(visit))


@require_safe
@private
def picture(_request: HttpRequest, token: str, image_id: int) -> HttpResponseBase:
    """A picture that goes with one of their texts, to look at or to save."""
    found = page.picture(page.visit(token), image_id)
    try:
        file = found.file.open("rb")
    except FileNotFoundError as error:
        raise Gone from error
    answer = FileResponse(file, filename=f"picture-{image_id}{_ending(found.file.name)}")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
@private
def thanks(_request: HttpRequest, token: str, kind: str) -> HttpResponseBase:
    """The report that thanks them, on paper or as a picture to share."""
    visit = page.visit(token)
    made = page.report_of(visit)
    if made is None:
        raise Gone
    try:
        with translation.override("en"):
            drawn = report.pdf(made) if kind == "pdf" else report.picture(made)
    except CannotDraw:
        return redirect(f"{reverse('private_messenger', args=[token])}?done=undrawn")
    mime = "application/pdf" if kind == "pdf" else "image/png"
    answer = HttpResponse(drawn, content_type=mime)
    answer["Content-Disposition"] = f'attachment; filename="report.{kind}"'
    return answer


@require_safe
@private
def code(_request: HttpRequest, token: str, code: str, kind: str) -> HttpResponseBase:
    """The QR code of one of their links."""
    visit = page.visit(token)
    link = next((link for link in page.links(visit) if link.code == code), None)
    if link is None:
        raise Gone
    drawn = qr.svg(link.address) if kind == "svg" else qr.png(link.address)
    answer = HttpResponse(drawn, content_type="image/svg+xml" if kind == "svg" else "image/png")
    if kind == "png":
        answer["Content-Disposition"] = f'attachment; filename="{link.code}.png"'
    return answer


def _answer(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    doing = _DOINGS.get(request.POST.get("do", ""))
    try:
        if doing is None:
            raise Wrong(_("That did not reach us whole. Please try again."))
        done, place = doing(request, visit)
    except Wrong as wrong:
        since = visit.link.news_since
        return _show(
            request, visit, since=since, wrong=wrong.words, given=wrong.given, status=wrong.status
        )
    address = reverse("private_messenger", args=[visit.token])
    return redirect(f"{address}?done={done}#{place}")


def _approve(request: HttpRequest, visit: Visit) -> tuple[str, str]:
    key, version = _which(request)
    page.text(visit, key)
    try:
        services_statements.approve_theirs(
            key=key, version=version, messenger_id=visit.messenger.pk, who=_who(request, visit)
        )
    except Changed:
        raise _changed() from None
    return "approved", f"text-{key}"


def _withdraw(request: HttpRequest, visit: Visit) -> tuple[str, str]:
    key, version = _which(request)
    page.text(visit, key)
    services_statements.withdraw_theirs(
        key=key, version=version, messenger_id=visit.messenger.pk, who=_who(request, visit)
    )
    return "withdrawn", f"text-{key}"


def _say(request: HttpRequest, visit: Visit) -> tuple[str, str]:
    """A remark, or with `change` the wish for another wording: then their yes no longer stands."""
    key, version = _which(request)
    words = request.POST.get("words", "").strip()
    if not words:
        raise Wrong(_("Write what you would like to say about this text."), key=str(key))
    if len(words) > WORDS_MAX:
        told = _("This is too long: %(most)s characters at most.") % {"most": WORDS_MAX}
        raise Wrong(told, key=str(key), words=words)
    page.text(visit, key)
    who = _who(request, visit)
    if request.POST.get("change"):
        services_statements.withdraw_theirs(
            key=key, version=version, messenger_id=visit.messenger.pk, who=who
        )
        words = _("Please change: %(words)s") % {"words": words}
    kept = services_statements.comment(
        key=key, text=words, side=Side.THEM, who=who, messenger_id=visit.messenger.pk
    )
    if kept is None:
        raise _changed()
    return "said", f"text-{key}"


def _posted(request: HttpRequest, visit: Visit) -> tuple[str, str]:
    network, url = request.POST.get("network", ""), request.POST.get("url", "").strip()
    if url and "://" not in url:
        url = f"https://{url}"
    try:
        _post, is_news = services_private.says_posted(link=visit.link, network=network, url=url)
    except ValidationError as error:
        told = _("This is no address of a post. Copy it from the app: Share, then Copy link.")
        if "network" in error.message_dict:
            told = _("Choose where you have posted it.")
        raise Wrong(told, url=request.POST.get("url", ""), network=network) from None
    return "posted" if is_news else "known", "effect"


_DOINGS: Final[dict[str, Callable[[HttpRequest, Visit], tuple[str, str]]]] = {
    "approve": _approve,
    "withdraw": _withdraw,
    "say": _say,
    "posted": _posted,
}


def _which(request: HttpRequest) -> tuple[UUID, int]:
    """Which text they speak of, and the version of it that they have read."""
    try:
        key = UUID(request.POST.get("text", ""))
        version = int(request.POST.get("version", "")[:9])
    except ValueError:
        raise Wrong(_("That did not reach us whole. Please try again.")) from None
    return key, version


def _who(request: HttpRequest, visit: Visit) -> str:
    return " ".join(request.POST.get("who", "").split())[:120] or visit.messenger.name


def _changed() -> Wrong:
    words = _(
        "This text has changed since you opened the page, so nothing was noted. Read it again"
        " below."
    )
    return Wrong(words, status=409)


def _show(
    request: HttpRequest,
    visit: Visit,
    *,
    since: datetime | None,
    told: str = "",
    wrong: str = "",
    given: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown: dict[str, Any] = {
        **page.context(visit, since=since),
        "told": told,
        "wrong": wrong,
        "given": given or {},
        "words_max": WORDS_MAX,
    }
    return render(request, "private/messenger.html", shown, status=status)


def _ending(name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    return f".{ending}" if ending.isalnum() and len(ending) < 6 else ""
