"""A first signatory's own page: the exact text, how they stand below it, and their decision.

No account, no cookie, no script. Whoever holds the address is who we gave it to; what guards it is
`private.guard`, as for messengers.
"""

from html import escape
from typing import Any, Final
from uuid import UUID

from babel import Locale, UnknownLocaleError
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from groundswell.campaigns import letter_diff, letter_texts, reach
from groundswell.campaigns.models import Signatory, TextRevision
from groundswell.campaigns.render_read import organisation_name
from groundswell.directory.targets import Target
from groundswell.people import open_letter_firsts as firsts
from groundswell.people import open_letter_send
from groundswell.studio.openletters import pictures
from groundswell.studio.private.guard import Gone, private

State = Signatory.State
DEEDS: Final = frozenset({"save", "sign", "decline", "withdraw"})


class StandingForm(forms.Form):
    """How somebody wants to stand below the letter."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    role = forms.CharField(
        label=_("Role or profession"),
        max_length=200,
        required=False,
        help_text=_("Like: composer, or professor of law."),
    )
    affiliation = forms.CharField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        help_text=_("Only if you sign for it, or wish to be known by it."),
    )
    picture = forms.FileField(
        label=_("Your picture"),
        required=False,
        help_text=_("We make it square and small, and keep nothing your camera wrote into it."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"}),
    )
    alt = forms.CharField(
        label=_("What the picture shows"),
        max_length=300,
        required=False,
        help_text=_("Read aloud to people who do not see it."),
    )
    no_picture = forms.BooleanField(label=_("Show no picture of me"), required=False)

    def clean_picture(self) -> bytes:
        upload = self.cleaned_data["picture"]
        return pictures.portrait(upload) if upload else b""


@private
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """GET: the letter and the form. POST: save, sign, decline or withdraw."""
    signatory = firsts.by_token(token)
    text = firsts.text_for(signatory, request.GET.get("lang", "")) if signatory else None
    if signatory is None or text is None:
        raise Gone
    with translation.override(text.language):
        if request.method == "POST":
            return _decide(request, signatory, text, token)
        if request.method == "GET":
            firsts.opened(signatory)
        return _show(request, signatory, text, _form(signatory), token=token)


@private
@require_http_methods(["GET", "HEAD"])
def picture(_request: HttpRequest, token: str) -> HttpResponse:
    """The picture somebody gave, for their own page."""
    signatory = firsts.by_token(token)
    if signatory is None or not signatory.picture:
        raise Gone
    return HttpResponse(bytes(signatory.picture), content_type="image/jpeg")


def _decide(
    request: HttpRequest, signatory: Signatory, text: TextRevision, token: str
) -> HttpResponse:
    do = request.POST.get("do", "")
    form = StandingForm(request.POST, request.FILES)
    if do not in DEEDS:
        return _show(request, signatory, text, form, token=token, wrong="what", status=422)
    if do in {"save", "sign"}:
        if not form.is_valid():
            return _show(request, signatory, text, form, token=token, wrong="form", status=422)
        _save(signatory, form.cleaned_data)
    if do == "sign":
        try:
            firsts.sign(signatory=signatory, revision=_number(request), language=text.language)
        except firsts.TextChanged:
            return _show(request, signatory, text, form, token=token, wrong="text", status=409)
    elif do == "decline":
        firsts.decline(signatory=signatory)
    elif do == "withdraw":
        firsts.withdraw(signatory=signatory)
    return HttpResponseRedirect(f"/s/{token}/?lang={text.language}&done={do}#top")


def _save(signatory: Signatory, said: dict[str, Any]) -> None:
    firsts.correct(
        signatory=signatory,
        name=said["name"],
        role=said["role"],
        affiliation=said["affiliation"],
        alt=said["alt"],
    )
    if said["no_picture"] and signatory.picture:
        firsts.set_picture(signatory=signatory, picture=b"", by=firsts.BY_THEMSELVES)
    elif said["picture"]:
        firsts.set_picture(signatory=signatory, picture=said["picture"], by=firsts.BY_THEMSELVES)


def _show(
    request: HttpRequest,
    signatory: Signatory,
    text: TextRevision,
    form: StandingForm,
    *,
    token: str,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    done = request.GET.get("done", "")
    signed = firsts.text_signed(signatory) if signatory.state == State.SIGNED else None
    is_older = signed is not None and signed.number < text.number
    context = {
        **_frame(),
        "signatory": signatory,
        "text": text,
        "html": mark_safe(text.html),  # noqa: S308  cleaned when it was published
        "signed": signed,
        "is_older": is_older,
        "addressees": _addressees(signatory.page_key),
        "changes": _changes(signed, text) if is_older else "",
        "form": form,
        "wrong": wrong,
        "done": done if done in DEEDS and not wrong else "",
        "languages": _languages(signatory, text),
        "path": f"/s/{token}/",
    }
    return HttpResponse(render_to_string("private/signatory.html", context), status=status)


def _changes(signed: TextRevision | None, text: TextRevision) -> SafeString | str:
    """What is different in the present text; across languages there is nothing to compare."""
    if signed is None or signed.language != text.language:
        return ""
    return letter_diff.changes(_whole(signed), _whole(text))


def _whole(text: TextRevision) -> str:
    """What is signed: the title, too."""
    return f"<h2>{escape(text.title)}</h2>{text.html}"


def _addressees(page_key: UUID) -> list[Target]:
    """Whom the letter is for: nobody should sign without having seen it."""
    page = open_letter_send.letter_page(page_key)
    return reach.chosen(page) if page else []


def _form(signatory: Signatory) -> StandingForm:
    return StandingForm(
        initial={
            "name": signatory.name,
            "role": signatory.role,
            "affiliation": signatory.affiliation,
            "alt": signatory.picture_alt,
        }
    )


def _frame() -> dict[str, Any]:
    return {
        "site": organisation_name(),
        "lang": translation.get_language() or "en",
        "dir": "rtl" if get_language_bidi() else "ltr",
    }


def _languages(signatory: Signatory, text: TextRevision) -> list[tuple[str, str, bool]]:
    """The languages the letter can be read in: code, name, whether it is this one."""
    codes = letter_texts.current(page_key=signatory.page_key)
    return [(code, _own_name(code), code == text.language) for code in codes]


def _own_name(code: str) -> str:
    """A language's name as its own people write it."""
    try:
        return Locale.parse(code, sep="-").get_display_name() or code
    except (UnknownLocaleError, ValueError):
        return code


def _number(request: HttpRequest) -> int:
    said = request.POST.get("revision", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0
