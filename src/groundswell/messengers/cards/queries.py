"""Reads: where cards are at the public door. The pages that tell networks of them, too."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from groundswell.base import env
from groundswell.campaigns.render_views import Picture
from groundswell.messengers.cards.layout import FORMATS
from groundswell.messengers.models import CardDesign, DrawnCard, TrackedLink


class CardFile(NamedTuple):
    """A published picture: `format` og, story or square; `url` changes whenever it does."""

    format: str
    language: str
    url: str
    width: int
    height: int
    alt: str


def design(campaign_key: UUID) -> CardDesign | None:
    """A campaign's design, if an organiser has made one."""
    return CardDesign.objects.filter(campaign_key=campaign_key).first()


def files(page_key: UUID, language: str, messenger_key: UUID | None = None) -> list[CardFile]:
    """The published cards of an action page (or campaign) in a language; one's own before all's.

    Empty while the organiser has not published any. What could not be drawn is not there.
    """
    hexed = messenger_key.hex if messenger_key else ""
    rows = _there(page_key, language).filter(messenger_key__in=["", hexed])
    chosen: dict[str, DrawnCard] = {}
    for row in rows.order_by("messenger_key"):
        chosen[row.format] = row
    return [_file(chosen[name]) for name in FORMATS if name in chosen]


def url(link: TrackedLink, format: str) -> str:  # noqa: A002  the word for it
    """The address of the picture that goes with a link, or an empty text."""
    key = link.messenger.key if link.messenger else None
    found = files(link.page_key, link.language or _first_language(), key)
    return next((one.url for one in found if one.format == format), "")


def card_paths() -> dict[str, str]:
    """Of each link that has a card, by its code, the page that tells networks of it.

    One question to the database, however many links there are.
    """
    rows = DrawnCard.objects.filter(format="page").values_list("link_code", "path")
    return {code: "/" + path.removesuffix("index.html") for code, path in rows}


def card_path(link: TrackedLink) -> str:
    """The page that tells networks of a link's card, such as `/cards/k/x7p2-…/`, or nothing."""
    return card_paths().get(link.code, "")


def page_picture(campaign_key: UUID, language: str) -> Picture | None:
    """The card that the campaign's pages show to networks, where the organiser chose so."""
    wanted = CardDesign.objects.filter(campaign_key=campaign_key, live=True, page_picture=True)
    if not wanted.exists():
        return None
    row = (
        _drawn()
        .filter(campaign_key=campaign_key, language=language, format="og", messenger_key="")
        .order_by("id")
        .first()
    )
    if row is None:
        return None
    form = FORMATS["og"]
    return Picture(
        src=f"/{row.path}", width=form.width, height=form.height, alt=row.alt, absolute=address(row)
    )


def address(row: DrawnCard) -> str:
    """A picture's full address. The file keeps its name; what follows makes networks look again."""
    return f"{env.load().public_url.rstrip('/')}/{row.path}?v={row.digest}"


def _drawn() -> QuerySet[DrawnCard]:
    return DrawnCard.objects.filter(gone_after=None).exclude(digest="")


def _there(page_key: UUID, language: str) -> QuerySet[DrawnCard]:
    rows = _drawn().filter(language=language)
    if rows.filter(page_key=page_key).exists():
        return rows.filter(page_key=page_key)
    # A link to the campaign itself has the card of its first action.
    first = rows.filter(campaign_key=page_key).order_by("id").first()
    return rows.filter(page_key=first.page_key if first else page_key)


def _file(row: DrawnCard) -> CardFile:
    form = FORMATS[row.format]
    return CardFile(row.format, row.language, address(row), form.width, form.height, row.alt)


def _first_language() -> str:
    return env.load().language_codes[0]
