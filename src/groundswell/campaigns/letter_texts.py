"""The texts an open letter ever had: when each was public, and what became of who signed it."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal
from uuid import UUID

from django.db import transaction
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from groundswell.base import clock
from groundswell.campaigns.models_open_letter import OpenLetterPage, TextRevision
from groundswell.campaigns.render import plain
from groundswell.campaigns.render_text import rich

Standing = Literal["this", "corrected", "earlier"]
Signed = tuple[str, int]  # a language, and the number of a text
Standings = Mapping[Signed, Standing]
_SEPARATOR: Final = "\x1e"
# The editor names paragraphs for itself, anew when one is typed again.
_KEYS: Final = re.compile(r' data-block-key="[^"]*"')


def record(*, page: OpenLetterPage, at: datetime | None = None) -> TextRevision:
    """The revision of a page's text as it is about to be public; a new row if it is a new text.

    Doing it again with the same text adds nothing. The first text needs no note.
    """
    to = [*page.lists, *page.keys]
    made = digest(title=page.title, salutation=page.salutation, text=page.text, to=to)
    with transaction.atomic():
        rows = list(TextRevision.objects.select_for_update().filter(page_key=page.page_key))
        last = _last(rows, page.language)
        if last is not None and last.digest == made:
            return last
        number, small = _next(rows, page.language, small=page.change_small)
        stale = last is None or _is_stale(last, page.change_note)
        return TextRevision.objects.create(
            page_key=page.page_key,
            number=number,
            language=page.language,
            title=plain(page.title),
            html=html(page),
            digest=made,
            published_at=at or clock.now(),
            note="" if stale else plain(page.change_note),
            small=small,
        )


def revisions(*, page_key: UUID, language: str = "") -> list[TextRevision]:
    """A letter's texts, the oldest first; those of one language, or of all."""
    found = TextRevision.objects.filter(page_key=page_key)
    return list(found.filter(language=language) if language else found)


def current(*, page_key: UUID) -> dict[str, TextRevision]:
    """The text that is public now, by language."""
    return {row.language: row for row in revisions(page_key=page_key)}


def standing(
    *, page_key: UUID, revisions_then: Mapping[str, int] | None = None
) -> dict[Signed, Standing]:
    """How each (language, number) that could be signed stands to the letter as it is now, or as
    it was when its newest texts were `revisions_then`, by language.

    `this`: signed as it stands. `corrected`: since then only slips were corrected. `earlier`: the
    letter says something else now, in this language or first in another.
    """
    rows = revisions(page_key=page_key)
    if revisions_then is not None:
        rows = [row for row in rows if row.number <= revisions_then.get(row.language, 0)]
    return {(row.language, row.number): _standing(row, rows) for row in rows}


def tell(stands: Standings, by_text: Mapping[Signed, int]) -> dict[Standing, int]:
    """How many signed the letter as it stands, with slips in it, or an earlier text.

    `stands` is what `standing` told; `by_text` counts signatures by (language, number). Unknown
    numbers count as earlier texts.
    """
    told: dict[Standing, int] = {"this": 0, "corrected": 0, "earlier": 0}
    for which, count in by_text.items():
        told[stands.get(which, "earlier")] += count
    return told


def mark(language: str, number: int | str) -> str:
    """How the counters name a text, such as `en.2`."""
    return f"{language}.{number}"


def signed(value: str) -> Signed:
    """The (language, number) of such a name; number 0 for one that nobody can have made."""
    language, _, number = value.rpartition(".")
    return language, int(number) if number.isdecimal() else 0


def html(page: OpenLetterPage) -> SafeString:
    """The letter as it is shown and kept: its salutation and its text."""
    greeting = plain(page.salutation)
    text = rich(page.text)
    return format_html('<p class="dear">{}</p>\n{}', greeting, text) if greeting else text


def digest(*, title: str, salutation: str, text: str, to: Iterable[object]) -> str:
    """What tells one text from another: every letter of it counts, markup included, and whom it is
    addressed to: who signed a letter to three has not signed one to a fourth.
    """
    parts = (plain(title), plain(salutation), plain(_KEYS.sub("", text)), *sorted(map(str, to)))
    return sha256(_SEPARATOR.join(parts).encode()).hexdigest()


def unexplained(
    *,
    page: OpenLetterPage,
    title: str,
    salutation: str,
    text: str,
    to: Iterable[object],
    note: str,
) -> dict[str, str]:
    """What an organiser must still say before a changed text can be published, by field."""
    last = _last(revisions(page_key=page.page_key), page.language)
    made = digest(title=title, salutation=salutation, text=text, to=to)
    if last is None or last.digest == made:
        return {}
    if _is_stale(last, note):
        words = _("The text was published before. Say in a sentence what you changed this time.")
        return {"change_note": words}
    return {}


def _is_stale(last: TextRevision, note: str) -> bool:
    """Whether a note says nothing new: none, or still the one that went with the last text."""
    return plain(note) in {"", last.note}


def _next(rows: Iterable[TextRevision], language: str, *, small: bool) -> tuple[int, bool]:
    numbers = {row.number: row.small for row in rows}
    if not numbers:
        return 1, False
    newest = max(numbers)
    mine = max((row.number for row in rows if row.language == language), default=0)
    weighty = max(number for number, slip in numbers.items() if not slip)
    # A translation that has yet to follow a new text, or is the first in its language.
    if mine == 0 or (mine < weighty and not small):
        return newest, numbers[newest]
    return newest + 1, small


def _last(rows: Iterable[TextRevision], language: str) -> TextRevision | None:
    return max(
        (row for row in rows if row.language == language), key=lambda row: row.number, default=None
    )


def _standing(row: TextRevision, rows: Iterable[TextRevision]) -> Standing:
    later = [other for other in rows if other.number > row.number]
    if any(not other.small for other in later):
        return "earlier"
    return "corrected" if any(other.language == row.language for other in later) else "this"
