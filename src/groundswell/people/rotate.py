"""After a key was rotated: bring the rows to the current key, in small steps that can be resumed.

`reseal` may run while everything works. `reindex` must have the core stopped (the journal keeps
what arrives meanwhile): two rows of one mailbox under two index keys would not meet.
"""

from collections.abc import Callable, Iterator
from typing import Final

from django.db import IntegrityError, transaction

from groundswell.base import sealing
from groundswell.people import dedupe, keys, vault
from groundswell.people.alone import alone
from groundswell.people.models import Participation
from groundswell.people.withdraw import uncount

BATCH: Final = 500
Progress = Callable[[int, int], object]


def reseal(progress: Progress) -> int:
    """Seal all personal data to the current data key; returns how many rows it sealed anew.

    `progress` hears (rows looked at, rows in all). Rows that are there already are left alone, so
    a run that was cut short is resumed by another. The old key may be retired afterwards.
    """
    cipher = keys.data_keys().cipher
    return _each_row(lambda row: _reseal(row, cipher), progress)


def reindex(progress: Progress) -> int:
    """Index all addresses with the current index key; returns how many rows changed.

    Two rows that both count, and now turn out to be one mailbox, cannot both go on counting: the
    later one stops. Stop requests are found under the old key too, as long as that is kept.
    Raises Trouble while a core runs.
    """
    with alone():
        current = keys.data_keys().indexes[0]
        return _each_row(lambda row: _reindex(row, current), progress)


def _each_row(change: Callable[[Participation], bool], progress: Progress) -> int:
    rows = Participation.objects.exclude(state=Participation.State.ERASED).order_by("pk")
    total, seen, changed = rows.count(), 0, 0
    for batch in _batches():
        with transaction.atomic():
            changed += sum(change(row) for row in batch)
        seen += len(batch)
        progress(min(seen, total), total)
    return changed


def _batches() -> Iterator[list[Participation]]:
    rows = Participation.objects.exclude(state=Participation.State.ERASED).order_by("pk")
    after = 0
    while batch := list(rows.filter(pk__gt=after)[:BATCH]):
        after = batch[-1].pk
        yield batch


def _reseal(row: Participation, cipher: sealing.FieldCipher) -> bool:
    old = bytes(row.sealed)
    if sealing.envelope_key_id(old) == cipher.current:
        return False
    personal = vault.open_row(row, cipher=cipher)
    fresh = vault.seal(personal.fields, submission_id=row.submission_id, cipher=cipher)
    # Erased since we read it: then it must stay empty.
    return Participation.objects.filter(pk=row.pk, sealed=old).update(sealed=fresh) == 1


def _reindex(row: Participation, key: bytes) -> bool:
    if row.email_index is None:
        return False
    index = sealing.blind_index(key, dedupe.canonical(vault.open_row(row).email))
    if bytes(row.email_index) == index:
        return False
    own = Participation.objects.filter(pk=row.pk)
    try:
        with transaction.atomic():
            own.update(email_index=index)
    except IntegrityError:
        uncount([row])
        own.update(email_index=index)
    return True
