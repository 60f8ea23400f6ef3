"""The letters of one page to one decision maker, as a pack that is handed over in person."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.base import clock, env
from groundswell.base.letter import Letter
from groundswell.delivery import Gone, Held, queries
from groundswell.delivery.channels.print import pack
from groundswell.delivery.channels.print.agreed import Agreed
from groundswell.delivery.channels.print.pack import Cover, Total
from groundswell.delivery.models import Parcel, State
from groundswell.delivery.pdf import letters as paper
from groundswell.directory import queries as directory
from groundswell.people import audit, letter_compose, letter_pages

CHUNK: Final = 200


class NoSuchPack(Exception):
    """There is no such page, or no letter from it to that target."""


def write(folder: Path, *, page_key: UUID, target: str, by: Any = None) -> list[Path]:
    """Write the pack and return its files; an audit entry says which organiser did, if one did.

    Every letter that its sender has confirmed and not withdrawn is in it, whatever way it took. The
    target gets what a letter says of its sender anyway, name and place; the full address and the
    e-mail address only from those who may be answered directly. Raises NoSuchPack.
    """
    page = letter_pages.of(page_key)
    if page is None:
        raise NoSuchPack("there is no such page")
    counted = next(
        (one for one in queries.per_target(page_keys=[page_key]) if one.target == target), None
    )
    if counted is None:
        raise NoSuchPack(f"no letter goes to {target} from there")
    if by is None:
        audit.record_core(action=audit.HANDOVER, detail=f"{page_key.hex} {target}")
    else:
        audit.record(by=by, action=audit.HANDOVER, about=page_key.hex, detail=target)
    total = counted.counts.all - counted.counts.withdrawn
    cover = _cover(page, target, total)
    return pack.write(folder, cover, _letters(page_key, target), agreed=_agreed)


def _cover(page: letter_pages.Pages, target: str, total: int) -> Cover:
    language = env.load().language_codes[0]
    words = page.in_language(language)
    known = directory.targets([target]).get(target)
    whom = (known.name, known.role, known.organization) if known else (target,)
    with translation.override(language):
        return Cover(
            title=words.title,
            to=tuple(dict.fromkeys(filter(None, whom))),
            totals=(
                Total(total, _("Confirmed letters"), _("Each confirmed by its sender, by e-mail.")),
            ),
            as_of=clock.now(),
            campaign=words.campaign_title,
            organisation=page.organisation,
            language=language,
            us_paper=target.split("/", maxsplit=1)[0] in paper.US_PAPER,
        )


def _letters(page_key: UUID, target: str) -> Iterator[Letter]:
    wanted = Parcel.objects.filter(page_key=page_key, target=target).exclude(state=State.WITHDRAWN)
    after = 0
    while parcels := list(wanted.filter(pk__gt=after).order_by("pk")[:CHUNK]):
        after = parcels[-1].pk
        for parcel in parcels:
            try:
                yield letter_compose.compose(parcel)
            except (Gone, Held):
                continue  # the cover says how many letters are in the pack


def _agreed(letter: Letter) -> Agreed:
    return Agreed(name=True, place=True, address=letter.reply_to)
