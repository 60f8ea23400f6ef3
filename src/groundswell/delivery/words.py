"""The other side's words, fit to be kept: on one line, short, without addresses."""

import re
from typing import Final

from groundswell.base.line import one_line

LONGEST: Final = 300
# Anything around an @, and what servers put between angle brackets.
_ADDRESS: Final = re.compile(r"<[^<>\s]*@[^<>\s]*>|[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")


def clean(text: str | bytes) -> str:
    """The text as it may stand in a Transition."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    # Before the cut: what is left of an address is one, too.
    text = _ADDRESS.sub("<address>", text[: 10 * LONGEST])
    line = one_line(text)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
