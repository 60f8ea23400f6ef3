"""Text of somebody else's on one line: for names, headers, lists."""

from typing import Final

_JOINERS: Final = "\u200c\u200d"  # Persian, Urdu and Indian names are spelt with them


def one_line(text: str) -> str:
    """The text with single spaces, without line breaks, control or direction characters."""
    kept = "".join(one if one.isprintable() or one in _JOINERS else " " for one in text)
    return " ".join(kept.split())
