"""The lines under a letter that only say who writes: channels with a place for that leave them out.

An office gets name and address in fields of their own, or under the signature; said twice, letters
look like copies of each other.
"""

from collections.abc import Collection

from groundswell.base.letter import Letter

_MARKS = " ,.;-–—\t"


def split(letter: Letter) -> tuple[str, list[str]]:
    """(the text without them, the lines taken off its end), both as they were written."""
    known = said_elsewhere(letter)
    lines = letter.body.replace("\r\n", "\n").rstrip().split("\n")
    taken: list[str] = []
    while lines and (not lines[-1].strip() or repeats(lines[-1], known)):
        line = lines.pop()
        if line.strip():
            taken.insert(0, line.strip())
    return "\n".join(lines).rstrip(), taken


def repeats(line: str, known: Collection[str]) -> bool:
    """Whether the line is nothing but some of these."""
    left = _plain(line)
    if not left:
        return False
    plain = {text for one in known if len(text := _plain(one)) > 1}
    for one in sorted(plain, key=len, reverse=True):
        left = left.replace(one, " ")
    return not left.strip(_MARKS)


def said_elsewhere(letter: Letter) -> tuple[str, ...]:
    """What a channel says of the sender outside of the text."""
    return (
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


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
