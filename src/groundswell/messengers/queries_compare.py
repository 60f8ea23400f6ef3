"""What worked: texts by the links that stood in them, and posts by the hour they were made."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Prefetch, Q, Sum

from groundswell.base import clock
from groundswell.campaigns import moments
from groundswell.campaigns.models_moments import Moment
from groundswell.messengers import queries_statements
from groundswell.messengers.effect import Sums, total
from groundswell.messengers.models import Post, Statement, StatementVersion, TrackedLink

POSTS: Final = 200
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_NUMBERS: Final = ("visits", "previews", "collected", "confirmed")


@dataclass(frozen=True)
class TextRow:
    """A text and what the links in it brought. `messenger` is empty for a text for all.

    `shared`: one of its links stands in another text as well, so that nobody can tell which of
    them somebody followed; the numbers are then those of both.
    """

    key: UUID
    network: str
    language: str
    messenger: str
    text: str
    codes: tuple[str, ...]
    shared: bool
    sums: Sums


@dataclass(frozen=True)
class PostRow:
    """A post, and what its link brought in the hour and the day that followed.

    `hour` is None for a post of more than two weeks ago: its minutes have become hours. `own`: the
    post names its link; otherwise those of its messenger on that network are taken.
    """

    id: int
    at: datetime
    messenger: str
    network: str
    language: str
    url: str
    own: bool
    hour: Sums | None
    day: Sums


def texts(campaign_key: UUID) -> list[TextRow]:
    """The texts with a link, those that brought most first. Five queries, however many."""
    links = list(TrackedLink.objects.filter(campaign_key=campaign_key))
    rows = Statement.objects.filter(campaign_key=campaign_key, link__isnull=False)
    full = rows.select_related("messenger", "link").prefetch_related(
        Prefetch("versions", StatementVersion.objects.order_by("number"))
    )
    statements = list(full.order_by("pk"))
    codes = {one.pk: _codes(one, links) for one in statements}
    times = Counter(code for some in codes.values() for code in some)
    sums = _by_code({code for some in codes.values() for code in some})
    found = [_text(one, codes[one.pk], times, sums) for one in statements]
    return sorted(found, key=lambda row: (-row.sums.visits, -row.sums.collected))


def posts(campaign_key: UUID, *, now: datetime | None = None) -> list[PostRow]:
    """The newest posts, those whose first day brought most first. Two queries and one for each."""
    now = now or clock.now()
    links = list(TrackedLink.objects.filter(campaign_key=campaign_key))
    rows = Post.objects.filter(campaign_key=campaign_key).select_related("messenger", "link")
    found = [_post(one, links, now) for one in rows.order_by("-at", "-pk")[:POSTS]]
    return sorted(found, key=lambda row: (-row.day.visits, -row.day.collected))


def _codes(one: Statement, links: Iterable[TrackedLink]) -> tuple[str, ...]:
    """The links a text stands with; in one for all, each messenger's own."""
    if one.messenger_id is not None:
        return (one.link.code,) if one.link else ()
    owners: dict[int | None, list[TrackedLink]] = {}
    for link in links:
        owners.setdefault(link.messenger_id, []).append(link)
    chosen = [queries_statements.link_of(one, mine) for mine in owners.values()]
    return tuple(sorted({link.code for link in chosen if link is not None}))


def _text(
    one: Statement, codes: tuple[str, ...], times: Mapping[str, int], sums: Mapping[str, Sums]
) -> TextRow:
    versions = list(one.versions.all())
    return TextRow(
        key=one.key,
        network=one.network,
        language=one.language,
        messenger=one.messenger.name if one.messenger else "",
        text=versions[-1].text if versions else "",
        codes=codes,
        shared=any(times[code] > 1 for code in codes),
        sums=total(sums.get(code, Sums()) for code in codes),
    )


def _by_code(codes: Iterable[str]) -> dict[str, Sums]:
    rows: Any = Moment.objects.filter(source__in=list(codes)).values("source").order_by()
    found = rows.annotate(**{f"sum_{name}": Sum(name) for name in _NUMBERS})
    return {row["source"]: Sums(*(row[f"sum_{name}"] for name in _NUMBERS)) for row in found}


def _post(one: Post, links: list[TrackedLink], now: datetime) -> PostRow:
    mine = [link for link in links if link.messenger_id == one.messenger_id]
    there = [link for link in mine if link.network == one.network] or mine
    chosen = [one.link.code] if one.link else [link.code for link in there]
    first = moments.minute(one.at)
    whole = Moment.objects.filter(source__in=chosen, minute__gte=first, minute__lt=first + _DAY)
    hour = Q(minute__lt=first + _HOUR)
    sums = {f"day_{name}": Sum(name, default=0) for name in _NUMBERS}
    sums |= {f"hour_{name}": Sum(name, filter=hour, default=0) for name in _NUMBERS}
    found = whole.aggregate(**sums)
    is_exact = first >= now - moments.KEPT
    return PostRow(
        id=one.pk,
        at=one.at,
        messenger=one.messenger.name,
        network=one.network,
        language=one.language,
        url=one.url,
        own=one.link is not None,
        hour=Sums(*(found[f"hour_{name}"] for name in _NUMBERS)) if is_exact else None,
        day=Sums(*(found[f"day_{name}"] for name in _NUMBERS)),
    )
