"""Which cards there should be, and which of them are to be drawn now."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from groundswell.messengers.cards import card, subject
from groundswell.messengers.cards.layout import FORMATS
from groundswell.messengers.cards.subject import Subject
from groundswell.messengers.models import (
    CardDesign,
    DrawnCard,
    Involvement,
    Status,
    TrackedLink,
)

# Whose card may be public: nobody's before they have said yes.
AGREED: Final = frozenset({Status.AGREED, Status.SCHEDULED, Status.POSTED, Status.THANKED})
# A card is not drawn again more often than this because of its count alone.
EVERY: Final = timedelta(minutes=10)
AT_LEAST: Final = timedelta(days=1)  # if the count has moved at all
MOVED: Final = 0.01  # by so much of itself the count has to have changed
AGAIN: Final = timedelta(hours=1)  # what could not be drawn is tried again, fonts may have come


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One picture there should be. `messenger_key` and `shared_by` are empty for everybody's."""

    subject: Subject
    format: str
    counted: int
    fingerprint: str
    messenger_key: str = ""
    shared_by: str = ""

    @property
    def spot(self) -> tuple[UUID, str, str, str]:
        one = self.subject
        return (one.page_key, one.language, self.format, self.messenger_key)


@dataclass(kw_only=True)
class Plan:
    """All that a campaign's design asks for, at one moment."""

    design: CardDesign
    at: datetime
    cards: list[Wanted] = field(default_factory=list)
    links: list[TrackedLink] = field(default_factory=list)
    subjects: dict[tuple[UUID, str], Subject] = field(default_factory=dict)

    def subject_of(self, link: TrackedLink) -> Subject | None:
        """What a link is about, in its own language or the first there is."""
        fitting = [one for (page, _language), one in self.subjects.items() if page == link.page_key]
        fitting = fitting or list(self.subjects.values())
        same = [one for one in fitting if one.language == link.language]
        return next(iter(same or fitting), None)


def plan(design: CardDesign, *, at: datetime) -> Plan:
    """What a design asks for now. Nothing, if it is not live or the campaign is not."""
    made = Plan(design=design, at=at)
    if not design.live:
        return made
    made.subjects = {
        (one.page_key, one.language): one for one in subject.subjects(design.campaign_key)
    }
    made.links = _links(design.campaign_key) if made.subjects else []
    numbers = subject.counted(made.subjects.values())
    for one in made.subjects.values():
        made.cards += [_wanted(design, one, name, numbers, at) for name in FORMATS]
    if design.name_messengers:
        made.cards += _named(made, numbers)
    return made


def due(row: DrawnCard | None, one: Wanted, *, at: datetime) -> bool:
    """Whether a card is to be drawn: it is new, or says something else, or the count has moved."""
    if row is None or row.fingerprint != one.fingerprint:
        return True
    age = at - row.drawn_at
    if row.trouble:
        return age >= AGAIN
    moved = abs(one.counted - row.counted)
    if not moved:
        return False
    return age >= AT_LEAST or (age >= EVERY and moved >= max(1, row.counted * MOVED))


def path(one: Wanted, ending: str, old: DrawnCard | None) -> str:
    """Where a picture is to lie. It keeps its name as long as its type; a messenger's is secret."""
    here = one.subject
    if not one.messenger_key:
        return f"cards/{here.page_key.hex}/{here.language}-{one.format}.{ending}"
    if old is not None and old.path:
        return f"{old.path.rpartition('.')[0]}.{ending}"
    return f"cards/m/{secrets.token_hex(8)}/{here.language}-{one.format}.{ending}"


def page_path(link: TrackedLink) -> str:
    """Where the page of a link's card is to lie: nobody finds it by trying."""
    return f"cards/k/{link.code}-{secrets.token_hex(8)}/index.html"


def _links(campaign_key: UUID) -> list[TrackedLink]:
    """Links whose messenger has said yes, and the campaign's own."""
    agreed = set(
        Involvement.objects.filter(
            campaign_key=campaign_key, status__in=AGREED, messenger__archived_at=None
        ).values_list("messenger_id", flat=True)
    )
    links = TrackedLink.objects.filter(campaign_key=campaign_key, retired_at=None)
    rows = links.select_related("messenger").order_by("pk")
    return [link for link in rows if link.messenger_id is None or link.messenger_id in agreed]


def _named(made: Plan, numbers: Mapping[UUID, int]) -> Iterable[Wanted]:
    found: dict[tuple[UUID, str, str, str], Wanted] = {}
    for link in made.links:
        one = made.subject_of(link)
        if link.messenger is not None and one is not None:
            name = link.messenger.name
            key = link.messenger.key.hex
            wanted = _wanted(made.design, one, "og", numbers, made.at, key=key, name=name)
            found[wanted.spot] = wanted
    return found.values()


def _wanted(
    design: CardDesign,
    one: Subject,
    format_name: str,
    numbers: Mapping[UUID, int],
    at: datetime,
    *,
    key: str = "",
    name: str = "",
) -> Wanted:
    counted = numbers.get(one.page_key, 0)
    said = subject.content(design, one, counted=counted, at=at, shared_by=name)
    mark = subject.picture_mark(one.picture)
    return Wanted(
        subject=one,
        format=format_name,
        counted=counted if design.show_count else 0,
        fingerprint=card.fingerprint(subject.look(design), said, mark, format_name),
        messenger_key=key,
        shared_by=name,
    )
