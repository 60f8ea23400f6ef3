"""What could not be processed is set aside, still sealed, and can be put back."""

from collections.abc import Sequence
from typing import Final

from groundswell.base import clock
from groundswell.people import keys
from groundswell.people.models import Quarantine

RECORD_INFO: Final = b"groundswell/quarantine/v1"


def keep(
    *,
    file: str,
    groups: Sequence[tuple[int, bytes, str]],
    records: Sequence[tuple[int, int, bytes, str]],
) -> None:
    """Set aside groups (seq, sealed, reason) as they came, and records (seq, position, raw, reason)
    sealed anew to core's public key.
    """
    now, key = clock.now(), keys.sealing_key()
    rows = [
        Quarantine(file=file, seq=seq, reason=reason[:200], sealed=sealed, at=now)
        for seq, sealed, reason in groups
    ]
    rows += [
        Quarantine(
            file=file,
            seq=seq,
            position=position,
            reason=reason[:200],
            sealed=key.seal(raw, info=RECORD_INFO),
            at=now,
        )
        for seq, position, raw, reason in records
    ]
    Quarantine.objects.bulk_create(rows)
