"""The campaigns as an organiser looks for them: each page once, with all its languages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from wagtail.models import WorkflowState
from wagtail_localize.models import TranslationSource

from groundswell.base import env
from groundswell.campaigns.models import Campaign
from groundswell.studio.home import cards, schedule
from groundswell.studio.home.cards import CampaignCard, PageCard, State


@dataclass(frozen=True)
class Version:
    """A page in one language. `words` says how it stands; empty when there is nothing to say."""

    page: Any
    words: str


@dataclass(frozen=True)
class Row:
    """One page: the campaign's own, or something people can do."""

    page: Any
    state: State
    words: str
    versions: list[Version]
    more_languages: bool
    stale: int | None
    """The translation source whose translations lack what was published since."""
    kind: str = ""
    """What an action is, in words; empty for the campaign itself."""


@dataclass(frozen=True)
class Entry:
    """A campaign and its pages. `lacks_action`: nobody can do anything for it yet."""

    campaign: Campaign
    state: State
    rows: list[Row]

    @property
    def lacks_action(self) -> bool:
        return len(self.rows) == 1


def entries(*, now: datetime) -> list[Entry]:
    """All campaigns, as Home orders them. Four queries."""
    waiting, sources = _waiting(), _sources()
    found = []
    for card in cards.campaigns(now=now):
        sheets: list[CampaignCard | PageCard] = [card, *card.pages]
        rows = [_row(one, card.page, now, waiting, sources) for one in sheets]
        found.append(Entry(card.page, card.state, rows))
    return found


def _row(
    card: CampaignCard | PageCard,
    campaign: Campaign,
    now: datetime,
    waiting: set[str],
    sources: dict[UUID, TranslationSource],
) -> Row:
    source = sources.get(card.page.translation_key)
    return Row(
        page=card.page,
        state=card.state,
        words=schedule.words(state=card.state, page=card.page, campaign=campaign, now=now),
        versions=[Version(one, ", ".join(_standing(one, waiting))) for one in card.versions],
        more_languages=len(card.versions) < len(env.load().language_codes),
        stale=source.pk if source and _is_newer(card.versions, source) else None,
        kind=card.kind_words if isinstance(card, PageCard) else "",
    )


def _standing(page: Any, waiting: set[str]) -> Iterator[str]:
    if not page.live:
        yield _("draft") if page.first_published_at is None else _("taken down")
    elif page.has_unpublished_changes:
        yield _("changes not published yet")
    if str(page.pk) in waiting:
        yield _("waits for approval")


def _waiting() -> set[str]:
    return set(WorkflowState.objects.active().values_list("object_id", flat=True))


def _sources() -> dict[UUID, TranslationSource]:
    found = TranslationSource.objects.filter(translations__enabled=True).distinct()
    return {source.object_id: source for source in found}


def _is_newer(versions: Sequence[Any], source: TranslationSource) -> bool:
    original = next((page for page in versions if page.locale_id == source.locale_id), None)
    published = original.last_published_at if original else None
    return published is not None and published > source.last_updated_at
