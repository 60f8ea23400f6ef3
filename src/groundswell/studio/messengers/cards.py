"""A campaign's Cards tab: how share cards look, seen in every format and language before saving."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groundswell.base import clock
from groundswell.delivery.pdf.drawing import CannotDraw
from groundswell.messengers.cards import card, layout, queries, services, subject, words
from groundswell.messengers.cards.draw import DoesNotFit
from groundswell.messengers.cards.layout import FORMATS
from groundswell.messengers.cards.subject import Subject
from groundswell.messengers.models import CardDesign, DrawnCard
from groundswell.studio.home import names
from groundswell.studio.messengers import access, roster, trail
from groundswell.studio.messengers.access import needs, sees
from groundswell.studio.messengers.forms_cards import DesignForm

# Shown while nobody has taken part, so that the organiser sees what the count will look like.
SAMPLE: Final = 12_345
TICKS: Final = ("show_count", "name_messengers", "page_picture", "live")
_SAID: Final = {
    card.ON_GROUND: _("text on the ground"),
    card.ON_ACCENT: _("text on the accent colour"),
    card.OVER_PICTURE: _("text over the picture, at its faintest place"),
}
_TYPES: Final = {"png": "image/png", "jpg": "image/jpeg"}
_NAMES: Final = {
    "og": _("For links, 1200 × 630"),
    "story": _("For stories, 1080 × 1920"),
    "square": _("For posts, 1080 × 1080"),
}


@sees
def index(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """The design with all its cards. POST saves it, or only shows it when `look` was pressed."""
    found = trail.campaign(campaign_key)
    design, about = _design(campaign_key), _subjects(campaign_key)
    sent = request.method == "POST"
    form = DesignForm(request.POST if sent else None, design=design, subjects=about)
    look_only = sent and "look" in request.POST
    if sent and not look_only and form.is_valid() and _save(request, campaign_key, form):
        return redirect("messengers_cards", campaign_key=campaign_key)
    asked = {name: value for name, value in request.POST.items() if _is_choice(name)}
    context = {
        **trail.of_campaign(request, found, tab="cards"),
        "form": form,
        "design": design,
        "languages": _languages(campaign_key, about, asked if sent else {}),
        "colours": [form["ground"], form["ink"], form["accent"]],
        "ticks": [form[name] for name in TICKS],
        "words": [(code, names.language(code), *fields) for code, *fields in form.words],
        "pairs": _shown(_tried(request.POST, design, about) if sent else design, about),
        "contrast_url": reverse("messengers_cards_contrast", args=[campaign_key]),
        "has_picture": any(one.picture for one in about),
    }
    wrong = sent and not look_only
    return render(request, "studio/messengers/cards.html", context, status=422 if wrong else 200)


@needs(access.SEE)
def picture(
    request: HttpRequest, campaign_key: UUID, language: str, format_name: str
) -> HttpResponseBase:
    """One card as it would be, from the choices in the address or those that are saved."""
    about = _subjects(campaign_key)
    one = next((one for one in about if one.language == language), None)
    if one is None or format_name not in FORMATS:
        raise Http404
    design = _tried(request.GET, _design(campaign_key), about)
    if design is None:
        return _refused(gettext("Please look at the form: something in it cannot be drawn."))
    try:
        drawn = card.make(
            subject.look(design), _content(design, one), format_name, subject.picture(one.picture)
        )
    except (card.TooFaint, DoesNotFit, CannotDraw) as error:
        return _refused(str(error))
    answer = HttpResponse(drawn.data, content_type=_TYPES[drawn.ending])
    answer["Cache-Control"] = "private, no-store"
    if "download" in request.GET:
        name = f"card-{language}-{format_name}.{drawn.ending}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@needs(access.SEE)
def contrast(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """The contrasts of the colours in the address, for the script that shows them at once."""
    about = _subjects(campaign_key)
    design = _tried(request.GET, _design(campaign_key), about)
    context = {"pairs": _shown(design, about)}
    return render(request, "studio/messengers/_contrast.html", context)


def _save(request: HttpRequest, campaign_key: UUID, form: DesignForm) -> bool:
    try:
        design = services.save_design(
            campaign_key=campaign_key, by=request.user.get_username(), **form.choices()
        )
    except ValidationError as error:
        roster.put_errors(form, error)
        return False
    said = gettext("Saved. The cards are drawn now and will be public in a moment.")
    messages.success(request, said if design.live else gettext("Saved. Nothing of it is public."))
    return True


def _design(campaign_key: UUID) -> CardDesign:
    return queries.design(campaign_key) or CardDesign(campaign_key=campaign_key)


def _subjects(campaign_key: UUID) -> list[Subject]:
    """The first action in each of the campaign's languages, published or not."""
    found: dict[str, Subject] = {}
    for one in subject.subjects(campaign_key, drafts=True):
        found.setdefault(one.language, one)
    return list(found.values())


def _tried(sent: Mapping[str, Any], design: CardDesign, about: list[Subject]) -> CardDesign | None:
    """The design with choices that are not saved; None where they make no sense."""
    if "template" not in sent:
        return design
    form = DesignForm(sent, design=design, subjects=about)
    if not form.is_valid():
        return None
    return CardDesign(campaign_key=design.campaign_key, **form.choices())


def _content(design: CardDesign, one: Subject) -> card.Content:
    counted = subject.counted([one])[one.page_key] or SAMPLE
    return subject.content(design, one, counted=counted, at=clock.now())


def _shown(design: CardDesign | None, about: list[Subject]) -> list[dict[str, Any]]:
    """The pairs in words."""
    return [
        {"said": str(_SAID[pair.what]), "shown": card.rounded(pair.ratio), "enough": pair.enough}
        for pair in _pairs(design, about)
    ]


def _pairs(design: CardDesign | None, about: list[Subject]) -> list[card.Pair]:
    """What is read upon what, with its contrast; over a picture, the faintest of all formats."""
    if design is None:
        return []
    look = subject.look(design)
    image = subject.picture(about[0].picture) if about else None
    found = card.pairs(look, with_picture=image is not None)
    if look.template == "photo" and image is not None:
        rtl = words.rtl(about[0].language)
        grounds = {name: card.backdrop(look, name, image, rtl=rtl) for name in layout.FORMATS}
        over = [card.over_picture(look, one, name, rtl=rtl) for name, one in grounds.items()]
        found.append(min(over, key=lambda pair: pair.ratio))
    return found


def _languages(
    campaign_key: UUID, about: list[Subject], asked: dict[str, Any]
) -> list[dict[str, Any]]:
    rows = list(DrawnCard.objects.filter(campaign_key=campaign_key, messenger_key=""))
    trouble = {(row.language, row.format): row.trouble for row in rows}
    return [
        {
            "code": one.language,
            "name": names.language(one.language),
            "formats": [_figure(campaign_key, one, name, asked, trouble) for name in FORMATS],
        }
        for one in about
    ]


def _figure(
    campaign_key: UUID,
    one: Subject,
    name: str,
    asked: dict[str, Any],
    trouble: dict[tuple[str, str], str],
) -> dict[str, Any]:
    url = reverse("messengers_cards_picture", args=[campaign_key, one.language, name])
    form = FORMATS[name]
    return {
        "name": _NAMES[name],
        "url": url,
        "src": f"{url}?{urlencode(asked)}" if asked else url,
        "width": form.width,
        "height": form.height,
        "format": name,
        "trouble": trouble.get((one.language, name), ""),
    }


def _is_choice(name: str) -> bool:
    return name not in {"csrfmiddlewaretoken", "look", "save"}


def _refused(why: str) -> HttpResponse:
    return HttpResponse(why, content_type="text/plain; charset=utf-8", status=422)
