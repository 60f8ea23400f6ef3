"""The two mails to a letter's sender: what is left for them to do, and the copy they asked for.

The first goes only to those with a letter that nobody else can send; the second once, to those who
ticked the box, when something of theirs was taken in.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from django.utils.translation import gettext as _

from groundswell.base.letter import Letter
from groundswell.delivery import Gone, Held
from groundswell.delivery import queries as delivery
from groundswell.delivery.channels.form import opening
from groundswell.delivery.models import Parcel, State
from groundswell.delivery.pdf.drawing import CannotDraw
from groundswell.delivery.pdf.letters import letter_pdf
from groundswell.directory import queries as directory
from groundswell.directory.targets import Target
from groundswell.people import keys, letter_compose, letter_pages, pages, vault
from groundswell.people.mail_words import Link, Part, Template
from groundswell.people.models import Participation

TEMPLATES: Final = frozenset({"letters", "copy"})
_ABOUT: Final = {
    "letters": frozenset({State.WITH_SUPPORTER, State.OPENED}),
    "copy": frozenset({State.ACCEPTED}),
}


class Enclosed(msgspec.Struct, frozen=True):
    """What a mail holds beyond its words: letters, and PDFs by file name."""

    parts: tuple[Part, ...] = ()
    papers: tuple[tuple[str, bytes], ...] = ()


def is_needed(template: Template, row: Participation) -> bool:
    """Whether there is anything to say: letters may have been withdrawn or reported since."""
    return bool(_parcels(template, row))


def enclosed(
    template: Template, row: Participation, personal: vault.Personal, *, language: str
) -> Enclosed:
    """The letters that a mail is about, in the language that is active.

    Raises NotPublished when none of those that are left to do may be sent as things are now.
    """
    if template not in TEMPLATES:
        return Enclosed()
    parcels = _parcels(template, row)
    if template == "copy":
        return Enclosed(tuple(_copies(parcels, row, personal)))
    parts: list[Part] = []
    papers: list[tuple[str, bytes]] = []
    for number, (parcel, letter) in enumerate(_composed(parcels), start=1):
        paper = _paper(letter) if parcel.channel == "print" else b""
        if paper:
            papers.append((_("letter-%(number)s.pdf") % {"number": number}, paper))
        parts.append(_to_do(parcel, letter, paper=bool(paper), language=language))
    if not parts:
        raise pages.NotPublished("there is no letter in it at present")
    return Enclosed(tuple(parts), tuple(papers))


def _parcels(template: Template, row: Participation) -> list[Parcel]:
    wanted = _ABOUT[template]
    theirs = delivery.of_submission(submission_id=row.submission_id)
    return [one for one in theirs if one.state in wanted]


def _composed(parcels: Iterable[Parcel]) -> Iterator[tuple[Parcel, Letter]]:
    for parcel in parcels:
        try:
            yield parcel, letter_compose.compose(parcel)
        except (Gone, Held):
            continue  # nobody should post a letter to a seat that is vacant by now


def _copies(
    parcels: Iterable[Parcel], row: Participation, personal: vault.Personal
) -> Iterator[Part]:
    page = letter_pages.of(row.page_key)
    if page is None:
        return
    parcels = list(parcels)
    targets = directory.targets([one.target for one in parcels])
    for parcel in parcels:
        gone = Target(key=parcel.target, name=parcel.target_name, role="")
        text = letter_compose.text_of(parcel, personal, page, targets.get(parcel.target, gone))
        yield Part(
            heading=_heading(parcel.target_name, parcel.organization),
            text=f"{text.subject}\n\n{text.body}",
        )


def _to_do(parcel: Parcel, letter: Letter, *, paper: bool, language: str) -> Part:
    url = opening.of(letter).url if parcel.channel == "form" else ""
    form = [Link(_("Open the official form"), url)] if url else []
    return Part(
        heading=_heading(letter.target_name, letter.organization),
        line=_what_to_do(parcel, paper=paper),
        text=f"{letter.subject}\n\n{letter.body}",
        links=(*form, *_report(parcel, language)),
    )


def _what_to_do(parcel: Parcel, *, paper: bool) -> str:
    if parcel.channel == "form":
        return _("Open the official form, copy the text below into it and send it there.")
    if paper:
        return _(
            "Print the attached PDF, sign it and post it. Folded in three, the address shows in a"
            " window envelope."
        )
    return _("Print or write out the text below, sign it and post it.")


def _report(parcel: Parcel, language: str) -> list[Link]:
    token = keys.make_token(parcel.key.bytes)
    links = pages.Links(page_key=parcel.page_key, language=language, token=token)
    try:
        return [Link(_("Tell us that you have sent it"), links.report)]
    except pages.NotPublished:
        return []


def _paper(letter: Letter) -> bytes:
    try:
        return letter_pdf(letter)
    except CannotDraw:
        return b""  # the text in the mail will do


def _heading(name: str, organization: str) -> str:
    return f"{name}, {organization}" if organization else name
