"""The lines under a letter that only say who writes: channels with a place for that leave them out.

An office gets name and address in fields of their own, or under the signature; said twice, letters
look like copies of each other.
"""

from groundswell.base.letter import Letter

_MARKS = " ,.;-–—\t"


def split(letter: Letter) -> tuple[str, list[str]]:
    """(the text without them, the lines taken off its end), both as they were written."""
    lines = letter.body.replace("\r\n", "\n").rstrip().split("\n")
    taken: list[str] = []
    while lines and (not lines[-1].strip() or repeats(lines[-1], letter)):
        line = lines.pop()
        if line.strip():
            taken.insert(0, line.strip())
    return "\n".join(lines).rstrip(), taken


def repeats(line: str, letter: Letter) -> bool:
    """Whether the line is nothing but the sender's name, address or number."""
    left = _plain(line)
    if not left:
        return False
    for known in sorted(_known(letter), key=len, reverse=True):
        left = left.replace(known, " ")
    return not left.strip(_MARKS)


def _known(letter: Letter) -> set[str]:
    said = (
        letter.sender_name,
        f"{letter.given_name} {letter.family_name}",
        f"{letter.family_name} {letter.given_name}",
        letter.street,
        letter.city,
        letter.region,
        letter.postcode,
        letter.email,
        letter.phone,
        letter.prefix,
    )
    return {plain for text in said if len(plain := _plain(text)) > 1}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
