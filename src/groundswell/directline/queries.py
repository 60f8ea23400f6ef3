"""Reading the direct line. Whoever asks is checked here, so a view that forgets shows nothing.

What was said is sealed, so a search opens entry after entry, some at a time, and keeps none. It
looks through so many of them for one page and then says how far back it came.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from groundswell.base import sealing
from groundswell.directline import vault
from groundswell.directline.models import Entry, Version
from groundswell.directline.vault import Said, Telling
from groundswell.directory.folding import fold
from groundswell.people import keys
from groundswell.people.queries import may, require

READ: Final = "directline.read_log"
KEEP: Final = "directline.keep_log"
PAGE: Final = 50
CHUNK: Final = 200
LOOK_BACK: Final = 20_000


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What a list shows; an empty value does not narrow it. `words`: every one must be there."""

    words: str = ""
    target: str = ""
    campaign_key: UUID | None = None
    way: str = ""
    since: date | None = None
    until: date | None = None
    open_steps: bool = False


class Opened(msgspec.Struct, frozen=True):
    """An entry and what it says; `said` is None when no key here opens it."""

    entry: Entry
    said: Said | None


class Found(msgspec.Struct, frozen=True):
    """One page. `more`: there is another after the last; `looked_back_to`: how far the search came
    before it had looked at enough, `after` the entry to go on behind.
    """

    items: list[Opened]
    after: UUID | None = None
    looked_back_to: datetime | None = None


class Told(msgspec.Struct, frozen=True):
    """One version; `telling` is None when no key here opens it."""

    version: Version
    telling: Telling | None


def search(
    *, by: Any, filters: Filters, after: UUID | None = None, size: int = PAGE,
    look_back: int = LOOK_BACK,
) -> Found:  # fmt: skip
    """Entries that fit, the latest contact first, behind the entry `after`.

    Raises PermissionDenied.
    """
    found: list[Opened] = []
    seen = 0
    last: Entry | None = None
    for one in stream(by=by, filters=msgspec.structs.replace(filters, words=""), after=after):
        if len(found) == size:
            return Found(found, after=found[-1].entry.key)
        if seen == look_back and last:
            return Found(found, after=last.key, looked_back_to=last.at)
        seen, last = seen + 1, one.entry
        if _holds(one, filters.words):
            found.append(one)
    return Found(found)


def stream(*, by: Any, filters: Filters, after: UUID | None = None) -> Iterator[Opened]:
    """Every entry that fits, the latest first, opened some at a time: constant memory.

    Raises PermissionDenied.
    """
    require(by, READ)
    return _stream(filters, after)


def entry(*, by: Any, key: UUID) -> Opened | None:
    """One entry, an erased one too, or None. Raises PermissionDenied."""
    require(by, READ)
    rows = Entry.objects.filter(key=key).select_related("owner").prefetch_related("parties")
    row = rows.first()
    return _open(row, keys.data_keys().cipher) if row else None


def versions(*, by: Any, of: Entry) -> list[Told]:
    """How an entry was told, the newest first. Raises PermissionDenied."""
    require(by, READ)
    return [Told(one, _telling(one, of.key)) for one in of.versions.order_by("-number")]


def next_steps(*, by: Any, until: date) -> list[Opened]:
    """The organiser's own next steps that are due by that day, the longest due first.

    Nothing for who may not read the record.
    """
    if not may(by, READ):
        return []
    rows = pending().filter(owner=by, due_on__lte=until)
    return _opened(list(_whole(rows).order_by("due_on", "pk")[:PAGE]))


def pending() -> QuerySet[Entry]:
    """Entries whose next step has a day and is not done."""
    return Entry.objects.filter(done_at=None, due_on__isnull=False, erased_at=None)


def number_with(*, by: Any, target: str) -> int:
    """How many entries there are with a decision maker; none for who may not read them."""
    if not may(by, READ):
        return 0
    return Entry.objects.filter(parties__target=target, erased_at=None).count()


def _stream(filters: Filters, after: UUID | None) -> Iterator[Opened]:
    rows = _narrowed(filters).order_by("-at", "-pk")
    place = Entry.objects.filter(key=after).first() if after else None
    while True:
        some = list(_whole(_behind(rows, place))[:CHUNK])
        yield from (one for one in _opened(some) if _holds(one, filters.words))
        if len(some) < CHUNK:
            return
        place = some[-1]


def _behind(rows: QuerySet[Entry], place: Entry | None) -> QuerySet[Entry]:
    if place is None:
        return rows
    return rows.filter(Q(at__lt=place.at) | Q(at=place.at, pk__lt=place.pk))


def _narrowed(filters: Filters) -> QuerySet[Entry]:
    rows = pending() if filters.open_steps else Entry.objects.filter(erased_at=None)
    wanted = {
        "campaign_key": filters.campaign_key,
        "way": filters.way,
        "at__date__gte": filters.since,
        "at__date__lte": filters.until,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    # A party once for each entry, so that this makes no entry twice.
    return rows.filter(parties__target=filters.target) if filters.target else rows


def _whole(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    return rows.select_related("owner").prefetch_related("parties")


def _opened(rows: Sequence[Entry]) -> list[Opened]:
    cipher = keys.data_keys().cipher
    return [_open(row, cipher) for row in rows]


def _open(row: Entry, cipher: sealing.FieldCipher) -> Opened:
    try:
        return Opened(row, vault.open_entry(row, cipher=cipher))
    except sealing.CannotOpen:
        return Opened(row, None)


def _telling(version: Version, key: UUID) -> Telling | None:
    try:
        return vault.open_version(version, key=key)
    except sealing.CannotOpen:
        return None


def _holds(one: Opened, words: str) -> bool:
    wanted = fold(words).split()
    if not wanted:
        return True
    said = one.said or Said()
    names = [party.name for party in one.entry.parties.all()]
    text = fold("\n".join([*names, said.ours, said.theirs, said.asked, said.said, said.next_step]))
    return all(word in text for word in wanted)
