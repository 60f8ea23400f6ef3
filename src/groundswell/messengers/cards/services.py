"""Writes: how a campaign's cards are to look. Core draws and publishes them within seconds."""

from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.base import clock
from groundswell.campaigns import services
from groundswell.campaigns.models import Campaign
from groundswell.delivery.pdf.drawing import CannotDraw
from groundswell.messengers.cards import card, subject
from groundswell.messengers.cards.draw import DoesNotFit
from groundswell.messengers.cards.layout import FORMATS
from groundswell.messengers.models import CardDesign

_FORMAT_WORDS: Final = {"og": "1200×630", "story": "1080×1920", "square": "1080×1080"}


def save_design(*, campaign_key: UUID, by: str, **choices: Any) -> CardDesign:
    """Store a campaign's design: the fields of CardDesign, those not named stay as they are.

    Raises Django's ValidationError, by field, for colours that cannot be read upon each other and,
    before anything becomes public, for texts that do not fit or cannot be drawn.
    """
    old = CardDesign.objects.filter(campaign_key=campaign_key).first()
    design = old or CardDesign(campaign_key=campaign_key)
    pages_before = design.live and design.page_picture
    for name, value in choices.items():
        setattr(design, name, value)
    design.changed_at, design.changed_by = clock.now(), by
    design.full_clean(exclude=["campaign_key", "texts"])
    check(design)
    with transaction.atomic():
        design.save()
        if pages_before != (design.live and design.page_picture):
            _tell_pages(campaign_key)
    return design


def check(design: CardDesign) -> None:
    """Whether all cards of a design can be drawn so that they can be read. Raises ValidationError.

    A design that is not live is only checked for its colours: texts may still be on their way.
    """
    with_picture = design.template in card.PICTURED
    for pair in card.pairs(subject.look(design), with_picture=with_picture):
        if not pair.enough:
            raise ValidationError({"ink": _too_faint(pair)})
    if design.live:
        for one in subject.subjects(design.campaign_key, drafts=True):
            _try(design, one)


def _try(design: CardDesign, one: subject.Subject) -> None:
    picture = subject.picture(one.picture)
    if design.template in card.PICTURED and picture is None:
        raise ValidationError({"template": _(
            "This template shows the campaign’s picture, and the campaign has none. Give it a lead "
            "picture, or choose another template."
        )})  # fmt: skip
    counted = subject.counted([one])[one.page_key]
    said = subject.content(design, one, counted=counted, at=clock.now())
    for name in FORMATS:
        try:
            card.make(subject.look(design), said, name, picture)
        except card.TooFaint as error:
            raise ValidationError({"shade": _too_faint(error.pair)}) from error
        except DoesNotFit as error:
            field = f"{error.field}_{one.language}"
            raise ValidationError(_on(field, _(
                "Too long for the card of %(size)s: please shorten it."
            ) % {"size": _FORMAT_WORDS[name]})) from error  # fmt: skip
        except CannotDraw as error:
            raise ValidationError(_on(f"headline_{one.language}", str(error))) from error


def _on(field: str, words: str) -> dict[str, str]:
    return {field: words}


def _too_faint(pair: card.Pair) -> str:
    ratio = card.rounded(pair.ratio)
    if pair.what == card.OVER_PICTURE:
        return _(
            "Text over the picture has a contrast of %(ratio)s:1 at its faintest place, and 4.5:1 "
            "is needed. Cover more of the picture, or choose a darker ground or a lighter text."
        ) % {"ratio": ratio}
    return _(
        "%(what)s: a contrast of %(ratio)s:1, and 4.5:1 is needed. Make one of the two colours "
        "lighter or darker."
    ) % {"what": pair.what.capitalize(), "ratio": ratio}


def _tell_pages(campaign_key: UUID) -> None:
    page = Campaign.objects.live().filter(translation_key=campaign_key).first()
    if page is not None:
        services.publish_soon(page_id=page.pk)
