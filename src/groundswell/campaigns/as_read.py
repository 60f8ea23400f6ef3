"""A letter as the office will read it, for whoever writes the draft: with an invented sender."""

from dataclasses import dataclass
from typing import Final

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from groundswell.campaigns.render_reach_views import LetterView, TargetView, TextView
from groundswell.kinds.letter.marks import merged

# Somebody there is nobody of, so that a preview shows how names and places will stand.
SENDER: Final = {
    "given_name": gettext_noop("Robin"),
    "family_name": gettext_noop("Example"),
    "city": gettext_noop("Sampleton"),
    "postcode": "12345",
}
OWN: Final = gettext_noop("the supporter’s own representative")


@dataclass(frozen=True, kw_only=True)
class LetterAsRead:
    """One letter with every mark replaced."""

    to: str
    role: str
    subject: str
    body: str
    sender: str
    town: str


def letters(action: LetterView, *, lang: str) -> list[LetterAsRead]:
    """One letter of each text, to the first who gets it, with the first talking point ticked."""
    with translation.override(lang):
        sender = {name: gettext(value) for name, value in SENDER.items()}
        values = sender | {"points": action.points[0].text if action.points else ""}
        return [_letter(text, _reader(text), values) for text in action.texts]


def _reader(text: TextView) -> TargetView:
    known = text.targets[0] if text.targets else None
    return known or TargetView(key="", name=gettext(OWN))


def _letter(text: TextView, reader: TargetView, values: dict[str, str]) -> LetterAsRead:
    known = values | {
        "target": reader.name,
        "role": reader.role,
        "salutation": reader.salutation or reader.name,
    }
    return LetterAsRead(
        to=reader.name,
        role=", ".join(part for part in (reader.role, reader.organization) if part),
        subject=merged(text.subject, known),
        body=merged(text.body, known).strip(),
        sender=f"{values['given_name']} {values['family_name']}",
        town=f"{values['postcode']} {values['city']}",
    )
