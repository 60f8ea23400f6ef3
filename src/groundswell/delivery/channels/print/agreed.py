"""What of a sender may be handed over: what they agreed to, and the text without the rest."""

import re

import msgspec

from groundswell.base.letter import Letter


class Agreed(msgspec.Struct, frozen=True):
    """Which parts of themselves a letter's sender lets the decision maker have."""

    name: bool = False
    place: bool = False
    address: bool = False


def only(letter: Letter, agreed: Agreed, *, withheld: str) -> Letter:
    """The letter with what was agreed to; `withheld` stands where the name would.

    What is not agreed to goes from the text, too: nothing is handed over by having been typed.
    """
    kept = letter
    hidden: list[str] = []
    if not agreed.name:
        hidden += [letter.sender_name, letter.given_name, letter.family_name]
        kept = msgspec.structs.replace(
            kept, sender_name=withheld, given_name="", family_name="", prefix=""
        )
    if not agreed.address:
        hidden += [letter.street, letter.postcode, letter.phone]
        kept = msgspec.structs.replace(kept, street="", postcode="", phone="")
    if not agreed.place:
        hidden += [letter.city]
        kept = msgspec.structs.replace(kept, city="", region="", country="")
    if not letter.reply_to:
        hidden += [letter.email]
    return msgspec.structs.replace(
        kept, subject=_without(kept.subject, hidden), body=_without(kept.body, hidden)
    )


def _without(text: str, hidden: list[str]) -> str:
    for one in sorted(filter(None, hidden), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text
