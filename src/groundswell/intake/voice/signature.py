"""Twilio's signature of a request: without it, anybody could tell us of calls that never were."""

import base64
import hmac
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit, urlunsplit

HEADER: Final = "x-twilio-signature"
_PORTS: Final = {"https": 443, "http": 80}

Pairs = Iterable[tuple[str, str]]


def sign(url: str, pairs: Pairs, *, token: str) -> str:
    """What Twilio says in X-Twilio-Signature of a form posted there: HMAC-SHA1 in base64.

    SHA-1 is Twilio's choice; as a MAC it still holds.
    """
    said = url + "".join(f"{name}{value}" for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.digest(token.encode(), said.encode(), "sha1")).decode()


def is_genuine(signature: str, url: str, pairs: Pairs, *, token: str) -> bool:
    """Whether Twilio sent this. An address with its port, or without the usual one, is the same."""
    known = list(pairs)
    signs = [sign(one, known, token=token) for one in _spellings(url)]
    return any(hmac.compare_digest(one.encode(), signature.encode()) for one in signs)


def _spellings(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    port = parts.port or _PORTS.get(parts.scheme, 443)
    yield urlunsplit(parts._replace(netloc=f"{host}:{port}"))
    yield urlunsplit(parts._replace(netloc=host))
