"""Reads of what messengers' posts brought: sums of the minutes, never rows of people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, Min, QuerySet, Sum

from groundswell.base import clock
from groundswell.campaigns.models import ActionPage, Campaign
from groundswell.campaigns.models_moments import Moment
from groundswell.campaigns.moments import Change
from groundswell.messengers.effect import Acted, Effect, Part, Sums, largest_first, total
from groundswell.messengers.models import Messenger, TrackedLink

_NUMBERS: Final = ("visits", "previews", "collected", "confirmed")
_SLICE: Final = ("source", "page_key", "language", "country")


def effect(
    messenger: Messenger | None,
    campaign_key: UUID,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Effect:
    """What this messenger's links brought in the campaign, or the campaign's own links (None).

    Links that were retired count as well. With `since` and `until` only of that time, which is
    exact to the minute for two weeks and to the hour later. Four queries, however much happened.
    """
    links = list(_links(campaign_key).filter(messenger=messenger))
    return _of(links, _slices([link.code for link in links], since=since, until=until))


def effects(campaign_key: UUID) -> list[tuple[Messenger | None, Effect]]:
    """The effect of each messenger who has a link in the campaign, the largest first; None stands
    for the campaign's own links. Four queries, however many messengers.
    """
    links = list(_links(campaign_key).select_related("messenger"))
    owners: dict[int | None, list[TrackedLink]] = defaultdict(list)
    for link in links:
        owners[link.messenger_id].append(link)
    slices = _slices([link.code for link in links])
    pages = _pages({row["page_key"] for row in slices})
    found = [
        (mine[0].messenger, _of(mine, _mine(slices, mine), pages=pages)) for mine in owners.values()
    ]
    return sorted(found, key=lambda one: (-one[1].sums.visits, -one[1].sums.collected))


def minutes(
    codes: Collection[str], *, since: datetime, until: datetime
) -> list[tuple[datetime, Sums]]:
    """What links brought minute by minute, those in which something happened, in order.

    What is older than two weeks stands at the beginning of its hour.
    """
    rows: Any = _rows(codes, since=since, until=until).values("minute").order_by("minute")
    return [(row["minute"], _sums(row)) for row in rows.annotate(**_totals())]


def rows(codes: Collection[str]) -> Iterator[Change]:
    """Every slice of these links, in order of time; streamed, however many there are."""
    found = Moment.objects.filter(source__in=list(codes)).order_by("minute", "pk")
    for row in found.values_list(*Change._fields).iterator(chunk_size=2_000):
        yield Change(*row)


def codes(messenger: Messenger | None, campaign_key: UUID) -> list[str]:
    """The codes of a messenger's links in a campaign, retired ones too."""
    return list(_links(campaign_key).filter(messenger=messenger).values_list("code", flat=True))


def campaign_title(campaign_key: UUID) -> str | None:
    """A campaign's title in the language it was made in; None for a key that is none."""
    titles = Campaign.objects.filter(translation_key=campaign_key).order_by("pk")
    found = titles.values_list("title", flat=True).first()
    return None if found is None else str(found)


def page_keys(campaign_key: UUID) -> set[UUID]:
    """All that belongs to a campaign: its action pages, and the campaign itself."""
    paths = Campaign.objects.filter(translation_key=campaign_key).values_list("path", flat=True)
    keys = {campaign_key}
    for path in paths:
        inside = ActionPage.objects.filter(path__startswith=path)
        keys.update(inside.values_list("translation_key", flat=True))
    return keys


def _links(campaign_key: UUID) -> QuerySet[TrackedLink]:
    return TrackedLink.objects.filter(campaign_key=campaign_key)


def _rows(
    codes: Collection[str], *, since: datetime | None, until: datetime | None
) -> QuerySet[Moment]:
    rows = Moment.objects.filter(source__in=codes)
    if since is not None:
        rows = rows.filter(minute__gte=since)
    return rows if until is None else rows.filter(minute__lt=until)


def _slices(
    codes: Collection[str], *, since: datetime | None = None, until: datetime | None = None
) -> list[dict[str, Any]]:
    rows = _rows(codes, since=since, until=until).values(*_SLICE)
    return list(rows.annotate(**_totals(), first=Min("minute"), last=Max("minute")).order_by())


def _totals() -> dict[str, Sum]:
    return {f"sum_{name}": Sum(name) for name in _NUMBERS}


def _sums(row: dict[str, Any]) -> Sums:
    return Sums(*(row[f"sum_{name}"] for name in _NUMBERS))


def _mine(rows: list[dict[str, Any]], links: Iterable[TrackedLink]) -> list[dict[str, Any]]:
    codes = {link.code for link in links}
    return [row for row in rows if row["source"] in codes]


def _of(
    links: list[TrackedLink],
    rows: list[dict[str, Any]],
    *,
    pages: dict[UUID, tuple[str, str]] | None = None,
) -> Effect:
    networks = {link.code: link.network for link in links}
    pages = _pages({row["page_key"] for row in rows}) if pages is None else pages
    return Effect(
        as_of=clock.now(),
        sums=total(_sums(row) for row in rows),
        acted=_acted(rows, pages),
        networks=_by(rows, lambda row: networks[row["source"]]),
        languages=_by(rows, lambda row: row["language"]),
        countries=_by(rows, lambda row: row["country"].upper()),
        links=_by(rows, lambda row: row["source"]),
        first=min((row["first"] for row in rows), default=None),
        last=max((row["last"] for row in rows), default=None),
    )


def _by(rows: list[dict[str, Any]], value: Any) -> tuple[Part, ...]:
    found: dict[str, Sums] = defaultdict(Sums)
    for row in rows:
        found[value(row)] = found[value(row)].plus(_sums(row))
    return largest_first(found)


def _acted(rows: list[dict[str, Any]], pages: dict[UUID, tuple[str, str]]) -> tuple[Acted, ...]:
    found: dict[UUID, Sums] = defaultdict(Sums)
    for row in rows:
        found[row["page_key"]] = found[row["page_key"]].plus(_sums(row))
    acted = [
        Acted(key, *pages.get(key, ("", "")), sums.collected, sums.confirmed)
        for key, sums in found.items()
        if sums.collected or sums.confirmed
    ]
    return tuple(sorted(acted, key=lambda one: (-one.collected, str(one.page_key))))


def _pages(keys: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """The kind and the title of each action page, in the language it was made in."""
    rows = ActionPage.objects.filter(translation_key__in=keys).order_by("-pk")
    return {
        key: (kind, title)
        for key, kind, title in rows.values_list("translation_key", "kind", "title")
    }
