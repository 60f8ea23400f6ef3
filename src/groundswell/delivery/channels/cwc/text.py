"""Texts as a CWC message has them: what XML can hold, and whose words they are."""

import re
from typing import Any, Final

import msgspec

# What XML 1.0 has no way to write.
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LEAST: Final = 6


def cleaned(message: Any) -> tuple[Any, int]:
    """The struct without characters that XML cannot hold, and how many there were."""
    removed = 0

    def clean(value: Any) -> Any:
        nonlocal removed
        if isinstance(value, str):
            plain, number = _FORBIDDEN.subn("", value.replace("\r\n", "\n").replace("\r", "\n"))
            removed += number
            return plain
        if isinstance(value, tuple):
            return tuple(clean(one) for one in value)
        if isinstance(value, msgspec.Struct):
            return msgspec.structs.replace(
                value, **{name: clean(getattr(value, name)) for name in value.__struct_fields__}
            )
        return value

    return clean(message), removed


def apart(body: str, statement: str, own_words: float) -> tuple[str, str]:
    """(the organiser's words, the sender's own): each paragraph of the body in one of them.

    A paragraph is the organiser's when it stands in their statement as it is. Without a statement
    to compare with, the whole body is the one or the other.
    """
    if not statement.strip():
        return ("", body) if own_words > 0 else (body, "")
    theirs = {_plain(part) for part in _paragraphs(statement)}
    parts = _paragraphs(body)
    kept = "\n\n".join(part for part in parts if _plain(part) in theirs)
    own = "\n\n".join(part for part in parts if _plain(part) not in theirs)
    if own and len(own) < LEAST:
        return "", body  # too short to stand alone, and not ours to leave out
    if kept and len(kept) < LEAST:
        return "", body
    return kept, own


def _paragraphs(text: str) -> list[str]:
    return [
        part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()
    ]


def _plain(text: str) -> str:
    return " ".join(text.split())
