"""After a key was rotated: bring the rows to the current key, in small steps that can be resumed.

`reseal` may run while everything works. `reindex` must have the core stopped (the journal keeps
what arrives meanwhile): two rows of one mailbox under two index keys would not meet.
"""

from collections.abc import Callable, Iterator
from typing import Final

from django.db import IntegrityError, transaction

from groundswell.base import sealing
from groundswell.campaigns.models import Signatory
from groundswell.people import dedupe, flags, keys, letters_leave, open_letter_firsts, vault
from groundswell.people.alone import alone
from groundswell.people.models import Flag, Participation, StopList
from groundswell.people.withdraw import uncount

BATCH: Final = 500
Progress = Callable[[int, int], object]


def reseal(progress: Progress) -> int:
    """Seal all personal data to the current data key; returns how many rows it sealed anew.

    `progress` hears (rows looked at, rows in all). Rows that are there already are left alone, so
    a run that was cut short is resumed by another. The old key may be retired afterwards.
    """
    cipher = keys.data_keys().cipher
    letters = _reseal_open_letters(cipher)
    return letters + _each_batch(lambda rows: sum(_reseal(row, cipher) for row in rows), progress)


def reindex(progress: Progress) -> int:
    """Index all addresses with the current index key; returns how many rows changed.

    Two rows that both count, and now turn out to be one mailbox, cannot both go on counting: the
    later one stops. Requests for no more mail come along where a row still knows the address; see
    `stranded` for the others. Raises Trouble while a core runs.
    """
    with alone():
        held = keys.data_keys()
        return _each_batch(lambda rows: _reindex_all(rows, held), progress)


def stranded() -> int:
    """How many requests for no more mail only an older index key can find: whoever made them is
    erased, so nothing is left to make the current key's index from. Retiring the old keys would
    mean writing to these people again.
    """
    return StopList.objects.exclude(key=keys.data_keys().index_id).count()


def _each_batch(change: Callable[[list[Participation]], int], progress: Progress) -> int:
    rows = Participation.objects.exclude(state=Participation.State.ERASED).order_by("pk")
    total, seen, changed = rows.count(), 0, 0
    for batch in _batches():
        with transaction.atomic():
            changed += change(batch)
        seen += len(batch)
        progress(min(seen, total), total)
    return changed


def _batches() -> Iterator[list[Participation]]:
    rows = Participation.objects.exclude(state=Participation.State.ERASED).order_by("pk")
    after = 0
    while batch := list(rows.filter(pk__gt=after)[:BATCH]):
        after = batch[-1].pk
        yield batch


def _reseal_open_letters(cipher: sealing.FieldCipher) -> int:
    """What lies sealed around open letters: signatories' addresses, notes on reported names."""
    people = Signatory.objects.exclude(sealed=b"").iterator()
    signers = sum(open_letter_firsts.reseal(one, cipher) for one in people)
    return signers + sum(flags.reseal(one, cipher) for one in Flag.objects.iterator())


def _reseal(row: Participation, cipher: sealing.FieldCipher) -> bool:
    old = bytes(row.sealed)
    if sealing.envelope_key_id(old) == cipher.current:
        return False
    personal = vault.open_row(row, cipher=cipher)
    fresh = vault.seal(personal.fields, submission_id=row.submission_id, cipher=cipher)
    # Erased since we read it: then it must stay empty.
    return Participation.objects.filter(pk=row.pk, sealed=old).update(sealed=fresh) == 1


def _reindex_all(rows: list[Participation], held: keys.DataKeys) -> int:
    known = [
        (row, dedupe.canonical(vault.open_row(row).email))
        for row in rows
        if row.email_index is not None
    ]
    _move_stops([address for _, address in known], held)
    current = held.indexes[0]
    return sum(_reindex(row, sealing.blind_index(current, address)) for row, address in known)


def _move_stops(addresses: list[str], held: keys.DataKeys) -> None:
    fresh = {
        sealing.blind_index(key, address): sealing.blind_index(held.indexes[0], address)
        for address in addresses
        for key in held.indexes
    }
    for stop in StopList.objects.filter(email_index__in=fresh).exclude(key=held.index_id):
        stop.delete()
        StopList.objects.get_or_create(
            email_index=fresh[bytes(stop.email_index)],
            defaults={"at": stop.at, "key": held.index_id},
        )


def _reindex(row: Participation, index: bytes) -> bool:
    if bytes(row.email_index or b"") == index:
        return False
    own = Participation.objects.filter(pk=row.pk)
    try:
        with transaction.atomic():
            own.update(email_index=index)
    except IntegrityError:
        uncount([row])
        own.update(email_index=index)
    letters_leave.reindexed(row, index)
    return True
