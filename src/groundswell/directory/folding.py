"""Text folded to plain letters, so that a search finds names without their accents."""

import re
import unicodedata
from hashlib import blake2b
from typing import Final

# Letters that Unicode does not take apart.
_LETTERS: Final = str.maketrans(
    {
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ð": "d",
        "þ": "th",
        "ə": "a",
        "’": "'",
        "ʼ": "'",
    }
)
_NOT_PLAIN: Final = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Lower case without accents; scripts other than Latin keep their letters."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize(
        "NFC", "".join(c for c in apart if not unicodedata.combining(c)).translate(_LETTERS)
    )


def slug(text: str, *, limit: int = 60) -> str:
    """A part of a key: a-z, 0-9 and hyphens. Empty when no letter of `text` is Latin."""
    return _NOT_PLAIN.sub("-", fold(text)).strip("-")[:limit].strip("-")


def mark(*parts: str) -> str:
    """Eight hex digits that tell texts apart where a slug does not."""
    text = "\0".join(unicodedata.normalize("NFC", part).casefold() for part in parts)
    return blake2b(text.encode(), digest_size=4).hexdigest()
