"""Putting quarantined records back, once what was wrong with them is mended."""

import msgspec
from django.db import transaction

from groundswell.base import sealing, wire
from groundswell.intake.journal_files import group_info
from groundswell.people import drain, keys, quarantine, verbs
from groundswell.people.models import Quarantine


def reinject() -> tuple[int, int]:
    """Try everything in quarantine again: (records that got in, entries that stay).

    Rows are the same as if the record had never been set aside. What fails again stays as it is;
    a group of which only some records fail is split, so that those alone stay.
    """
    stored = 0
    for pk in Quarantine.objects.order_by("pk").values_list("pk", flat=True):
        stored += _try_again(pk)
    return stored, Quarantine.objects.count()


def _try_again(pk: int) -> int:
    with transaction.atomic():
        entry = Quarantine.objects.select_for_update().filter(pk=pk).first()
        payloads = _open(entry) if entry else None
        if entry is None or payloads is None:
            return 0
        reader = verbs.Reader()
        records = [
            drain.decode(reader, drain.Record(entry.seq, position, raw))
            for position, raw in payloads
        ]
        for record in records:
            drain.attempt(record)
        bad = [one for one in records if one.wrong]
        if len(bad) == len(records):
            return 0
        entry.delete()
        quarantine.keep(
            file=entry.file,
            groups=[],
            records=[(one.seq, one.position, one.raw, one.wrong) for one in bad],
        )
        return len(records) - len(bad)


def _open(entry: Quarantine) -> list[tuple[int, bytes]] | None:
    opening, sealed = keys.opening_keys(), bytes(entry.sealed)
    try:
        if entry.position is not None:
            return [(entry.position, opening.open(sealed, info=quarantine.RECORD_INFO))]
        payload = opening.open(sealed, info=group_info(entry.file, entry.seq))
        return list(enumerate(wire.decode_group(payload)))
    except (sealing.CannotOpen, msgspec.MsgspecError):
        return None
