"""The letters of one page to one decision maker, as a pack that is handed over in person.

In one go as a folder, or sheet by sheet. A letter's number is its place among all that were ever
made, so the parts fit together whenever each is drawn; what was taken back since leaves a gap.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.base import clock, env
from groundswell.base.letter import Letter
from groundswell.delivery import Gone, Held, queries
from groundswell.delivery.channels.print import pack
from groundswell.delivery.channels.print.agreed import Agreed
from groundswell.delivery.channels.print.pack import Cover, Row, Total
from groundswell.delivery.models import Parcel, State, TargetTally
from groundswell.delivery.pdf import drawing
from groundswell.delivery.pdf import letters as paper
from groundswell.directory import queries as directory
from groundswell.people import audit, letter_compose, letter_pages
from groundswell.people.models import Participation

CHUNK: Final = 200
# However many organisers download at once, only one sheet is drawn at a time.
_ONE: Final = threading.Lock()


class NoSuchPack(Exception):
    """There is no such page, or no letter from it to that target."""


class Empty(Exception):
    """None of these letters can be handed over any more."""


class Undrawn(Exception):
    """Some letters have signs that no font here draws: `numbers` maps theirs to their parcels.

    `others` is how many of the part can be drawn.
    """

    def __init__(self, numbers: dict[int, UUID], others: int) -> None:
        self.numbers = numbers
        self.others = others
        super().__init__(f"no font on this machine draws the letters {sorted(numbers)}")


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to hand over. `made` letters have a number; `confirmed` count now."""

    page_key: UUID
    target: str
    target_name: str
    made: int
    confirmed: int


class Numbered(NamedTuple):
    """A letter, its number in the pack, and the parcel it is of."""

    number: int
    parcel: UUID
    letter: Letter


def write(folder: Path, *, page_key: UUID, target: str, by: Any = None) -> list[Path]:
    """Write the pack and return its files; an audit entry says which organiser did, if one did.

    Every letter that its sender has confirmed and not withdrawn is in it, whatever way it took. The
    target gets what a letter says of its sender anyway, name and place; the full address and the
    e-mail address only from those who may be answered directly. Raises NoSuchPack.
    """
    page = _page(page_key)
    of = pack_of(page_key=page_key, target=target)
    if by is None:
        audit.record_core(action=audit.HANDOVER, detail=f"{page_key.hex} {target}")
    else:
        _record(of, by, "")
    every = (one.letter for one in _numbered(of))
    return pack.write(folder, _cover(page, of), every, agreed=_agreed)


def pack_of(*, page_key: UUID, target: str) -> Pack:
    """What there is to hand over to a target. Raises NoSuchPack."""
    for one in queries.per_target(page_keys=[page_key]):
        if one.target == target:
            return Pack(
                page_key=page_key,
                target=target,
                target_name=one.target_name,
                made=one.counts.all,
                confirmed=_confirmed(page_key, target),
            )
    raise NoSuchPack(f"no letter goes to {target} from there")


def cover(of: Pack, *, by: Any) -> bytes:
    """The pack's first sheet, a PDF. Raises NoSuchPack, and CannotDraw for the page's own words."""
    sheet = _cover(_page(of.page_key), of)
    with drawing_alone():
        made = pack.cover_pdf(sheet)
    _record(of, by, "cover")
    return made


def letters(of: Pack, *, first: int, by: Any, leave_out: bool = False) -> bytes:
    """The letters of these numbers, CHUNK of them from `first` on, bound as a PDF.

    Raises Empty, NoSuchPack, and Undrawn unless those that cannot be drawn are to `leave_out`.
    """
    sheet, part = _part(of, first, CHUNK)
    with drawing_alone():
        try:
            made = pack.letters_pdf(sheet, [one.letter for one in part])
        except drawing.CannotDraw:
            undrawn = _undrawn(part)
            good = [one.letter for one in part if one.number not in undrawn]
            if not leave_out or not good:
                raise Undrawn(undrawn, len(good)) from None
            made = pack.letters_pdf(sheet, good)
    _record(of, by, f"letters {first}-{first + CHUNK - 1}")
    return made


def texts(of: Pack, *, first: int, by: Any) -> str:
    """The letters of that part that no font here can draw, as text. Raises Empty, NoSuchPack."""
    _sheet, part = _part(of, first, CHUNK)
    with drawing_alone():
        undrawn = _undrawn(part)
    if not undrawn:
        raise Empty
    _record(of, by, f"letters {first}-{first + CHUNK - 1} as text")
    return "".join(pack.as_text(one.number, one.letter) for one in part if one.number in undrawn)


def list_pdf(of: Pack, *, first: int, by: Any) -> bytes:
    """The list of `pack.ROWS` numbers from `first` on, as a PDF.

    Raises Empty, NoSuchPack, and CannotDraw for the page's own words.
    """
    sheet, part = _part(of, first, pack.ROWS)
    with drawing_alone():
        made = pack.list_pdf(sheet, [pack.row(one.number, one.letter) for one in part])
    _record(of, by, f"list {first}-{first + pack.ROWS - 1}")
    return made


def rows(of: Pack, *, by: Any) -> Iterator[Row]:
    """The list's rows below their heads, read as they are taken. Raises NoSuchPack at once."""
    language = _cover(_page(of.page_key), of).language
    _record(of, by, "list as CSV")

    def each() -> Iterator[Row]:
        yield pack.columns(language)
        for one in _numbered(of):
            (kept,) = pack.allowed([one.letter], _agreed, language=language)
            yield pack.row(one.number, kept)

    return each()


def _page(page_key: UUID) -> letter_pages.Pages:
    page = letter_pages.of(page_key)
    if page is None:
        raise NoSuchPack("there is no such page")
    return page


def _record(of: Pack, by: Any, what: str) -> None:
    detail = f"{of.target} {what}".strip()
    audit.record(by=by, action=audit.HANDOVER, about=of.page_key.hex, detail=detail)


@contextmanager
def drawing_alone() -> Iterator[None]:
    """While one sheet is drawn, no other is; what was remembered for it is let go of."""
    with _ONE:
        try:
            yield
        finally:
            drawing.forget()


def _part(of: Pack, first: int, most: int) -> tuple[Cover, list[Numbered]]:
    """The letters of these numbers that there still are, with what their senders agreed to."""
    sheet = _cover(_page(of.page_key), of)
    found = list(_numbered(of, first, most))
    if not found:
        raise Empty
    kept = pack.allowed([one.letter for one in found], _agreed, language=sheet.language)
    part = [one._replace(letter=letter) for one, letter in zip(found, kept, strict=True)]
    return sheet, part


def _undrawn(part: list[Numbered]) -> dict[int, UUID]:
    return {one.number: one.parcel for one in part if not pack.has_fonts(one.letter)}


def _cover(page: letter_pages.Pages, of: Pack) -> Cover:
    language = env.load().language_codes[0]
    words = page.in_language(language)
    known = directory.targets([of.target]).get(of.target)
    whom = (known.name, known.role, known.organization) if known else (of.target_name,)
    with translation.override(language):
        how = _("Each confirmed by its sender, by e-mail.")
        return Cover(
            title=words.title,
            to=tuple(dict.fromkeys(filter(None, whom))),
            totals=(Total(of.confirmed, _("Confirmed letters"), how),),
            as_of=clock.now(),
            campaign=words.campaign_title,
            organisation=page.organisation,
            language=language,
            us_paper=of.target.split("/", maxsplit=1)[0] in paper.US_PAPER,
        )


def _parcels(page_key: UUID, target: str) -> QuerySet[Parcel]:
    tallies = TargetTally.objects.filter(page_key=page_key, target=target)
    return Parcel.objects.filter(tally__in=list(tallies.values_list("pk", flat=True)))


def _confirmed(page_key: UUID, target: str) -> int:
    """How many count now: who leaves after the office has got the letter is not counted."""
    sender = Participation.objects.filter(
        submission_id=OuterRef("submission_id"), state=Participation.State.CONFIRMED
    )
    found = _parcels(page_key, target).exclude(state=State.WITHDRAWN)
    return found.filter(Exists(sender)).count()


def _numbered(of: Pack, first: int = 1, most: int | None = None) -> Iterator[Numbered]:
    """The letters from number `first` on that their senders stand by, in the order of making."""
    found = _parcels(of.page_key, of.target).order_by("pk")
    number, end = first, first + (of.made if most is None else most)
    start = found.values_list("pk", flat=True)[first - 1 : first].first()
    while start is not None and number < end:
        chunk = list(found.filter(pk__gte=start)[: min(CHUNK, end - number)])
        for parcel in chunk:
            letter = _letter(parcel)
            if letter:
                yield Numbered(number, parcel.key, letter)
            number += 1
        start = chunk[-1].pk + 1 if chunk else None


def _letter(parcel: Parcel) -> Letter | None:
    if parcel.state == State.WITHDRAWN:
        return None
    try:
        return letter_compose.compose(parcel)
    except (Gone, Held):
        return None


def _agreed(letter: Letter) -> Agreed:
    return Agreed(name=True, place=True, address=letter.reply_to)
