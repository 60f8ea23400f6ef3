"""What people must know of a letter page: whom its letters go to, by which channel, its drafts.

Read once for each publication and kept for a short while, so that thousands of confirmations cost
a few queries.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from groundswell.campaigns import reach
from groundswell.campaigns.models import LetterPage
from groundswell.campaigns.render_read import organisation_name
from groundswell.directory import queries as directory
from groundswell.directory.models import TargetList
from groundswell.directory.targets import Target

# A target list or an edition of the directory may change without the page being published.
FRESH_SECONDS: Final = 20.0
# Ten thousand letters to one office should not look it up ten thousand times.
TARGET_SECONDS: Final = 3.0
MOST_TARGETS: Final = 5_000
_targets: dict[str, tuple[float, Target | None]] = {}
_kept: dict[UUID, tuple[float, "Pages | None"]] = {}


class Draft(msgspec.Struct, frozen=True):
    """An organiser's text in one language."""

    subject: str
    body: str


class Text(msgspec.Struct, frozen=True):
    """One of a page's texts and who gets it. Its fields are `subject` and `body` plus `suffix`."""

    group: str
    suffix: str
    own: tuple[str, ...]
    keys: tuple[str, ...]


class Words(msgspec.Struct, frozen=True):
    """A letter page in one language. `points` maps the names of tick boxes to their sentences."""

    title: str
    campaign_title: str
    campaign_url: str
    drafts: Mapping[str, Draft]
    points: Mapping[str, str]


class Pages(msgspec.Struct, frozen=True):
    """A letter page in all its languages; `ways` are its channels, best first.

    `targets` are those that do not depend on a supporter.
    """

    page_key: UUID
    campaign_key: UUID
    ways: tuple[str, ...]
    batch: bool
    topics: tuple[str, ...]
    send_from: datetime | None
    texts: tuple[Text, ...]
    words: Mapping[str, Words]
    targets: Mapping[str, Target]
    organisation: str

    def in_language(self, language: str) -> Words:
        """The page's words in a language, or in the first it has."""
        return self.words.get(language) or next(iter(self.words.values()))


def of(page_key: UUID) -> Pages | None:
    """The page as it is now, give or take FRESH_SECONDS; None when it is gone."""
    now = time.monotonic()
    until, page = _kept.get(page_key, (0.0, None))
    if now >= until:
        page = _read(page_key)
        _kept[page_key] = (now + FRESH_SECONDS, page)
    return page


def target(key: str) -> Target | None:
    """A target as the directory has it, give or take TARGET_SECONDS; None if it has none."""
    now = time.monotonic()
    until, found = _targets.get(key, (0.0, None))
    if now >= until:
        if len(_targets) >= MOST_TARGETS:
            _targets.clear()
        found = directory.targets([key]).get(key)
        _targets[key] = (now + TARGET_SECONDS, found)
    return found


def forget() -> None:
    """Read every page and target afresh from now on."""
    _kept.clear()
    _targets.clear()


def _read(page_key: UUID) -> Pages | None:
    rows = LetterPage.objects.filter(translation_key=page_key).select_related("locale")
    pages = sorted(rows, key=lambda page: (not page.live, page.pk))
    if not pages:
        return None
    first: LetterPage = pages[0]
    texts = tuple(
        Text(one.group, one.suffix, tuple(one.own), tuple(_keys(one.keys, one.lists)))
        for one in first.letters.all()
    )
    return Pages(
        page_key=page_key,
        campaign_key=UUID(str(first.campaign.translation_key)),
        ways=reach.channels(first),
        batch=first.batch,
        topics=tuple(first.topics),
        send_from=first.send_from,
        texts=texts,
        words={page.language: _words(page) for page in pages},
        targets=directory.targets({key for text in texts for key in text.keys}),
        organisation=organisation_name(),
    )


def _words(page: LetterPage) -> Words:
    campaign = page.campaign
    return Words(
        title=page.title,
        campaign_title=campaign.title,
        campaign_url=campaign.public_url,
        drafts={one.group: Draft(one.subject, one.body) for one in page.letters.all()},
        points={one.field: one.text for one in page.points.all()},
    )


def _keys(keys: Sequence[str], lists: Sequence[int]) -> list[str]:
    listed = [target.key for list_id in lists for target in _of_list(list_id)]
    return list(dict.fromkeys([*listed, *keys]))


def _of_list(list_id: int) -> list[Target]:
    try:
        return directory.of_list(list_id)
    except TargetList.DoesNotExist:  # removed since: the page's other addressees stay
        return []
