"""What the office reads: the letter, and under it who writes and where answers go."""

import csv
import io
from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.base import cells
from groundswell.base.letter import Letter, Signatory
from groundswell.delivery import closing

# Pasted from somewhere, they would turn the lines around them.
_DROPPED = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, *range(0x202A, 0x202F)])
_COLUMNS = ("name", "city", "region", "postcode", "email")


def clean(text: str) -> str:
    """The text with one kind of line break and without control characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_DROPPED)


def text(letter: Letter, *, answers: bool) -> str:
    """The whole text. `answers`: mail to the address in Reply-To reaches the sender or us."""
    with translation.override(letter.language):
        parts = [clean(closing.split(letter)[0]).rstrip()]
        if letter.together:
            parts.insert(0, _together(letter))
        else:
            parts.append(_sender(letter))
        parts.append(_about(letter, answers=answers))
    return "\n\n".join(filter(None, parts)) + "\n"


def subject(letter: Letter) -> str:
    """The subject; of a summary it says how many write."""
    if not letter.together:
        return letter.subject
    with translation.override(letter.language):
        return _("%(subject)s (%(number)d letters)") % {
            "subject": letter.subject,
            "number": len(letter.together),
        }


def table(people: Sequence[Signatory]) -> str:
    """All who sent the same text, as CSV that a spreadsheet takes for text and not for formulas."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(_COLUMNS)
    rows.writerows([cells.escape(_line(getattr(one, name))) for name in _COLUMNS] for one in people)
    return out.getvalue()


def _together(letter: Letter) -> str:
    return _(
        "%(number)d people have each sent you the letter below, in the same words. They come to "
        "you in one message so that they do not fill your mailbox; the attached list has them all."
    ) % {"number": len(letter.together)}


def _sender(letter: Letter) -> str:
    name = " ".join(filter(None, [letter.prefix, letter.sender_name or _full_name(letter)]))
    place = " ".join(filter(None, [letter.postcode, letter.city]))
    region = ", ".join(filter(None, [place, letter.region]))
    email = letter.email if letter.reply_to else ""
    return "\n".join(_line(one) for one in (name, letter.street, region, email) if one)


def _about(letter: Letter, *, answers: bool) -> str:
    lines = []
    about = {"title": _line(letter.campaign_title), "site": _line(letter.organisation_name)}
    if about["title"] and about["site"]:
        lines.append(_("Written on the campaign page “%(title)s” of %(site)s") % about)
    if letter.campaign_url:
        lines.append(_line(letter.campaign_url))
    if answers and not letter.together and not letter.reply_to:
        lines.append(_("An answer to this message reaches the campaign, which keeps it."))
    return "\n".join(["-- ", *lines]) if lines else ""


def _full_name(letter: Letter) -> str:
    return f"{letter.given_name} {letter.family_name}".strip()


def _line(text: str) -> str:
    return " ".join(clean(text).split())
