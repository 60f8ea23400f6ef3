"""Writing on the direct line: an entry is told, told again, its next step done, or it is erased."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.db import transaction

from groundswell.base import clock, sealing
from groundswell.directline import vault
from groundswell.directline.models import Entry, Party, Version
from groundswell.directline.queries import KEEP
from groundswell.directline.vault import Said, Telling
from groundswell.people.queries import require


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as an organiser tells it. `parties` are (target, name); `owner` an organiser."""

    way: str
    at: datetime
    parties: Sequence[tuple[str, str]] = ()
    campaign_key: UUID | None = None
    said: Said = Said()
    due_on: date | None = None
    owner: Any = None


class Changed(Exception):
    """Somebody else has told the entry anew since: `entry` is how it stands."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(str(entry.key))
        self.entry = entry


@transaction.atomic
def tell(*, by: Any, draft: Draft) -> Entry:
    """Write a contact down. Raises PermissionDenied."""
    require(by, KEEP)
    now, key = clock.now(), uuid4()
    entry = Entry.objects.create(
        key=key, made_at=now, made_by=by.get_username(), changed_at=now,
        sealed=vault.seal(draft.said, key=key), **_clear(draft),
    )  # fmt: skip
    _write_parties(entry, draft)
    _write_version(entry, draft, by=by)
    return entry


@transaction.atomic
def tell_again(*, by: Any, key: UUID, draft: Draft, version: int) -> Entry:
    """Change an entry that its teller read as `version`; what it said before stays in its history.

    Raises Changed when it has another version by now, PermissionDenied, Entry.DoesNotExist.
    """
    require(by, KEEP)
    entry = Entry.objects.select_for_update().get(key=key, erased_at=None)
    # Counted in the same statement that takes it: SQLite locks no single rows.
    mine = Entry.objects.filter(pk=entry.pk, version=version, erased_at=None)
    if mine.update(version=version + 1) != 1:
        raise Changed(entry)
    if _step(entry) != (draft.said.next_step, draft.due_on, getattr(draft.owner, "pk", None)):
        entry.reminded_at = entry.remind_claimed_at = entry.done_at = None
        entry.done_by = ""
    entry.version, entry.changed_at = version + 1, clock.now()
    entry.sealed = vault.seal(draft.said, key=key)
    for name, value in _clear(draft).items():
        setattr(entry, name, value)
    entry.save()
    entry.parties.all().delete()
    _write_parties(entry, draft)
    _write_version(entry, draft, by=by)
    return entry


def finish(*, by: Any, key: UUID) -> bool:
    """Say that an entry's next step is done; False if it was already. Raises PermissionDenied."""
    require(by, KEEP)
    rows = Entry.objects.filter(key=key, done_at=None, erased_at=None)
    return rows.update(done_at=clock.now(), done_by=by.get_username()) == 1


@transaction.atomic
def erase(*, by: Any, key: UUID) -> bool:
    """Empty an entry and forget how it was told; a stub stays. False if it is gone already.

    Raises PermissionDenied.
    """
    require(by, KEEP)
    entry = Entry.objects.filter(key=key, erased_at=None).first()
    if entry is None:
        return False
    entry.versions.all().delete()
    entry.parties.all().delete()
    Entry.objects.filter(pk=entry.pk).update(
        sealed=b"", campaign_key=None, due_on=None, owner=None,
        erased_at=clock.now(), erased_by=by.get_username(),
    )  # fmt: skip
    return True


def _step(entry: Entry) -> tuple[str | None, date | None, int | None]:
    try:
        words = vault.open_entry(entry).next_step
    except sealing.CannotOpen:
        words = None
    return words, entry.due_on, entry.owner_id


def _clear(draft: Draft) -> dict[str, Any]:
    return {
        "way": draft.way,
        "at": draft.at,
        "campaign_key": draft.campaign_key,
        "due_on": draft.due_on,
        "owner": draft.owner,
    }


def _write_parties(entry: Entry, draft: Draft) -> None:
    unique = dict(draft.parties)
    Party.objects.bulk_create(
        Party(entry=entry, target=target, name=name[:200], position=place)
        for place, (target, name) in enumerate(unique.items())
    )


def _write_version(entry: Entry, draft: Draft, *, by: Any) -> None:
    telling = Telling(
        way=draft.way, at=draft.at, campaign_key=draft.campaign_key, parties=list(draft.parties),
        said=draft.said, due_on=draft.due_on,
        owner=draft.owner.get_username() if draft.owner else "",
    )  # fmt: skip
    Version.objects.create(
        entry=entry,
        number=entry.version,
        at=entry.changed_at,
        by=by.get_username(),
        sealed=vault.seal_telling(telling, key=entry.key, number=entry.version),
    )
