"""Loading an edition of a source, and taking it back.

Rows that an edition leaves as they were are not touched at all: they count as checked because
their source was. See docs/decisions/0009.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from functools import partial
from hashlib import blake2b
from typing import Any, Final, NamedTuple, Self

import msgspec
from django.db import transaction
from django.db.models import F, Max, Q

from groundswell.base import clock
from groundswell.base.errors import Trouble
from groundswell.directory import listings
from groundswell.directory.models import (
    Area,
    ContactDetail,
    Crossing,
    Edition,
    Membership,
    Organization,
    Person,
    Post,
    Row,
    Source,
)
from groundswell.directory.records import Batch, Record, SourceInfo

MODELS: Final[dict[str, type[Row]]] = {
    "areas": Area,
    "organizations": Organization,
    "posts": Post,
    "people": Person,
    "memberships": Membership,
    "contacts": ContactDetail,
    "crossings": Crossing,
}
MAY_VANISH: Final = 0.5
_FEW: Final = 10
_CHUNK: Final = 5000
_BATCH: Final = 1000
Watch = Callable[[int, int], None]


class Counts(msgspec.Struct):
    """What an edition did to the rows."""

    added: int = 0
    changed: int = 0
    ended: int = 0
    kept: int = 0

    def __iadd__(self, other: "Counts") -> Self:
        self.added += other.added
        self.changed += other.changed
        self.ended += other.ended
        self.kept += other.kept
        return self


class TooMuchGone(Trouble):
    """Most of what is there would vanish: rather a cut answer or a wrong name than the truth."""


class _Old(NamedTuple):
    id: int
    digest: str
    value: str
    standing: str


class _Plan(NamedTuple):
    """What one class of rows comes to: new versions, with what each of them replaces."""

    fresh: list[tuple[Record, str, _Old | None]]
    gone: list[int]
    counts: Counts


def load(
    *,
    source: SourceInfo,
    batch: Batch,
    by: str = "",
    file: str = "",
    watch: Watch | None = None,
    may_vanish: float = MAY_VANISH,
) -> tuple[Edition | None, Counts]:
    """Make `batch` the newest edition of `source`: all of it or, after any error, nothing.

    None instead of an edition when it is what was loaded last. Raises TooMuchGone, and Trouble for
    keys that stand twice or belong to another source.
    """
    with transaction.atomic():
        owner = _source(source)
        plans = {name: _plan(MODELS[name], owner, rows) for name, rows in batch.groups()}
        counts = Counts()
        for plan in plans.values():
            counts += plan.counts
        newest = owner.editions.filter(undone_at=None).order_by("number").last()
        if newest and newest.as_of == batch.as_of and not _changes(counts):
            return None, counts
        _refuse_vanishing(owner, counts, may_vanish)
        edition = _edition(owner, batch, counts, by=by, file=file)
        done = 0
        for name, plan in plans.items():
            _apply(MODELS[name], edition, plan, partial(_tell, watch, done, batch.size()))
            done += len(getattr(batch, name))
        _checked(owner)
        listings.rebuild(source=owner)
    return edition, counts


def newer_than(*, source: SourceInfo, as_of: date) -> Edition | None:
    """The newest edition of a source, if it is of a later day than `as_of`."""
    live = Edition.objects.filter(source__slug=source.slug, undone_at=None)
    newest = live.order_by("number").last()
    return newest if newest and newest.as_of > as_of else None


def preview(*, source: SourceInfo, batch: Batch) -> Counts:
    """What `load` would do, without doing it."""
    owner = Source.objects.filter(slug=source.slug).first()
    counts = Counts()
    for name, rows in batch.groups():
        counts += _plan(MODELS[name], owner, rows).counts
    return counts


def undo(*, edition: Edition, by: str) -> None:
    """Take back the newest edition of a source: what held before it holds again.

    Raises Trouble when it is not the newest, or was taken back before.
    """
    with transaction.atomic():
        source = lock(edition.source_id)
        edition.refresh_from_db()
        newest = source.editions.filter(undone_at=None).order_by("number").last()
        if edition.undone_at:
            raise Trouble(f"edition {edition.pk} has been taken back already")
        if newest != edition:
            raise Trouble(
                f"edition {edition.pk} is not the newest of {source}:"
                f" undo {newest and newest.pk} first"
            )
        for model in MODELS.values():
            model.objects.filter(edition=edition).update(undone=True, current=False)
            model.objects.filter(ended_by=edition).update(
                valid_to=F("was_valid_to"), was_valid_to=None, ended_by=None, current=True
            )
        edition.undone_at, edition.undone_by = clock.now(), by
        edition.save(update_fields=["undone_at", "undone_by"])
        _checked(source)
        listings.rebuild(source=source)


def lock(source_id: int) -> Source:
    """Keep others from changing this source's rows until our transaction ends."""
    return Source.objects.select_for_update().get(pk=source_id)


def digest(record: Record) -> str:
    """32 hex digits of what the source says; when it was checked is no part of it."""
    bare = msgspec.structs.replace(record, checked_on=None)
    return blake2b(msgspec.json.encode(bare), digest_size=16).hexdigest()


def _source(info: SourceInfo) -> Source:
    said = {name: getattr(info, name) for name in info.__struct_fields__ if name != "slug"}
    source, _made = Source.objects.update_or_create(slug=info.slug, defaults=said)
    return lock(source.pk)


def _plan(model: type[Row], owner: Source | None, records: Iterable[Record]) -> _Plan:
    contact = model is ContactDetail
    extra = ("value", "standing") if contact else ("digest", "digest")
    rows = model.objects.filter(source=owner, current=True) if owner else model.objects.none()
    old = {key: _Old(*rest) for key, *rest in rows.values_list("key", "id", "digest", *extra)}
    fresh, seen, counts = [], set[str](), Counts()
    for record in records:
        if record.key in seen:
            raise Trouble(f"two rows have the key {record.key}: nothing was loaded")
        seen.add(record.key)
        print_, before = digest(record), old.get(record.key)
        if before and before.digest == print_:
            counts.kept += 1
            continue
        fresh.append((record, print_, before))
    gone = [row.id for key, row in old.items() if key not in seen]
    counts.changed = sum(1 for _r, _d, before in fresh if before)
    counts.added, counts.ended = len(fresh) - counts.changed, len(gone)
    _refuse_foreign(model, [record.key for record, _d, before in fresh if not before])
    return _Plan(fresh, gone, counts)


def _refuse_foreign(model: type[Row], keys: Collection[str]) -> None:
    for some in _chunks(list(keys)):
        taken = model.objects.filter(current=True, key__in=some).select_related("source").first()
        if taken:
            raise Trouble(f"{taken.key} belongs to the source {taken.source}: nothing was loaded")


def _changes(counts: Counts) -> bool:
    return bool(counts.added or counts.changed or counts.ended)


def _refuse_vanishing(source: Source, counts: Counts, may_vanish: float) -> None:
    there = counts.ended + counts.changed + counts.kept
    if there >= _FEW and counts.ended > may_vanish * there:
        raise TooMuchGone(
            f"{counts.ended} of the {there} rows of {source} would end, which looks like another or"
            " a broken list: give it a name of its own with --source, or say --replace"
        )


def _edition(owner: Source, batch: Batch, counts: Counts, *, by: str, file: str) -> Edition:
    number = (owner.editions.aggregate(most=Max("number"))["most"] or 0) + 1
    return Edition.objects.create(
        source=owner, number=number, as_of=batch.as_of, due_on=batch.due_on, by=by, file=file,
        starts_on=_starts(owner, batch), loaded_at=clock.now(),
        counts=msgspec.to_builtins(counts),
    )  # fmt: skip


def _starts(owner: Source, batch: Batch) -> date:
    """The first edition holds from the day of its data, a later one from the day it is loaded."""
    today = clock.now().date()
    if batch.starts_on:
        return batch.starts_on
    return today if owner.editions.filter(undone_at=None).exists() else min(batch.as_of, today)


def _apply(model: type[Row], edition: Edition, plan: _Plan, tell: Callable[[int], None]) -> None:
    replaced = [before.id for _r, _d, before in plan.fresh if before]
    _end(model, edition, [*plan.gone, *replaced])
    known = _known(model, [record.key for record, _d, before in plan.fresh if not before])
    for start in range(0, len(plan.fresh), _BATCH):
        some = plan.fresh[start : start + _BATCH]
        model.objects.bulk_create(
            [_version(model, edition, *one, record_known=one[0].key in known) for one in some]
        )
        tell(start + len(some))


def _end(model: type[Row], edition: Edition, ids: list[int]) -> None:
    last = edition.starts_on - timedelta(days=1)
    for some in _chunks(ids):
        rows = model.objects.filter(pk__in=some)
        rows.update(was_valid_to=F("valid_to"), ended_by=edition, current=False)
        rows.filter(Q(valid_to=None) | Q(valid_to__gt=last)).update(valid_to=last)


def _known(model: type[Row], keys: list[str]) -> set[str]:
    """Those keys that had a row before, in an edition that still counts."""
    found: set[str] = set()
    for some in _chunks(keys):
        rows = model.objects.filter(key__in=some, undone=False)
        found.update(rows.values_list("key", flat=True))
    return found


def _version(
    model: type[Row],
    edition: Edition,
    record: Record,
    print_: str,
    before: _Old | None,
    *,
    record_known: bool,
) -> Row:
    said = msgspec.structs.asdict(record)
    began = said.pop("valid_from") or edition.starts_on
    if before or record_known:  # two versions never hold on the same day
        began = max(began, edition.starts_on)
    row = model(
        **said, valid_from=began, source_id=edition.source_id, edition=edition, digest=print_
    )
    if isinstance(row, ContactDetail) and before and before.value == row.value:
        row.standing = before.standing
    return row


def _checked(source: Source) -> None:
    newest = source.editions.filter(undone_at=None).order_by("number").last()
    source.checked_on = newest.as_of if newest and source.vouches else None
    source.save(update_fields=["checked_on"])


def _tell(watch: Watch | None, before: int, total: int, done: int) -> None:
    if watch:
        watch(before + done, total)


def _chunks(items: list[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
