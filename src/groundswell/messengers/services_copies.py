"""Writes: one text made into many, for other messengers, networks and languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from groundswell.messengers import services_links
from groundswell.messengers.models import Involvement, Messenger, Statement, TrackedLink
from groundswell.messengers.services_statements import NO_TIMES, Content, Times, create, newest


class Place(NamedTuple):
    """Where a text is for: without a messenger it is for all of the campaign."""

    messenger_id: int | None
    network: str
    language: str


@dataclass(frozen=True)
class Copied:
    """What was made, and where such a text was already."""

    fresh: list[Statement]
    known: list[Place]


@transaction.atomic
def copy(
    *,
    campaign_key: UUID,
    content: Content,
    places: Sequence[Place],
    by: str,
    page_key: UUID | None = None,
    times: Times = NO_TIMES,
) -> Copied:
    """Make a text for each place, with the place's own link to that page, and the messenger's
    own disclosure where they have one. Copies of one text go separate ways from then on.

    A place that holds the same words already gets no second.
    """
    made = Copied([], [])
    told = _disclosures(campaign_key)
    for place in dict.fromkeys(places):
        if _is_there(campaign_key, place, content.text):
            made.known.append(place)
            continue
        link = own_link(campaign_key=campaign_key, place=place, page_key=page_key, by=by)
        mine = Content(
            text=content.text,
            disclosure=told.get(place.messenger_id or 0) or content.disclosure,
            link_id=link.pk if link else None,
            pictures=content.pictures,
        )
        made.fresh.append(
            create(
                campaign_key=campaign_key, network=place.network, language=place.language,
                messenger_id=place.messenger_id, content=mine, times=times, by=by,
            )
        )  # fmt: skip
    return made


def content_of(statement: Statement) -> Content:
    """All that is posted of a text's newest version but its link: each place has its own."""
    last = newest(statement)
    return Content(
        text=last.text,
        disclosure=last.disclosure,
        pictures=tuple((image, alt) for image, alt in last.pictures),
    )


def own_link(
    *, campaign_key: UUID, place: Place, page_key: UUID | None, by: str
) -> TrackedLink | None:
    """The link of this place to that page, made if it is not there; None without a page."""
    if page_key is None:
        return None
    whose = Messenger.objects.get(pk=place.messenger_id) if place.messenger_id else None
    made = services_links.make_links(
        campaign_key=campaign_key, page_key=page_key, messengers=[whose],
        networks=[place.network], languages=[place.language], by=by,
    )  # fmt: skip
    return [*made.fresh, *made.known][0]


def give_links(*, statement: Statement, by: str) -> int:
    """Make each messenger of the campaign their own link for a text that is for all of them."""
    if statement.messenger_id is not None or statement.link is None:
        return 0
    parts = Involvement.objects.filter(
        campaign_key=statement.campaign_key, messenger__archived_at=None
    )
    whose = [one.messenger for one in parts.select_related("messenger")]
    if not whose:
        return 0
    made = services_links.make_links(
        campaign_key=statement.campaign_key, page_key=statement.link.page_key, messengers=whose,
        networks=[statement.network], languages=[statement.link.language], by=by,
    )  # fmt: skip
    return len(made.fresh)


def _disclosures(campaign_key: UUID) -> dict[int, str]:
    rows = Involvement.objects.filter(campaign_key=campaign_key)
    return dict(rows.values_list("messenger_id", "disclosure"))


def _is_there(campaign_key: UUID, place: Place, text: str) -> bool:
    rows = Statement.objects.filter(
        campaign_key=campaign_key, network=place.network, language=place.language, archived_at=None
    )
    mine = (one for one in rows if one.messenger_id == place.messenger_id)
    return any(newest(one).text == text for one in mine)
