"""What came back from people, sealed: answers quote the letter, and name its sender."""

from email import message_from_bytes, policy
from hashlib import blake2b

import msgspec
from django.db import transaction
from django.db.models import F

from groundswell.base import clock, env, keyring, sealing
from groundswell.delivery.inbox import parse
from groundswell.delivery.models import Parcel, Reply, TargetTally


class ReplyText(msgspec.Struct, frozen=True):
    """What an answer says. For the eyes of whoever may read replies."""

    sender: str
    subject: str
    text: str


@transaction.atomic
def store(parcel: Parcel, raw: bytes, *, automatic: bool) -> bool:
    """Keep a mail about a parcel; False if it is there already."""
    digest = blake2b(raw, digest_size=32, key=parcel.key.bytes).digest()
    if Reply.objects.filter(digest=digest).exists():
        return False
    Reply.objects.create(
        parcel=parcel,
        campaign_key=parcel.campaign_key,
        page_key=parcel.page_key,
        target=parcel.target,
        at=clock.now(),
        automatic=automatic,
        digest=digest,
        sealed=_cipher().seal(raw, context=digest),
    )
    if not automatic:
        TargetTally.objects.filter(pk=parcel.tally_id).update(replies=F("replies") + 1)
    return True


def open_reply(reply: Reply) -> ReplyText:
    """What it says. Raises CannotOpen."""
    raw = _cipher().open(bytes(reply.sealed), context=bytes(reply.digest))
    message = message_from_bytes(raw, policy=policy.compat32)
    return ReplyText(
        sender=parse.header(message, "From"),
        subject=parse.header(message, "Subject"),
        text=parse.text(message),
    )


def reseal() -> int:
    """Seal every reply under the current data key; returns how many were not. May be repeated."""
    cipher = _cipher()
    changed = 0
    for reply in Reply.objects.order_by("pk").iterator(chunk_size=20):
        sealed, context = bytes(reply.sealed), bytes(reply.digest)
        if sealing.envelope_key_id(sealed) != cipher.current:
            fresh = cipher.seal(cipher.open(sealed, context=context), context=context)
            changed += Reply.objects.filter(pk=reply.pk, sealed=sealed).update(sealed=fresh)
    return changed


def _cipher() -> sealing.FieldCipher:
    return keyring.field_cipher(env.load().path("keys"))
