"""Cells of a CSV file that a spreadsheet opens."""

from typing import Final

# What a spreadsheet may take for the beginning of a formula, full-width letters included.
_FORMULA: Final = frozenset("=+-@\t\r\n＝＋－＠")
# A spreadsheet may skip these before it looks for a formula.
_SKIPPED: Final = " \u00a0\u200b\u200e\u200f\u2060\u3000\ufeff\u202a\u202b\u202c\u202d\u202e\x00"


def escape(value: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe goes before whatever may start a formula."""
    start = value.lstrip(_SKIPPED)[:1]
    if start in _FORMULA or value[:1] in _FORMULA:
        return "'" + value if value else value
    return value
