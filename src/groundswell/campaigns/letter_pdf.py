"""An open letter on paper: its text, whom it goes to and who signed first, as PDF/UA."""

import shutil
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec
from django.utils import translation
from django.utils.translation import gettext

from groundswell.campaigns import letter_diff, render, render_tags
from groundswell.campaigns.render_letter_views import OpenLetterView, PersonView
from groundswell.delivery.pdf import drawing

SHEETS: Final = Path(__file__).parent / "sheets"


def data(action: OpenLetterView, *, url: str, lang: str) -> dict[str, Any]:
    """What the sheet shows; `url` is the site's. The count is of the day on which it is made."""
    with translation.override(lang):
        return {
            "title": action.title,
            "lang": lang.split("-", maxsplit=1)[0],
            "fonts": drawing.families(lang),
            "kicker": gettext("Open letter"),
            # Letters that join must not be pulled apart.
            "tracking": 0 if render.language(lang).dir == "rtl" else 0.1,
            "address": url + action.path,
            "words": {"to": gettext("To"), "first": gettext("First to sign")},
            "to": [
                {"name": one.name, "about": _joined(one.role, one.organization)}
                for one in action.targets
            ],
            "dated": _dated(action),
            "parts": _parts(action.text),
            "groups": [
                {"title": group.title, "people": [_person(one) for one in group.people]}
                for group in action.groups
            ],
            "count": _count(action),
        }


def mark(sheet: Mapping[str, Any], *, today: str) -> str:
    """What tells whether a letter must be drawn again: for a new number alone once a day."""
    kept = {name: value for name, value in sheet.items() if name != "count"}
    return sha256(msgspec.json.encode([kept, bool(sheet["count"]) and today])).hexdigest()[:16]


def pdf(sheet: dict[str, Any], pictures: Mapping[str, bytes]) -> bytes:
    """The PDF. `pictures` are those the sheet names. Raises `drawing.CannotDraw`."""
    with tempfile.TemporaryDirectory(prefix="letter-") as name:
        folder = Path(name)
        shutil.copy(SHEETS / "open_letter.typ", folder)
        for path, picture in pictures.items():
            (folder / path).write_bytes(picture)
        return drawing.pdf("open_letter", sheet, folder=folder)


def _dated(action: OpenLetterView) -> str:
    version = action.version
    if version is None:
        return ""
    day = render_tags.day(version.at)
    if not action.changed:
        return gettext("Published on %(day)s.") % {"day": day}
    words = gettext("Version %(n)s, published on %(day)s.")
    return words % {"n": version.number, "day": day}


def _parts(html: str) -> list[dict[str, str]]:
    blocks = letter_diff.blocks(html)
    return [{"kind": kind, "text": text} for kind, text in blocks if text]


def _person(one: PersonView) -> dict[str, str]:
    signed = gettext("signed version %(n)s") % {"n": one.version} if one.version else ""
    return {
        "name": one.name,
        "about": one.about,
        "signed": signed,
        "picture": one.picture.src.rpartition("/")[2] if one.picture else "",
        # Their name stands beside it; PDF/UA wants words all the same.
        "alt": (one.picture.alt if one.picture else "") or one.name,
    }


def _count(action: OpenLetterView) -> str:
    if not action.tally.counted:
        return ""
    lang = translation.get_language() or "en"
    kind = action.kind
    forms = render_tags.plural_words(kind.unit_one, kind.unit_many, lang)
    unit = forms[render_tags.plural_category(action.tally.counted, lang)]
    return f"{render_tags.number(action.tally.counted, lang)} {unit}"


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
