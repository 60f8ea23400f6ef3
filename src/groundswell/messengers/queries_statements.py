"""What is asked about texts: the overview of a campaign, and what a messenger may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from groundswell.messengers import links as door
from groundswell.messengers import writing
from groundswell.messengers.models import (
    Approval,
    Claim,
    Comment,
    Side,
    Source,
    Statement,
    StatementVersion,
    TrackedLink,
)

State = Literal["draft", "waiting", "approved", "revising"]


@dataclass(frozen=True)
class Ready:
    """A text as a messenger's side sees it. Only what we approved is ever in here.

    `state` is "waiting" for their yes, "approved", or "revising": they saw it once and we are at
    work on it again; then there is no text, and it should not be posted. `text` is as posted, with
    the disclosure and the link in it. `before` is how it read in the version we approved before
    that, "" if this is the first. `changed_at`: when the words or the times last became this.
    `pictures` are (image id, alternative text).
    """

    key: UUID
    network: str
    language: str
    for_all: bool
    state: State
    version: int
    text: str
    before: str
    link: str
    disclosure: str
    pictures: tuple[tuple[int, str], ...]
    suggested_at: datetime | None
    embargo_until: datetime | None
    ours: Approval | None
    theirs: Approval | None
    changed_at: datetime
    comments: tuple[Comment, ...]


def for_messenger(*, messenger_id: int, campaign_key: UUID) -> list[Ready]:
    """The texts a messenger's side may see in one campaign: theirs, and those for all.

    Nothing that we have not approved, nothing of another messenger, nothing put away.
    """
    rows = _with_all(
        Statement.objects.filter(
            Q(messenger_id=messenger_id) | Q(messenger=None),
            campaign_key=campaign_key,
            archived_at=None,
            versions__approvals__side=Side.US,
        ).distinct()
    )
    links = list(
        TrackedLink.objects.filter(
            messenger_id=messenger_id, campaign_key=campaign_key, retired_at=None
        )
    )
    return [_ready(one, messenger_id, links) for one in rows]


def one_for_messenger(*, key: UUID, messenger_id: int, campaign_key: UUID) -> Ready | None:
    """One of them; None for any other text, as for one that is not there."""
    for one in for_messenger(messenger_id=messenger_id, campaign_key=campaign_key):
        if one.key == key:
            return one
    return None


def _with_all(rows: QuerySet[Statement]) -> QuerySet[Statement]:
    versions = StatementVersion.objects.order_by("number").prefetch_related("approvals")
    return (
        rows.select_related("messenger", "link")
        .prefetch_related(Prefetch("versions", versions), "comments")
        .order_by("network", "language", "id")
    )


def active(
    version: StatementVersion, side: Side, messenger_id: int | None = None
) -> Approval | None:
    """The yes of that side to a version, if it stands."""
    for one in version.approvals.all():
        if one.side == side and one.messenger_id == messenger_id and one.withdrawn_at is None:
            return one
    return None


def link_of(statement: Statement, links: Iterable[TrackedLink]) -> TrackedLink | None:
    """The link in a text: in one for all it is each messenger's own, if they have one to there."""
    if statement.messenger_id is not None or statement.link is None:
        return statement.link
    fitting = [
        one
        for one in links
        if one.page_key == statement.link.page_key
        and one.network in {"", statement.network}
        and one.language in {"", statement.language}
    ]
    best = max(fitting, key=lambda one: (bool(one.network), bool(one.language)), default=None)
    return best or statement.link


def _ready(one: Statement, messenger_id: int, links: list[TrackedLink]) -> Ready:
    versions = list(one.versions.all())
    last = versions[-1]
    link = link_of(one, links)
    ours = active(last, Side.US)
    if ours is None or (link is not None and link.retired_at is not None):
        ours, link = None, None
    theirs = active(last, Side.THEM, messenger_id) if ours else None
    given = [row for row in versions if any(a.side == Side.US for a in row.approvals.all())]
    earlier = [row for row in given if row.number < last.number]
    shown = door.address(link) if link else ""
    return Ready(
        key=one.key,
        network=one.network,
        language=one.language,
        for_all=one.messenger_id is None,
        state="revising" if ours is None else "approved" if theirs else "waiting",
        version=last.number if ours else 0,
        text=_posted(last, shown) if ours else "",
        before=_posted(earlier[-1], shown) if ours and earlier else "",
        link=shown,
        disclosure=last.disclosure if ours else "",
        pictures=tuple((image, alt) for image, alt in last.pictures) if ours else (),
        suggested_at=one.suggested_at if ours else None,
        embargo_until=one.embargo_until if ours else None,
        ours=ours,
        theirs=theirs,
        changed_at=_changed_at(one, last, ours),
        comments=tuple(_heard_by(one, messenger_id)),
    )


def _posted(version: StatementVersion, link: str) -> str:
    return writing.posted(version.text, disclosure=version.disclosure, link=link)


def _changed_at(one: Statement, last: StatementVersion, ours: Approval | None) -> datetime:
    return max(ours.at if ours else last.at, one.times_set_at or one.made_at)


def _heard_by(one: Statement, messenger_id: int) -> list[Comment]:
    """Nobody reads what another messenger's side said, nor what we said to them."""
    return [
        row
        for row in one.comments.all()
        if row.messenger_id in {None, messenger_id} and not row.ours_alone
    ]


@dataclass(frozen=True)
class Row:
    """A text as the organisers' overview shows it. `theirs`: who of the messengers said yes."""

    one: Statement
    last: StatementVersion
    ours: Approval | None
    theirs: tuple[Approval, ...]
    open_claims: int
    remarks: int

    @property
    def state(self) -> State:
        """How far it is. A text for all counts as approved with the first who did."""
        if self.ours is None:
            return "draft"
        return "approved" if self.theirs else "waiting"


def overview(*, campaign_key: UUID, archived: bool = False) -> list[Row]:
    """A campaign's texts, by messenger, network and language; those for all first."""
    rows = Statement.objects.filter(
        campaign_key=campaign_key, archived_at__isnull=not archived
    ).select_related("messenger", "link")
    versions = StatementVersion.objects.order_by("number")
    full = versions.prefetch_related("approvals__messenger", "claims")
    found = rows.prefetch_related(Prefetch("versions", full), "comments")
    return sorted((_row(one) for one in found), key=_order)


def row(*, key: UUID) -> Row | None:
    """One text, put away or not."""
    versions = StatementVersion.objects.order_by("number").prefetch_related(
        "approvals__messenger", "claims__source"
    )
    found = Statement.objects.filter(key=key).select_related("messenger", "link")
    full = found.prefetch_related(
        Prefetch("versions", versions), "comments__messenger", "comments__version", "pictures"
    )
    one = full.first()
    return _row(one) if one else None


def _row(one: Statement) -> Row:
    last = list(one.versions.all())[-1]
    last.statement = one
    theirs = [a for a in last.approvals.all() if a.side == Side.THEM and a.withdrawn_at is None]
    ours = active(last, Side.US)
    return Row(
        one=one,
        last=last,
        ours=ours,
        theirs=tuple(theirs) if ours else (),
        open_claims=sum(not claim.settled for claim in last.claims.all()),
        remarks=len(one.comments.all()),
    )


def _order(row: Row) -> tuple[bool, str, str, str, int]:
    name = row.one.messenger.name.casefold() if row.one.messenger else ""
    return bool(name), name, row.one.network, row.one.language, row.one.pk


def sources(*, campaign_key: UUID) -> QuerySet[Source]:
    """A campaign's sources by title; `held` is how many claims of newest wordings or older stand
    on each."""
    return (
        Source.objects.filter(campaign_key=campaign_key)
        .annotate(held=Count("claims"))
        .order_by("title", "id")
    )


def anybody_away(*, campaign_key: UUID) -> bool:
    """Whether some text of a campaign was put away."""
    return Statement.objects.filter(campaign_key=campaign_key, archived_at__isnull=False).exists()


def standing_on(*, source: Source) -> list[tuple[Statement, Claim]]:
    """The claims that stand on a source, each once in its newest version, with their texts."""
    rows = Claim.objects.filter(source=source).select_related("version__statement__messenger")
    found = {(one.version.statement_id, one.text): one for one in rows.order_by("version__number")}
    return [(one.version.statement, one) for one in found.values()]
