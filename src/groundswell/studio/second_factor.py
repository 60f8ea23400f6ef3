"""Organisers' second factors at rest: a copy of the database opens nobody's account.

The shared secret of an authenticator app and the seed of the recovery codes are sealed with the
data key, as supporters' personal data is. A passkey is public by nature and stays as it is.
"""

import base64
import binascii
from typing import Final

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from groundswell.base import sealing
from groundswell.people import keys

CONTEXT: Final = b"organiser second factor"
MARK: Final = "sealed:"
FIELDS: Final = ("secret", "seed")


class SealedSecrets(DefaultMFAAdapter):
    """Lets allauth keep its secrets sealed. Raises CannotOpen for what no key of ours opens."""

    def encrypt(self, text: str) -> str:
        envelope = keys.data_keys().cipher.seal(text.encode(), context=CONTEXT)
        return MARK + base64.b64encode(envelope).decode()

    def decrypt(self, encrypted_text: str) -> str:
        # Kept in clear by a version of ours before this one: `reseal` brings it in order.
        if not encrypted_text.startswith(MARK):
            return encrypted_text
        envelope = _envelope(encrypted_text)
        return keys.data_keys().cipher.open(envelope, context=CONTEXT).decode()


def reseal() -> int:
    """Seal all second factors with the current data key; returns how many it sealed anew."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    found = Authenticator.objects.filter(type__in=kinds).values_list("pk", flat=True)
    return sum(_reseal(pk) for pk in found)


@transaction.atomic
def _reseal(pk: int) -> bool:
    # Locked: a recovery code used meanwhile must stay used.
    one = Authenticator.objects.select_for_update().filter(pk=pk).first()
    stale = [name for name in FIELDS if one and _is_stale(one.data.get(name))]
    if one is None or not stale:
        return False
    adapter = SealedSecrets()
    for name in stale:
        one.data[name] = adapter.encrypt(adapter.decrypt(one.data[name]))
    one.save(update_fields=["data"])
    return True


def _is_stale(value: object) -> bool:
    if not isinstance(value, str):
        return False
    if not value.startswith(MARK):
        return True
    return sealing.envelope_key_id(_envelope(value)) != keys.data_keys().cipher.current


def _envelope(text: str) -> bytes:
    try:
        return base64.b64decode(text.removeprefix(MARK), validate=True)
    except binascii.Error as error:
        raise sealing.CannotOpen("not an envelope") from error
