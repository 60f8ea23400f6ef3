"""What changes a text: saves, yeses of either side, remarks. Each belongs to one version of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from groundswell.base import clock
from groundswell.messengers import approval, claims
from groundswell.messengers.approval import Changed, NotReady
from groundswell.messengers.models import (
    Approval,
    Claim,
    Comment,
    Side,
    Statement,
    StatementPicture,
    StatementVersion,
    TrackedLink,
)

COMMENT_MAX: Final = 2000


@dataclass(frozen=True)
class Content:
    """All that is posted. `pictures` are (image id, alternative text) in their order."""

    text: str
    disclosure: str = ""
    link_id: int | None = None
    pictures: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Times:
    """When it should go out, and before when it must not."""

    suggested_at: datetime | None = None
    embargo_until: datetime | None = None


NO_TIMES: Final = Times()


class Stale(Exception):
    """Somebody saved the text since it was read; nothing was changed."""


@transaction.atomic
def create(
    *,
    campaign_key: UUID,
    network: str,
    language: str,
    content: Content,
    by: str,
    messenger_id: int | None = None,
    times: Times = NO_TIMES,
) -> Statement:
    """Make a text with its first version. Without a messenger it is for all of the campaign."""
    now = clock.now()
    one = Statement.objects.create(
        messenger_id=messenger_id, campaign_key=campaign_key, network=network, language=language,
        suggested_at=times.suggested_at, embargo_until=times.embargo_until,
        times_set_at=now, made_at=now, made_by=by,
    )  # fmt: skip
    _new_version(one, content, by=by, number=1, now=now)
    return one


@transaction.atomic
def save(*, key: UUID, edit: int, content: Content, times: Times, by: str) -> Statement:
    """Keep what an organiser typed into a text they read at `edit`.

    What is posted differs: a new version, which nobody has approved. Only the times differ: the
    approvals stay. Raises Stale when somebody else saved in between.
    """
    if not _take(key, edit):
        raise Stale
    one = Statement.objects.get(key=key)
    now = clock.now()
    if (one.suggested_at, one.embargo_until) != (times.suggested_at, times.embargo_until):
        one.suggested_at, one.embargo_until = times.suggested_at, times.embargo_until
        one.times_set_at = now
        one.save(update_fields=["suggested_at", "embargo_until", "times_set_at"])
    last = newest(one)
    if not _same(last, content):
        _new_version(one, content, by=by, number=last.number + 1, now=now)
    return one


def _take(key: UUID, edit: int) -> bool:
    """Whether this save is the first since `edit`. The row stays locked till the end of it."""
    return bool(Statement.objects.filter(key=key, edit=edit).update(edit=F("edit") + 1))


def newest(statement: Statement) -> StatementVersion:
    """The version that counts."""
    return statement.versions.order_by("-number")[0]


def _code(link_id: int | None) -> str:
    found = TrackedLink.objects.filter(pk=link_id or 0).values_list("code", flat=True).first()
    return found or ""


def _same(version: StatementVersion, content: Content) -> bool:
    return (version.text, version.disclosure, version.link_code, version.pictures) == (
        content.text,
        content.disclosure,
        _code(content.link_id),
        [list(one) for one in content.pictures],
    )


def _new_version(
    one: Statement, content: Content, *, by: str, number: int, now: datetime
) -> StatementVersion:
    before = list(Claim.objects.filter(version__statement=one, version__number=number - 1))
    made = StatementVersion.objects.create(
        statement=one, number=number, text=content.text, disclosure=content.disclosure,
        link_code=_code(content.link_id), pictures=[list(pair) for pair in content.pictures],
        author=by, at=now,
    )  # fmt: skip
    one.link_id, one.disclosure = content.link_id, content.disclosure
    one.save(update_fields=["link", "disclosure"])
    one.pictures.all().delete()
    StatementPicture.objects.bulk_create(
        StatementPicture(statement=one, image_id=image, alt=alt, position=place)
        for place, (image, alt) in enumerate(content.pictures)
    )
    _carry(made, before, language=one.language)
    return made


def _carry(version: StatementVersion, before: list[Claim], *, language: str) -> None:
    """Look for claims, and keep how those were settled that say the same as before."""
    known = {claims.same_words(one.text): one for one in before}
    for found in claims.with_marked(
        version.text, language, [one.text for one in before if not one.why]
    ):
        old = known.get(claims.same_words(found.text))
        Claim.objects.create(
            version=version, start=found.start, end=found.end, text=found.text, why=found.why,
            source_id=old.source_id if old else None,
            waived_by=old.waived_by if old else "", waived_why=old.waived_why if old else "",
            settled_by=old.settled_by if old else "", settled_at=old.settled_at if old else None,
        )  # fmt: skip


def put_away(*, key: UUID, by: str) -> bool:
    """Take a text off every list and off the messenger's page. False if it was there no more."""
    rows = Statement.objects.filter(key=key, archived_at=None)
    return bool(rows.update(archived_at=clock.now(), archived_by=by))


def bring_back(*, key: UUID) -> bool:
    """Put a text back as it was, with its yeses. False if it was never away."""
    rows = Statement.objects.filter(key=key, archived_at__isnull=False)
    return bool(rows.update(archived_at=None, archived_by=""))


def locked(key: UUID, number: int) -> StatementVersion:
    """That version, if it is the newest, with its text locked for this transaction.

    Raises Changed when there is a newer one, or the text was put away.
    """
    one = Statement.objects.select_for_update().filter(key=key, archived_at=None).first()
    if one is None:
        raise Changed
    last = newest(one)
    if last.number != number:
        raise Changed
    last.statement = one
    return last


@transaction.atomic
def approve(*, key: UUID, version: int, by: str) -> Approval:
    """Our yes to that version. Raises NotReady with all that stands against it, or Changed."""
    last = locked(key, version)
    against = approval.problems(last)
    if against:
        raise NotReady(against)
    return _yes(last, side=Side.US, messenger_id=None, who=by)


@transaction.atomic
def withdraw(*, key: UUID, version: int, by: str) -> bool:
    """Take our yes back, and with it theirs, which stood on ours. False if there was none."""
    active = Approval.objects.filter(
        version__statement__key=key, version__number=version, withdrawn_at=None
    )
    return bool(active.update(withdrawn_at=clock.now(), withdrawn_by=by))


@transaction.atomic
def approve_theirs(*, key: UUID, version: int, messenger_id: int, who: str) -> Approval:
    """The yes of a messenger's side to the version they read.

    Raises Changed when it is not the newest any more, is not theirs, or we took our yes back.
    """
    last = locked(key, version)
    if last.statement.messenger_id not in {None, messenger_id}:
        raise Changed
    if not last.approvals.filter(side=Side.US, withdrawn_at=None).exists():
        raise Changed
    return _yes(last, side=Side.THEM, messenger_id=messenger_id, who=who)


@transaction.atomic
def withdraw_theirs(*, key: UUID, version: int, messenger_id: int, who: str) -> bool:
    """Take back the yes of a messenger's side. False if there was none."""
    active = Approval.objects.filter(
        version__statement__key=key, version__number=version, side=Side.THEM,
        messenger_id=messenger_id, withdrawn_at=None,
    )  # fmt: skip
    return bool(active.update(withdrawn_at=clock.now(), withdrawn_by=who[:150]))


def _yes(version: StatementVersion, *, side: Side, messenger_id: int | None, who: str) -> Approval:
    """A second press of the same button changes nothing: who said it first stays."""
    for one in version.approvals.filter(side=side, withdrawn_at=None):
        if one.messenger_id == messenger_id:
            return one
    return Approval.objects.create(
        version=version, side=side, messenger_id=messenger_id, who=who[:150], at=clock.now()
    )


@transaction.atomic
def comment(
    *,
    key: UUID,
    text: str,
    side: Side,
    who: str,
    messenger_id: int | None = None,
    ours_alone: bool = False,
) -> Comment | None:
    """Keep a remark on the newest version: theirs with its messenger, ours for one, all or us.

    None for an empty one, or a text that is not that messenger's.
    """
    words = text.replace("\x00", "").strip()[:COMMENT_MAX]
    one = Statement.objects.filter(key=key, archived_at=None).first()
    if not words or one is None or (messenger_id and one.messenger_id not in {None, messenger_id}):
        return None
    return Comment.objects.create(
        statement=one, version=newest(one), side=side, messenger_id=messenger_id,
        ours_alone=ours_alone and side == Side.US, author=who[:150], text=words, at=clock.now(),
    )  # fmt: skip
