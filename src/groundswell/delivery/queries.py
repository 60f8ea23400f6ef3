"""What became of the letters. Nothing here counts rows: the running counts are in TargetTally."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet, Sum

from groundswell.base import clock
from groundswell.delivery.models import Hold, Parcel, Reply, State, TargetTally, Transition

COUNTS: Final = tuple(state.value for state in State)
# Transactions that began earlier may end later; by then they have.
SETTLED: Final = timedelta(seconds=30)


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many letters are in which state now. `pending` is queued and sending together.

    Of a target or page that is held, what waits is counted as held.
    """

    pending: int = 0
    held: int = 0
    accepted: int = 0
    bounced: int = 0
    failed: int = 0
    withdrawn: int = 0
    with_supporter: int = 0
    opened: int = 0
    says_sent: int = 0
    replies: int = 0

    @property
    def all(self) -> int:
        """All letters, withdrawn ones too; replies are none."""
        numbers: tuple[int, ...] = msgspec.structs.astuple(self)
        return sum(numbers) - self.replies

    def __add__(self, other: "Counts") -> "Counts":
        names = self.__struct_fields__
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})


class PerTarget(msgspec.Struct, frozen=True, kw_only=True):
    """One decision maker's letters, over all channels. `is_held` if any of its queues is held."""

    target: str
    target_name: str
    organization: str
    channels: tuple[str, ...]
    is_held: bool
    counts: Counts


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One letter in a report. `words` are the last that were said about it."""

    id: int
    key: UUID
    page_key: UUID
    target: str
    target_name: str
    organization: str
    channel: str
    language: str
    state: str
    is_held: bool
    tries: int
    made_at: datetime
    changed_at: datetime
    due_at: datetime
    words: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One Transition and which letter it is about. `cursor` is where to go on after it."""

    cursor: int
    at: datetime
    state: str
    words: str
    submission_id: UUID
    key: UUID
    page_key: UUID
    target: str
    channel: str
    address: str


def report_rows(
    *,
    page_keys: Collection[UUID],
    states: Collection[str] = (),
    target: str = "",
    channel: str = "",
    after: int | None = None,
    limit: int = 50,
) -> list[Row]:
    """Letters, the newest first; `after` is the id of the last one seen. Costs a page's worth."""
    found = Parcel.objects.filter(page_key__in=page_keys).order_by("-pk").select_related("tally")
    if states:
        found = found.filter(state__in=states)
    if target:
        tallies = TargetTally.objects.filter(page_key__in=page_keys, target=target)
        found = found.filter(tally__in=list(tallies.values_list("pk", flat=True)))
    if channel:
        found = found.filter(channel=channel)
    if after is not None:
        found = found.filter(pk__lt=after)
    parcels = list(found[:limit])
    words = _last_words([one.pk for one in parcels])
    return [_as_row(one, words.get(one.pk, "")) for one in parcels]


def per_target(*, page_keys: Collection[UUID]) -> list[PerTarget]:
    """Each decision maker's letters on these pages together, by name."""
    found = TargetTally.objects.filter(page_key__in=page_keys).order_by("target_name", "target")
    groups: dict[str, list[TargetTally]] = {}
    for one in found:
        groups.setdefault(one.target, []).append(one)
    return [_of_target(tallies) for tallies in groups.values()]


def totals(*, page_keys: Collection[UUID]) -> Counts:
    """All letters of these pages together."""
    found = TargetTally.objects.filter(page_key__in=page_keys)
    sums = {name: Sum(name, default=0) for name in (*COUNTS, "replies")}
    going = found.filter(is_held=False).aggregate(**sums)
    held = found.filter(is_held=True).aggregate(**sums)
    return _counts(going, is_held=False) + _counts(held, is_held=True)


def parcel(*, key: UUID) -> Parcel | None:
    """One letter with its tally."""
    return Parcel.objects.select_related("tally").filter(key=key).first()


def history(*, key: UUID) -> list[Transition]:
    """All that happened to one letter, in order."""
    return list(Transition.objects.filter(parcel__key=key).order_by("pk"))


def of_submission(*, submission_id: UUID) -> list[Parcel]:
    """The letters of one submission."""
    found = Parcel.objects.filter(submission_id=submission_id)
    return list(found.select_related("tally").order_by("pk"))


def by_key(keys: Collection[UUID]) -> dict[UUID, Parcel]:
    """The letters of these keys, by key."""
    return {one.key: one for one in Parcel.objects.filter(key__in=keys)} if keys else {}


def holds(*, page_keys: Collection[UUID] = (), campaign_keys: Collection[UUID] = ()) -> list[Hold]:
    """What holds these pages or campaigns, wholly or in part; holds on a target alone too."""
    wanted = Q(page_key__in=page_keys) | Q(campaign_key__in=campaign_keys)
    targets = TargetTally.objects.filter(page_key__in=page_keys, is_held=True)
    wanted |= Q(page_key=None, campaign_key=None, target__in=targets.values("target"))
    return list(Hold.objects.filter(wanted).order_by("-at"))


def replies(
    *,
    page_keys: Collection[UUID] = (),
    target: str = "",
    automatic: bool | None = False,
    after: int | None = None,
    limit: int = 50,
) -> list[Reply]:
    """What came back, the newest first; `automatic=None` for automatic answers too."""
    found: QuerySet[Reply] = Reply.objects.select_related("parcel__tally").order_by("-pk")
    if page_keys:
        found = found.filter(page_key__in=page_keys)
    if target:
        found = found.filter(target=target)
    if automatic is not None:
        found = found.filter(automatic=automatic)
    if after is not None:
        found = found.filter(pk__lt=after)
    return list(found[:limit])


def changes_since(cursor: int, *, states: Sequence[str], limit: int = 500) -> list[Change]:
    """Transitions into these states after the cursor, in order, none of them ever left out.

    Each is told some seconds late, when no other with a lower number can come any more.
    """
    found = (
        Transition.objects.filter(state__in=states, pk__gt=cursor, at__lt=clock.now() - SETTLED)
        .select_related("parcel__tally")
        .order_by("pk")[:limit]
    )
    return [_change(one) for one in found]


def bounced_since(cursor: int, *, limit: int = 500) -> list[Change]:
    """The bounces after the cursor, in order."""
    return changes_since(cursor, states=[State.BOUNCED], limit=limit)


def _as_row(one: Parcel, words: str) -> Row:
    return Row(
        id=one.pk,
        key=one.key,
        page_key=one.page_key,
        target=one.target,
        target_name=one.tally.target_name,
        organization=one.tally.organization,
        channel=one.channel,
        language=one.language,
        state=one.state,
        is_held=one.state == State.HELD or (one.state == State.QUEUED and one.tally.is_held),
        tries=one.tries,
        made_at=one.made_at,
        changed_at=one.changed_at,
        due_at=one.due_at,
        words=words,
    )


def _last_words(parcels: list[int]) -> dict[int, str]:
    said = Transition.objects.filter(parcel__in=parcels).order_by("pk")
    return dict(said.values_list("parcel_id", "words"))


def _of_target(tallies: list[TargetTally]) -> PerTarget:
    return PerTarget(
        target=tallies[0].target,
        target_name=tallies[0].target_name,
        organization=tallies[0].organization,
        channels=tuple(sorted({one.channel for one in tallies})),
        is_held=any(one.is_held for one in tallies),
        counts=_sum(_counts(vars(one), is_held=one.is_held) for one in tallies),
    )


def _sum(many: Iterable[Counts]) -> Counts:
    total = Counts()
    for one in many:
        total += one
    return total


def _counts(columns: dict[str, int], *, is_held: bool) -> Counts:
    same = {name: columns[name] for name in Counts.__struct_fields__ if name in columns}
    waiting, under_way = columns["queued"], columns["sending"]
    if is_held:
        same["held"] += waiting
        return Counts(**same, pending=under_way)
    return Counts(**same, pending=waiting + under_way)


def _change(one: Transition) -> Change:
    letter = one.parcel
    return Change(
        cursor=one.pk,
        at=one.at,
        state=one.state,
        words=one.words,
        submission_id=letter.submission_id,
        key=letter.key,
        page_key=letter.page_key,
        target=letter.target,
        channel=letter.channel,
        address=letter.tally.address,
    )
