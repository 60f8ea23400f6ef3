"""Campaigns and their action pages as the desk shows them: one card each for all languages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from groundswell.base import clock, env
from groundswell.campaigns.models import ActionPage, Campaign, SiteHome
from groundswell.kinds.kind import Kind
from groundswell.kinds.registry import KINDS
from groundswell.studio.home.numbers import Tally

AnyPage = TypeVar("AnyPage", Campaign, ActionPage)


class State(StrEnum):
    """What a page is to the public at this moment, in the order in which Home shows them."""

    OPEN = "open"
    SCHEDULED = "scheduled"
    DRAFT = "draft"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        return str(_STATE_WORDS[self])


_STATE_WORDS = {
    State.OPEN: _("Open"),
    State.SCHEDULED: _("Scheduled"),
    State.CLOSED: _("Closed"),
    State.DRAFT: _("Draft"),
    State.WITHDRAWN: _("Taken down"),
}


@dataclass(frozen=True)
class PageCard:
    """An action page. `page` is its version in the main language, or the first that was made."""

    page: ActionPage
    versions: Sequence[ActionPage]
    key: UUID
    state: State
    languages: list[str]
    goal: int
    campaign_title: str
    campaign_id: int
    campaign_key: UUID
    tally: Tally = field(default_factory=Tally)

    @property
    def is_public(self) -> bool:
        return self.state in {State.OPEN, State.SCHEDULED, State.CLOSED}

    @property
    def kind(self) -> Kind:
        return KINDS[self.page.kind]

    @property
    def reached(self) -> int:
        """How far it has come towards its goal, by what this kind of action counts."""
        return reached(self, self.tally)

    @property
    def kind_words(self) -> str:
        """What it is in the organiser's language: Petition, Letter, Call."""
        return _now(self.kind.label)


@dataclass(frozen=True)
class CampaignCard:
    """A campaign and what can be done for it."""

    page: Campaign
    versions: Sequence[Campaign]
    state: State
    pages: list[PageCard]
    tally: Tally = field(default_factory=Tally)


def reached(card: PageCard, tally: Tally) -> int:
    """The number that counts for this kind: those confirmed, or all that came in, as for calls."""
    return tally.confirmed if card.kind.counts == "confirmed" else tally.collected


def campaigns(*, now: datetime) -> list[CampaignCard]:
    """All campaigns without their numbers: open ones first, then the newest. Two queries."""
    actions = _by_parent(_versions(ActionPage.objects))
    cards = []
    for versions in _versions(Campaign.objects).values():
        shown = _shown(versions)
        mine = [group for version in versions for group in actions.get(version.path, [])]
        unique = {group[0].translation_key: group for group in mine}
        pages = [_page_card(group, versions, now) for group in unique.values()]
        cards.append(CampaignCard(shown, versions, _state(versions, versions, now), pages))
    return sorted(cards, key=lambda card: (list(State).index(card.state), -card.page.pk))


def page_card(*, page_key: UUID, now: datetime) -> PageCard | None:
    """One action page, or None when there is none of that key. Two queries."""
    versions = list(_pages(ActionPage.objects.filter(translation_key=page_key)))
    if not versions:
        return None
    parents = {version.path[: -Page.steplen] for version in versions}
    return _page_card(versions, list(_pages(Campaign.objects.filter(path__in=parents))), now)


def titles() -> dict[UUID, str]:
    """The title of every action page by its key, with its campaign's where that tells more."""
    found: dict[UUID, str] = {}
    for campaign in campaigns(now=clock.now()):
        for card in campaign.pages:
            found[card.key] = f"{campaign.page.title} · {card.page.title}"
    return found


def _pages(query: "QuerySet[Any]") -> "QuerySet[Any]":
    return query.select_related("locale").annotate_approved_schedule().order_by("pk")  # type: ignore[attr-defined,no-any-return]  # Wagtail's own


def _versions(manager: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for page in _pages(manager.all()):
        found.setdefault(page.translation_key, []).append(page)
    return found


def _by_parent(actions: dict[UUID, list[ActionPage]]) -> dict[str, list[list[ActionPage]]]:
    found: dict[str, list[list[ActionPage]]] = {}
    for versions in actions.values():
        for version in versions:
            found.setdefault(version.path[: -Page.steplen], []).append(versions)
    return found


def _shown(versions: Sequence[AnyPage]) -> AnyPage:
    main = env.load().language_codes[0]
    return next((page for page in versions if page.language == main), versions[0])


def _page_card(
    versions: Sequence[ActionPage], campaign: Sequence[Campaign], now: datetime
) -> PageCard:
    above = _shown(campaign)
    return PageCard(
        page=_shown(versions),
        versions=versions,
        key=versions[0].page_key,
        state=_state(versions, campaign, now),
        languages=[page.language for page in versions if page.live],
        goal=above.goal,
        campaign_title=above.title,
        campaign_id=above.pk,
        campaign_key=above.translation_key,
    )


def _state(versions: Iterable[Any], campaign: Sequence[Campaign], now: datetime) -> State:
    pages = list(versions)
    if any(page.live for page in pages) and any(page.live for page in campaign):
        dates = _shown(campaign)
        if dates.closes_at and dates.closes_at <= now:
            return State.CLOSED
        if dates.opens_at and dates.opens_at > now:
            return State.SCHEDULED
        return State.OPEN
    if any(page.approved_schedule for page in pages):
        return State.SCHEDULED
    published = all(page.first_published_at for page in (pages[0], campaign[0]))
    return State.WITHDRAWN if published else State.DRAFT


def site_home() -> SiteHome | None:
    """Where a first campaign is created: the site home in the main language."""
    homes = list(SiteHome.objects.select_related("locale").order_by("pk"))
    main = env.load().language_codes[0]
    return next((home for home in homes if home.language == main), homes[0] if homes else None)
