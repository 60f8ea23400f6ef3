"""The marks in a letter's draft that are replaced for each sender and each addressee."""

import re
from typing import Final

OF_THE_TARGET: Final = ("salutation", "target", "role")
OF_THE_SENDER: Final = ("given_name", "family_name", "city", "postcode", "points")
MARKS: Final = (*OF_THE_TARGET, *OF_THE_SENDER)
# How many characters a channel takes. One sheet of paper is as long as an office reads.
LIMITS: Final = {"email": 10_000, "cwc": 10_000, "form": 10_000, "webhook": 10_000, "print": 4_000}
_MARK: Final = re.compile(r"\{(" + "|".join(MARKS) + r")\}")
_LOOKS_LIKE_ONE: Final = re.compile(r"\{([^{}\n]{1,40})\}")


def unknown(text: str) -> list[str]:
    """What stands in braces and is no mark of ours, each once: it would reach the office so."""
    found = (one[1] for one in _LOOKS_LIKE_ONE.finditer(text))
    return list(dict.fromkeys(name for name in found if name not in MARKS))


def merged(text: str, values: dict[str, str]) -> str:
    """The text with each mark that has a value replaced, once: a value is never looked at again."""
    return _MARK.sub(lambda found: values.get(found[1], found[0]), text)
