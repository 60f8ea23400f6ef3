"""What a messenger's private page shows: one messenger, one campaign, and nothing of any other."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_location
from django.utils import timezone, translation
from wagtail.images.models import Image

from groundswell.base import clock, private_link
from groundswell.campaigns.models import Campaign
from groundswell.messengers import links as door
from groundswell.messengers import queries, queries_effect, queries_statements
from groundswell.messengers.cards import queries as card_files
from groundswell.messengers.cards.queries import CardFile
from groundswell.messengers.effect import Effect
from groundswell.messengers.models import Messenger, Post, PrivateLink, Status, TrackedLink
from groundswell.messengers.networks import NETWORKS
from groundswell.messengers.queries_statements import Ready
from groundswell.studio.home import names
from groundswell.studio.messengers import report
from groundswell.studio.messengers.report import Report
from groundswell.studio.private import guard
from groundswell.studio.private.guard import Gone


class Visit(NamedTuple):
    """Who came, by which link: all that any of these pages may know of."""

    token: str
    link: PrivateLink
    messenger: Messenger
    campaign: Campaign
    language: str


class Text(NamedTuple):
    """One text on the page. `can_open`: an address that opens the network with the text in it."""

    ready: Ready
    network: str
    language: str
    direction: str
    app: str
    suggested: str
    embargo: str
    is_held: bool
    is_new: bool
    is_changed: bool
    pictures: list[tuple[Image, str]]


class Link(NamedTuple):
    """One of their links, as it is posted."""

    code: str
    address: str
    network: str
    language: str


def visit(token: str) -> Visit:
    """Whose page a token opens, at this moment. Raises Gone."""
    key = guard.key_of(token, private_link.MESSENGER)
    row = PrivateLink.objects.select_related("messenger").filter(key=key).first()
    if row is None or not queries.works(row) or row.messenger.archived_at is not None:
        raise Gone
    language = guard.language(row.messenger.languages)
    campaign = _campaign(row.campaign_key, [*row.messenger.languages, language])
    if campaign is None:
        raise Gone
    return Visit(token, row, row.messenger, campaign, language)


def context(one: Visit, *, since: datetime | None) -> dict[str, Any]:
    """All that stands on the page; `since` is when they were here before."""
    ready = _ready(one)
    texts = _texts(one, ready, since)
    part = queries.part(campaign_key=one.link.campaign_key, key=one.messenger.key)
    thanks = report_of(one)
    posts = list(queries.posts(campaign_key=one.link.campaign_key, messenger=one.messenger))
    return {
        "visit": one,
        "token": one.token,
        "messenger": one.messenger,
        "campaign": one.campaign,
        "direction": _direction(one.campaign.language),
        "demands": list(one.campaign.demands.all()),
        "scheduled": _when(part.scheduled_at if part else None, one),
        "texts": texts,
        "news": sum(text.is_new or text.is_changed for text in texts),
        "links": links(one),
        "networks": _networks(one, ready),
        "posts": [(post, _label(post.network), _when(post.at, one)) for post in posts],
        "cards": cards(one),
        "expires": _when(one.link.expires_at, one),
        "report": thanks if thanks and thanks.claim else None,
        **effect_context(one, posts),
    }


def effect_context(one: Visit, posts: list[Post] | None = None) -> dict[str, Any]:
    """What their post did so far; nothing before they posted."""
    if posts is None:
        posts = list(queries.posts(campaign_key=one.link.campaign_key, messenger=one.messenger))
    effect: Effect | None = None
    if posts:
        effect = queries_effect.effect(one.messenger, one.link.campaign_key)
    return {
        "effect": effect,
        "actions": effect.sums.collected if effect else 0,
        "as_of": _when(effect.as_of if effect else None, one),
        "token": one.token,
    }


def links(one: Visit) -> list[Link]:
    """Their working links in this campaign, never the campaign's own or another's."""
    rows = TrackedLink.objects.filter(
        messenger=one.messenger, campaign_key=one.link.campaign_key, retired_at=None
    )
    return [
        Link(row.code, door.address(row), _label(row.network), _language(row.language))
        for row in rows.order_by("network", "language", "pk")
    ]


def cards(one: Visit) -> list[tuple[str, CardFile]]:
    """Share cards to save: their own where there is one, else everybody's; each language once."""
    rows = TrackedLink.objects.filter(
        messenger=one.messenger, campaign_key=one.link.campaign_key, retired_at=None
    )
    wanted = {(row.page_key, row.language or one.campaign.language) for row in rows}
    found = {
        card.url: (_language(language), card)
        for page_key, language in sorted(wanted, key=str)
        for card in card_files.files(page_key, language, one.messenger.key)
    }
    return list(found.values())


def report_of(one: Visit) -> Report | None:
    """What their posts did, to keep: once the organisers have thanked them. It is in English, as
    the organisers read it: one half in another language would serve nobody.
    """
    part = queries.part(campaign_key=one.link.campaign_key, key=one.messenger.key)
    if part is None or part.status != Status.THANKED:
        return None
    with translation.override("en"):
        return report.make(one.messenger, one.link.campaign_key, campaign=one.campaign.title)


def picture(one: Visit, image_id: int) -> Image:
    """A picture that goes with one of their texts. Raises Gone for any other."""
    if image_id not in {image for ready in _ready(one) for image, _alt in ready.pictures}:
        raise Gone
    found = Image.objects.filter(pk=image_id).first()
    if found is None:
        raise Gone
    return found


def text(one: Visit, key: UUID) -> Ready:
    """One of their texts. Raises Gone for any other."""
    found = queries_statements.one_for_messenger(
        key=key, messenger_id=one.messenger.pk, campaign_key=one.link.campaign_key
    )
    if found is None:
        raise Gone
    return found


def _ready(one: Visit) -> list[Ready]:
    return queries_statements.for_messenger(
        messenger_id=one.messenger.pk, campaign_key=one.link.campaign_key
    )


def _texts(one: Visit, ready: list[Ready], since: datetime | None) -> list[Text]:
    found = Image.objects.in_bulk({image for text in ready for image, _alt in text.pictures})
    return [_text(one, text, since, found) for text in ready]


def _text(one: Visit, ready: Ready, since: datetime | None, found: dict[int, Image]) -> Text:
    held = bool(ready.embargo_until and ready.embargo_until > clock.now())
    fresh = bool(since and ready.changed_at > since)
    network = NETWORKS[ready.network]
    return Text(
        ready=ready,
        network=network.label,
        language=_language(ready.language),
        direction=_direction(ready.language),
        app="" if held or not ready.text else network.open_url(ready.text, ready.link),
        suggested=_when(ready.suggested_at, one),
        embargo=_when(ready.embargo_until, one) if held else "",
        is_held=held,
        is_new=fresh and not ready.before,
        is_changed=fresh and bool(ready.before),
        pictures=[(found[image], alt) for image, alt in ready.pictures if image in found],
    )


def _networks(one: Visit, ready: list[Ready]) -> list[tuple[str, str]]:
    """Where they may have posted: where they are first, then everywhere."""
    mine = [text.network for text in ready]
    mine += [profile.network for profile in one.messenger.profiles.all()]
    codes = dict.fromkeys([*mine, *NETWORKS])
    return [(code, NETWORKS[code].label) for code in codes if code in NETWORKS]


def _campaign(key: UUID, languages: list[str]) -> Campaign | None:
    rows = list(
        Campaign.objects.filter(translation_key=key).select_related("locale").order_by("pk")
    )
    spoken = {row.language: row for row in reversed(rows)}
    return next((spoken[code] for code in languages if code in spoken), rows[0] if rows else None)


def _when(moment: datetime | None, one: Visit) -> str:
    """A moment where the messenger lives, with the place's name, so that nobody has to reckon."""
    if moment is None:
        return ""
    zone = _zone(one.messenger)
    locale = names.locale()
    shown = format_datetime(moment.astimezone(zone), "EEE d MMM y, HH:mm", locale=locale)
    return f"{shown} ({get_timezone_location(zone, locale=locale, return_city=True)})"


def _zone(messenger: Messenger) -> ZoneInfo:
    name = messenger.time_zone or timezone.get_default_timezone_name()
    return ZoneInfo(name)


def _label(network: str) -> str:
    return NETWORKS[network].label if network in NETWORKS else ""


def _language(code: str) -> str:
    return names.language(code) if code else ""


def _direction(code: str) -> str:
    return "rtl" if code.partition("-")[0] in ("ar", "fa", "he", "ur", "ps", "ckb") else "ltr"
