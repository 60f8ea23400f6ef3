"""Signatures as Standard Webhooks 1.0.0 has them."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"


def headers(secrets: Iterable[str], *, identity: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers. Each secret signs, the newest first, so that keys can be changed."""
    moment = str(int(at.timestamp()))
    content = b".".join((identity.encode(), moment.encode(), body))
    signatures = (f"v1,{_signature(secret, content)}" for secret in secrets)
    return {
        "webhook-id": identity,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
