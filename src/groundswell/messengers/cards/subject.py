"""What cards are about: a campaign's action pages as they are live, in each language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from PIL import Image, ImageOps

from groundswell.base import env
from groundswell.campaigns import counters
from groundswell.campaigns.models import Campaign
from groundswell.campaigns.render import plain
from groundswell.campaigns.render_read import live_actions, organisation_name, reachable
from groundswell.kinds.kind import Kind
from groundswell.kinds.registry import KINDS
from groundswell.messengers.cards import words
from groundswell.messengers.cards.card import CENTRE, Content, Look
from groundswell.messengers.models import CardDesign

# Large enough for a story; what is cut off is decided when the card is drawn.
_MOST: Final = (2400, 2400)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One action page of a campaign in one language. `picture` is a Wagtail image or None."""

    campaign_key: UUID
    page_key: UUID
    language: str
    title: str
    summary: str
    url: str
    kind: Kind
    picture: Any
    brand: str


def subjects(campaign_key: UUID, *, drafts: bool = False) -> list[Subject]:
    """A campaign's live action pages in all its live languages, the first action first.

    With `drafts` also what is not published yet: for previews.
    """
    brand = organisation_name()
    found = []
    for campaign in _campaigns(campaign_key, drafts=drafts):
        actions = live_actions(campaign)
        if drafts and not actions:
            actions = campaign.get_children().specific()
        found += [_subject(campaign, page, brand) for page in actions if hasattr(page, "page_key")]
    return found


def content(
    design: CardDesign, subject: Subject, *, counted: int, at: datetime, shared_by: str = ""
) -> Content:
    """What a card says about a subject. Without anybody yet, nothing is counted."""
    own = design.texts.get(subject.language, {})
    shows = design.show_count and counted > 0
    lang = subject.language
    return Content(
        language=lang,
        headline=own.get("headline") or subject.title,
        line=own.get("line", "") if own.get("headline") or own.get("line") else subject.summary,
        number=words.number(counted, lang) if shows else "",
        unit=words.unit(subject.kind, counted, lang) if shows else "",
        as_of=words.moment(at, lang) if shows else "",
        shared=words.say(words.SHARED_BY, lang).format(name=shared_by) if shared_by else "",
        brand=subject.brand,
        address=urlsplit(env.load().public_url).netloc,
    )


def look(design: CardDesign) -> Look:
    """A design's colours and template."""
    return Look(
        template=design.template,
        ground=design.ground,
        ink=design.ink,
        accent=design.accent,
        shade=design.shade,
    )


def counted(found: Iterable[Subject]) -> dict[UUID, int]:
    """The number that each subject's page shows, at this moment."""
    totals = counters.all_totals()
    return {
        one.page_key: totals.get(one.page_key, counters.Totals(0, 0)).counted(one.kind)
        for one in found
    }


def picture(image: Any) -> Image.Image | None:
    """A campaign's picture, ready to be drawn; None where there is none or its file is gone."""
    if image is None:
        return None
    try:
        with image.open_file() as file:
            stored = Image.open(file)
            stored.draft("RGB", _MOST)
            found = ImageOps.exif_transpose(stored).convert("RGB")
    except OSError:
        return None
    found.thumbnail(_MOST)
    if image.focal_point_x is not None and image.width and image.height:
        # What the organiser said matters most stays in sight wherever the rest is cut off.
        centre = (image.focal_point_x / image.width, image.focal_point_y / image.height)
        found.info[CENTRE] = centre
    return found


def picture_mark(image: Any) -> str:
    """What stands for a campaign's picture: another one, or another cut, has another."""
    if image is None:
        return ""
    focus = (image.focal_point_x, image.focal_point_y, image.file_hash, image.pk)
    return sha256(repr(focus).encode()).hexdigest()[:16]


def _campaigns(campaign_key: UUID, *, drafts: bool) -> Iterator[Campaign]:
    codes = env.load().language_codes
    pages = Campaign.objects.filter(translation_key=campaign_key).select_related("lead_picture")
    for page in sorted(pages, key=lambda one: _order(codes, one.language)):
        if drafts or (page.live and reachable(page)):
            yield page


def _order(codes: list[str], language: str) -> int:
    return codes.index(language) if language in codes else len(codes)


def _subject(campaign: Campaign, page: Any, brand: str) -> Subject:
    return Subject(
        campaign_key=UUID(str(campaign.translation_key)),
        page_key=page.page_key,
        language=campaign.language,
        title=plain(campaign.title),
        summary=plain(campaign.summary),
        url=page.public_url,
        kind=KINDS[page.kind],
        picture=campaign.lead_picture,
        brand=brand,
    )
