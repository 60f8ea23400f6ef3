"""An open letter to hand over in person: a cover with the totals, the letter, and all shown names.

Each file is made when it is asked for, from what is so at that moment: whoever has left is in none.
"""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.base import clock
from groundswell.campaigns import counters, letter_texts, signatories
from groundswell.campaigns.models import OpenLetterPage
from groundswell.campaigns.render_read import organisation_name
from groundswell.campaigns.render_read_letter import first_texts, signed_texts
from groundswell.delivery.channels.print import pack
from groundswell.delivery.channels.print.pack import ROWS, Cover, Row, Total
from groundswell.delivery.models import Parcel
from groundswell.delivery.pdf import letters as paper
from groundswell.people import audit, handover, open_letter_send, open_letter_text

_CHUNK: Final = 1000


class Empty(Exception):
    """There is no name on that part of the list."""


def cover(page: OpenLetterPage, *, by: Any) -> bytes:
    """The first sheet, a PDF. Raises CannotDraw."""
    sheet = _cover(page)
    with handover.drawing_alone():
        made = pack.cover_pdf(sheet)
    _record(page.page_key, by, "cover")
    return made


def letter(parcel: Parcel, *, by: Any) -> bytes:
    """The letter to one decision maker, as it is posted: a PDF. Raises Gone, Held, CannotDraw."""
    written = open_letter_send.compose(parcel)
    with handover.drawing_alone():
        made = paper.letter_pdf(written)
    _record(parcel.page_key, by, f"letter {parcel.target}")
    return made


def names_pdf(page: OpenLetterPage, *, part: int, by: Any) -> bytes:
    """One part of the list of names, ROWS of them, a PDF; parts count from 1. Raises Empty."""
    start = (part - 1) * ROWS
    rows = list(_rows(page, start, ROWS))
    if not rows:
        raise Empty
    with handover.drawing_alone():
        made = pack.list_pdf(_cover(page), rows)
    _record(page.page_key, by, f"names {start + 1}-{start + len(rows)}")
    return made


def names(page: OpenLetterPage, *, by: Any) -> Iterator[Row]:
    """The whole list below its heads, read as it is taken."""
    heads = _columns(page.language)
    _record(page.page_key, by, "names as CSV")

    def each() -> Iterator[Row]:
        yield heads
        yield from _rows(page, 0, None)

    return each()


def parts(page_key: UUID) -> int:
    """How many parts the list of names has."""
    numbers = signatories.numbers(page_key)
    return -(-(numbers.first + numbers.shown) // ROWS)


def _cover(page: OpenLetterPage) -> Cover:
    numbers = signatories.numbers(page.page_key)
    totals = counters.all_totals().get(page.page_key)
    to = [one.target.name for one in open_letter_send.addressees(page=page)]
    stands = letter_texts.standing(page_key=page.page_key)
    with translation.override(page.language):
        first = open_letter_text.counted(stands, first_texts(signatories.first(page.page_key)))
        more = open_letter_text.counted(stands, signed_texts(page))
        by_mail = " ".join(filter(None, (_("Each confirmed by the person, by e-mail."), more)))
        shown = _("Those who let their names be shown, and no others. Their names are in the list.")
        return Cover(
            title=page.title,
            to=tuple(dict.fromkeys(to)),
            totals=(
                Total(numbers.first, _("First signatories"), first),
                Total(
                    totals.confirmed if totals else 0, _("People have signed with them"), by_mail
                ),
                Total(numbers.shown, _("Of these by name"), shown),
            ),
            as_of=clock.now(),
            campaign=page.campaign.title,
            organisation=organisation_name(),
            language=page.language,
            columns=_columns(page.language),
        )


def _columns(language: str) -> Row:
    with translation.override(language):
        return (_("No."), _("Name"), _("Role"), _("Version signed"))


def _rows(page: OpenLetterPage, start: int, most: int | None) -> Iterator[Row]:
    """The names from a place on: first signatories, then co-signers, numbered as they stand."""
    first = open_letter_text.grouped(signatories.first(page.page_key))
    end = None if most is None else start + most
    for number, one in enumerate(first[start:end], start + 1):
        about = ", ".join(part for part in (one.role, one.affiliation) if part)
        yield (str(number), one.name, about, str(one.revision))
    place = max(start - len(first), 0)
    left = None if most is None else most - len(first[start:end])
    while left is None or left > 0:
        size = _CHUNK if left is None else min(_CHUNK, left)
        found = signatories.shown(page.page_key, offset=place, limit=size)
        for number, name in enumerate(found, len(first) + place + 1):
            yield (str(number), name.name, name.role, str(name.revision or ""))
        if len(found) < size:
            return
        place += size
        left = None if left is None else left - size


def _record(page_key: UUID, by: Any, what: str) -> None:
    audit.record(by=by, action=audit.HANDOVER, about=page_key.hex, detail=f"open letter {what}")
