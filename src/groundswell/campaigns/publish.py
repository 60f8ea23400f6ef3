"""From pages in the database to files at the public door, for every language, atomically."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from groundswell.base import clock
from groundswell.campaigns import (
    became,
    counters,
    publish_files,
    publish_gone,
    publish_lookup,
    publish_site_files,
    queries,
    render,
    stamp,
)
from groundswell.campaigns.models import ActionPage, Campaign, SiteHome
from groundswell.campaigns.models_base import PublicPage
from groundswell.campaigns.models_letter import AS_READ
from groundswell.campaigns.publish_files import Edition, Linked, Manifest
from groundswell.campaigns.render_letter_pages import plain_text
from groundswell.campaigns.render_letter_views import OpenLetterView
from groundswell.campaigns.render_media import Pictures, as_stored, copied, kept
from groundswell.campaigns.render_pages import Pages
from groundswell.campaigns.render_reach_views import LetterView
from groundswell.campaigns.render_read import Reader, languages, live_actions
from groundswell.campaigns.render_views import ActionView, CampaignView

CAMPAIGN: Final = "campaign:"


def publish_page(page: PublicPage) -> None:
    """Bring a page's public files up to date: the whole campaign's, in every live language.

    What is not live is taken away. The site's homes, which list the campaign, follow.
    """
    _publish([] if isinstance(page, SiteHome) else [_campaign_key(page)])


def unpublish_page(page: PublicPage) -> None:
    """Take a page away from the public door. It answers 404 there from now on.

    Only the links in mails that were sent go on working: withdrawing is a right.
    """
    publish_page(page)


def publish_site() -> None:
    """Bring every public file up to date and take away what belongs to no live page."""
    keys = set(Campaign.objects.live().values_list("translation_key", flat=True))
    with_files = {
        UUID(scope.removeprefix(CAMPAIGN))
        for scope in publish_files.load(publish_files.site()).scopes
        if scope.startswith(CAMPAIGN)
    }
    _publish(sorted(keys | with_files), everything=True)


def due_transitions(now: datetime) -> list[Campaign]:
    """Campaigns whose public files still show them open, or not yet open, when they no longer are.

    Pass each to `publish_page`.
    """
    moment = clock.to_ms(now)
    due = [
        UUID(scope.removeprefix(CAMPAIGN))
        for scope, published in publish_files.load(publish_files.site()).scopes.items()
        if published.state and published.state != _state(published, moment)
    ]
    found = Campaign.objects.filter(translation_key__in=due)
    return list({page.translation_key: page for page in found}.values())


def render_preview(page: PublicPage, _request: HttpRequest, mode: str = "") -> HttpResponse:
    """A page as it would be published, from an organiser's draft; nothing in it acts.

    `mode` is one of the page's `preview_modes`.
    """
    pictures = Pictures(as_stored)
    reader = Reader(now=clock.now(), totals=counters.all_totals(), pictures=pictures)
    pages = Pages(reader.site(page.language), preview=True)
    if isinstance(page, ActionPage):
        action, campaign = reader.action(page, page.campaign), reader.campaign(page.campaign)
        if mode == AS_READ and isinstance(action, LetterView):
            made = pages.letter_read(action, campaign)
        else:
            made = pages.sign(action, campaign)
    elif isinstance(page, Campaign):
        cards = tuple(reader.action_card(one, page) for one in live_actions(page))
        made = pages.campaign(reader.campaign(page), cards)
    elif isinstance(page, SiteHome):
        made = pages.home(reader.home(page))
    else:
        raise TypeError(f"{type(page).__name__} has no public page")
    # Wagtail shows a preview in a frame of the studio's own.
    return HttpResponse(made.html, headers=render.headers(frame_ancestors="'self'"))


def _publish(keys: Iterable[UUID], *, everything: bool = False) -> None:
    target = publish_files.site()
    with target.locked():
        manifest = publish_files.load(target)
        totals = counters.all_totals()
        gone = publish_gone.Gone(target, manifest)
        for key in keys:
            edition = _campaign_edition(key, totals)
            gone.keep(edition)
            if edition.pages:
                publish_files.put(target, manifest, edition)
            else:
                publish_files.withdraw(target, manifest, edition.scope)
        gone.settle()
        if everything:
            gone.make_anew()
        first = publish_site_files.SCOPE not in manifest.scopes
        if everything or first or _languages_changed(manifest):
            publish_files.put(target, manifest, publish_site_files.site_edition(totals))
        publish_files.put(target, manifest, publish_site_files.homes_edition(totals))
        publish_lookup.put(target, manifest)
        publish_files.save(target, manifest)
        zero = dict.fromkeys(stamp.shown_pages(manifest), counters.Totals(0, 0))
        stamp.write_counts(target, manifest, {**zero, **totals})
        target.announce()


def _languages_changed(manifest: Manifest) -> bool:
    """Whether the site speaks other languages than its error pages do so far."""
    made = manifest.scopes[publish_site_files.SCOPE].places
    return {f"privacy.{code}" for code in languages()} != {
        place for place in made if place.startswith("privacy.")
    }


def _campaign_edition(key: UUID, totals: dict[UUID, counters.Totals]) -> Edition:
    edition = Edition(scope=f"{CAMPAIGN}{key.hex}")
    pictures = Pictures(copied(edition.add), kept(edition.add))
    reader = Reader(now=clock.now(), totals=totals, pictures=pictures)
    for campaign in Campaign.objects.live().filter(translation_key=key):
        home = SiteHome.objects.parent_of(campaign).live().first()
        if home is not None:
            _add_campaign(edition, reader, campaign)
    return edition


def _add_campaign(edition: Edition, reader: Reader, campaign: Campaign) -> None:
    lang = campaign.language
    pages = Pages(reader.site(lang))
    view = reader.campaign(campaign)
    live = list(live_actions(campaign))
    actions = tuple(reader.action(page, campaign) for page in live)
    cards = tuple(reader.action_card(page, campaign) for page in live)
    told = _became(edition, actions, lang)
    edition.add_page(pages.campaign(view, cards, told), f"{view.key.hex}.{lang}")
    notice = queries.privacy_notice(campaign=campaign)
    privacy = pages.privacy(notice, campaign=view, actions=actions)
    edition.add_page(privacy, f"{view.key.hex}.{lang}.privacy")
    for action in actions:
        _add_action(edition, pages, action, view, lang)
    edition.state = view.state
    edition.opens = clock.to_ms(view.opens) if view.opens else None
    edition.closes = clock.to_ms(view.closes) if view.closes else None


def _became(edition: Edition, actions: tuple[ActionView, ...], lang: str) -> tuple[SafeString, ...]:
    """The campaign page's parts about letters and calls, and the same as data."""
    parts = []
    for action in actions:
        kind = action.kind.name
        if kind in became.WORDS:
            found = became.lines(page_key=UUID(action.page), kind=kind)
            edition.add(became.path(action.page), became.data(action.page, kind, found))
            parts.append(became.section(_linked(action, lang), found))
    return tuple(parts)


def _linked(action: ActionView, lang: str) -> Linked:
    return Linked(
        page=action.page, kind=action.kind.name, lang=lang, path=action.path, title=action.title
    )


def _add_action(
    edition: Edition, pages: Pages, action: ActionView, campaign: CampaignView, lang: str
) -> None:
    edition.actions[f"{action.page}.{lang}"] = _linked(action, lang)
    for page in pages.action(action, campaign):
        name = page.path.removeprefix(action.path).strip("/")
        edition.add_page(page, f"{action.page}.{lang}.{name}")
    if isinstance(action, OpenLetterView):
        edition.add(f"{action.path.lstrip('/')}letter.txt", plain_text(action, lang).encode())


def _state(published: publish_files.Published, moment: int) -> str:
    if published.closes is not None and published.closes <= moment:
        return "closed"
    if published.opens is not None and published.opens > moment:
        return "soon"
    return "open"


def _campaign_key(page: PublicPage) -> UUID:
    campaign = page.campaign if isinstance(page, ActionPage) else page
    return UUID(str(campaign.translation_key))
