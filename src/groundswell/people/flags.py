"""What the report button below an open letter brings: something to look at, and nothing more.

A name is never hidden by how often it is reported. Alike reports fold into one row, and a name
keeps a few notes only: whoever sends ten thousand has sent one that counts as ten thousand.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import F

from groundswell.base import clock, sealing, wire
from groundswell.base.sealing import CannotOpen
from groundswell.campaigns.models import Cosignature
from groundswell.kinds.open_letter.kind import FLAG_REASONS, NOTE_MAX
from groundswell.people import audit, cosign, keys
from groundswell.people.models import Flag

MOST_NOTES: Final = 20
State = Flag.State


class Flagged(msgspec.Struct, frozen=True):
    """One press of the report button: on which co-signature, and why."""

    page_key: UUID
    number: int
    reason: str
    note: str
    at: datetime


def read(submission: wire.Submission) -> Flagged:
    """The report of a submission. What it names may not exist: see `note`."""
    fields = submission.fields
    number = fields.get("t", "")
    reason = fields.get("reason", "")
    return Flagged(
        page_key=UUID(hex=submission.page),
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0,
        reason=reason if reason in FLAG_REASONS else "other",
        note=fields.get("note", "").strip()[:NOTE_MAX],
        at=clock.from_ms(submission.at),
    )


def note(flags: Sequence[Flagged]) -> int:
    """Keep what was reported about names that are shown; returns how many that was.

    In the caller's transaction.
    """
    shown = {
        (one.page_key, one.pk): one
        for one in Cosignature.objects.filter(
            pk__in={flag.number for flag in flags}, state=Cosignature.State.SHOWN
        )
    }
    sound = [flag for flag in flags if (flag.page_key, flag.number) in shown]
    for flag in sound:
        _keep(flag)
        Cosignature.objects.filter(pk=flag.number).update(flags=F("flags") + 1)
    return len(sound)


def notes(flags: Sequence[Flag]) -> dict[int, str]:
    """What was typed in these reports, by row; empty for what cannot be opened."""
    cipher = keys.data_keys().cipher
    return {flag.pk: _open(flag, cipher) for flag in flags}


@transaction.atomic
def settle(*, page_key: UUID, number: int, by: Any, hide: bool, reason: str = "") -> bool:
    """Close all open reports about a name: it stays, or is hidden for a reason. False if there
    were none.
    """
    flags = Flag.objects.filter(page_key=page_key, number=number, state=State.OPEN)
    settled = flags.update(
        state=State.HIDDEN if hide else State.KEPT,
        decided_by=by.get_username()[:150],
        decided_at=clock.now(),
    )
    if not settled:
        return False
    Cosignature.objects.filter(page_key=page_key, pk=number).update(flags=0)
    if hide:
        cosign.hide(page_key=page_key, numbers=[number], by=by, reason=reason)
    else:
        audit.record(by=by, action=audit.KEEP, about=page_key.hex, detail=f"{number} {reason}")
    return True


def _keep(flag: Flagged) -> None:
    held = keys.data_keys()
    digest = _digest(flag.note, held)
    if _fold(flag, digest):
        return
    rows = Flag.objects.filter(page_key=flag.page_key, number=flag.number, state=State.OPEN)
    if flag.note and rows.count() >= MOST_NOTES:
        _keep(msgspec.structs.replace(flag, note=""))
        return
    try:
        with transaction.atomic():
            Flag.objects.create(
                page_key=flag.page_key,
                number=flag.number,
                reason=flag.reason,
                digest=digest,
                sealed=held.cipher.seal(flag.note.encode(), context=_context(flag)),
                first_at=flag.at,
                last_at=flag.at,
            )
    except IntegrityError:  # another process was a moment faster
        _fold(flag, digest)


def _fold(flag: Flagged, digest: bytes) -> bool:
    same = Flag.objects.filter(
        page_key=flag.page_key,
        number=flag.number,
        reason=flag.reason,
        digest=digest,
        state=State.OPEN,
    )
    return bool(same.update(times=F("times") + 1, last_at=flag.at))


def _digest(text: str, held: keys.DataKeys) -> bytes:
    same = " ".join(text.casefold().split())
    return hmac.digest(held.indexes[0], b"flag|" + same.encode(), "sha256") if same else b""


def _context(flag: Flagged | Flag) -> bytes:
    name = flag.page_key.bytes + flag.number.to_bytes(8)
    return blake2b(name, digest_size=16, person=b"gw-flag").digest()


def _open(flag: Flag, cipher: sealing.FieldCipher) -> str:
    try:
        return cipher.open(bytes(flag.sealed), context=_context(flag)).decode()
    except CannotOpen:
        return ""


def reseal(flag: Flag, cipher: sealing.FieldCipher) -> bool:
    """Seal a report's note to the current data key; False if it was there already."""
    old = bytes(flag.sealed)
    if sealing.envelope_key_id(old) == cipher.current:
        return False
    fresh = cipher.seal(cipher.open(old, context=_context(flag)), context=_context(flag))
    return Flag.objects.filter(pk=flag.pk, sealed=old).update(sealed=fresh) == 1
