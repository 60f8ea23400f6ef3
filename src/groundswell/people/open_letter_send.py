"""An open letter on its way to those it is addressed to: one Parcel for each, once in a round.

A round is an organiser's word to send. It remembers the text, the first signatories and the number
of co-signers as of then. A form that comes twice names the same round, and nothing goes out twice;
another round is another word.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.base import clock, env
from groundswell.base.letter import Letter
from groundswell.campaigns import counters, letter_texts, reach, signatories
from groundswell.campaigns.models import OpenLetterPage, Organisation, TextRevision
from groundswell.campaigns.render_read import organisation_name
from groundswell.campaigns.render_read_letter import signed_texts
from groundswell.campaigns.signatories import FirstView
from groundswell.delivery import Gone, Held
from groundswell.delivery import services as delivery
from groundswell.delivery.channels import registry
from groundswell.delivery.models import Parcel
from groundswell.delivery.services import NewParcel
from groundswell.directory.targets import Target
from groundswell.people import audit, letter_compose, letter_pages, letter_routes, open_letter_text
from groundswell.people.models import LetterRound

GROUP: Final = "open_letter:"
WAYS: Final = {
    "auto": ("email", "print"),
    "email": ("email", "print"),
    "print": ("print",),
    "webhook": ("webhook",),
}


class NotYet(Exception):
    """The letter cannot be sent as things are. Says why, for an organiser."""


class Addressee(msgspec.Struct, frozen=True):
    """Somebody the letter is for, the way it would take, and when it was sent to them before."""

    target: Target
    channel: str
    sent: tuple[datetime, ...]


def addressees(*, page: OpenLetterPage, way: str = "auto") -> list[Addressee]:
    """Whom a letter is for, each with the ways it has taken."""
    sent: dict[str, list[datetime]] = {}
    for one in rounds(page_key=page.page_key):
        for key in one.targets:
            sent.setdefault(key, []).append(one.at)
    return [
        Addressee(target, _route(target, way).channel, tuple(sent.get(target.key, ())))
        for target in reach.chosen(page)
    ]


def rounds(*, page_key: UUID) -> list[LetterRound]:
    """Each time a letter was sent, the first one first."""
    return list(LetterRound.objects.filter(page_key=page_key).order_by("number"))


def next_round(*, page_key: UUID) -> int:
    """The number that the next word to send will have."""
    last = LetterRound.objects.filter(page_key=page_key).order_by("-number").first()
    return last.number + 1 if last else 1


def letter_page(page_key: UUID) -> OpenLetterPage | None:
    """The letter in the language it is sent in: the main one, or the first that is public."""
    live = OpenLetterPage.objects.live().filter(translation_key=page_key).select_related("locale")
    pages: dict[str, OpenLetterPage] = {page.language: page for page in live.order_by("pk")}
    wanted = (*env.load().language_codes, *pages)
    return next((pages[code] for code in wanted if code in pages), None)


@transaction.atomic
def send(
    *, page_key: UUID, number: int, targets: Collection[str], by: Any, way: str = "auto"
) -> int:
    """Send the letter to these of its addressees, in the round of this number; returns to how many
    it is newly on its way.

    The same number again sends nothing again. Raises NotYet.
    """
    page = letter_page(page_key)
    if page is None:
        raise NotYet(_("The letter is not public. Publish it first."))
    if way == "webhook" and not registry.is_on("webhook"):
        raise NotYet(_("This installation has no web address to send to."))
    if not 1 <= number <= next_round(page_key=page_key):
        raise NotYet(_("Somebody has sent it meanwhile. Look at what was sent, then decide."))
    chosen = [one.target for one in addressees(page=page, way=way) if one.target.key in targets]
    if not chosen:
        raise NotYet(_("Choose to whom the letter goes."))
    one, is_new = _round(page, number, [target.key for target in chosen], by)
    if not is_new:
        return 0
    made = delivery.make([_parcel(page, one, target, way) for target in chosen], by=one.by)
    detail = f"round {one.number} letters={made} cosigners={one.cosigners}"
    audit.record(by=by, action=audit.DELIVER, about=page_key.hex, detail=detail)
    return made


def compose(parcel: Parcel) -> Letter:
    """The letter of a parcel of an open letter. Raises Gone or Held."""
    one, text = _remembered(parcel)
    page = letter_page(parcel.page_key)
    if page is None:
        raise Held("the open letter is not public any more")
    target = letter_pages.target(parcel.target)
    if target is None:
        raise Held("the directory does not know them any more")
    reason = letter_routes.unfit(target, clock.now().date())
    reason = reason or letter_routes.unreachable(parcel.channel, target)
    if reason:
        raise Held(reason)
    return _letter(parcel, one, text, page, target)


def body(one: LetterRound, text: TextRevision, signers: Sequence[FirstView], url: str) -> str:
    """What the office reads: the letter, who signed it first, and how many with them."""
    stands = letter_texts.standing(page_key=one.page_key, revisions_then=one.revisions)
    parts = [open_letter_text.plain(text.html), *_dated(text, stands)]
    if signers:
        people = open_letter_text.people(signers, stands)
        parts.append(_("The first signatories:") + "\n\n" + people)
    if one.cosigners:
        parts.append(_with_them(one, text, stands))
    if url:
        parts.append(_("The letter and those who signed it: %(url)s") % {"url": url})
    return "\n\n".join(parts)


def signers_of(one: LetterRound) -> list[FirstView]:
    """The first signatories of a round who still stand by it, in the present order."""
    wanted = set(one.signers)
    return [view for view in signatories.first(one.page_key) if view.key in wanted]


def submission_id(one: LetterRound) -> UUID:
    """What names a round's parcels, as a submission names a supporter's."""
    raw = one.page_key.bytes + one.number.to_bytes(8)
    return UUID(bytes=blake2b(raw, digest_size=16, person=b"gw-open-letter").digest())


def is_ours(parcel: Parcel) -> bool:
    """Whether a parcel is an open letter's."""
    return parcel.group.startswith(GROUP)


# How it is done ----------------------------------------------------------------------------------


def _round(
    page: OpenLetterPage, number: int, targets: list[str], by: Any
) -> tuple[LetterRound, bool]:
    texts = letter_texts.current(page_key=page.page_key)
    totals = counters.all_totals().get(page.page_key)
    return LetterRound.objects.get_or_create(
        page_key=page.page_key,
        number=number,
        defaults={
            "at": clock.now(),
            "by": by.get_username()[:150],
            "cosigners": totals.confirmed if totals else 0,
            "texts": {letter_texts.mark(*key): n for key, n in signed_texts(page).items()},
            "revisions": {code: row.number for code, row in texts.items()},
            "signers": [one.key for one in signatories.first(page.page_key)],
            "targets": targets,
        },
    )


def _dated(text: TextRevision, stands: letter_texts.Standings) -> list[str]:
    """Which text it is, where there has been another."""
    if len([number for language, number in stands if language == text.language]) < 2:
        return []
    day = letter_compose.day(text.published_at.date(), text.language)
    return [_("Version %(n)s, published on %(day)s.") % {"n": text.number, "day": day}]


def _with_them(one: LetterRound, text: TextRevision, stands: letter_texts.Standings) -> str:
    """How many signed with the first, and which text, if not all signed this one."""
    said = {"number": one.cosigners, "day": letter_compose.day(one.at.date(), text.language)}
    words = ngettext(
        "%(number)d more person has signed this letter as of %(day)s and confirmed it by e-mail.",
        "%(number)d more people have signed this letter as of %(day)s, each confirmed by e-mail.",
        one.cosigners,
    )
    signed = {letter_texts.signed(mark): number for mark, number in one.texts.items()}
    return "\n".join(filter(None, (words % said, open_letter_text.counted(stands, signed))))


def _parcel(page: OpenLetterPage, one: LetterRound, target: Target, way: str) -> NewParcel:
    route = _route(target, way)
    contact = route.contact
    return NewParcel(
        submission_id=submission_id(one),
        campaign_key=UUID(str(page.campaign.translation_key)),
        page_key=page.page_key,
        target=target.key,
        target_name=target.name,
        organization=target.organization,
        channel=route.channel,
        language=page.language,
        group=f"{GROUP}{one.number}",
        address=contact.value if contact and route.channel == "email" else "",
        zone=contact.zone if contact else "",
        hours=contact.hours if contact else "",
        held=letter_routes.unfit(target, clock.now().date()),
    )


def _route(target: Target, way: str) -> letter_routes.Route:
    if way == "webhook":
        return letter_routes.Route("webhook")
    return letter_routes.choose(WAYS.get(way, WAYS["auto"]), target, {})


def _remembered(parcel: Parcel) -> tuple[LetterRound, TextRevision]:
    number = parcel.group.removeprefix(GROUP)
    one = LetterRound.objects.filter(page_key=parcel.page_key, number=number).first()
    text = TextRevision.objects.filter(
        page_key=parcel.page_key,
        language=parcel.language,
        number=(one.revisions if one else {}).get(parcel.language, 0),
    ).first()
    if one is None or text is None:
        raise Gone("withdrawn")
    return one, text


def _letter(
    parcel: Parcel, one: LetterRound, text: TextRevision, page: OpenLetterPage, target: Target
) -> Letter:
    organisation: Any = Organisation.load()
    name = organisation_name()
    with translation.override(parcel.language):
        words = body(one, text, signers_of(one), page.public_url)
    return Letter(
        key=parcel.key,
        campaign_key=parcel.campaign_key,
        page_key=parcel.page_key,
        language=parcel.language,
        subject=" ".join(text.title.split()),
        body=words,
        sender_name=name,
        street=", ".join(organisation.address.split("\n")).replace("\r", ""),
        # Where the operator reads what comes back, answers come to the desk.
        email=organisation.email,
        reply_to=bool(organisation.email) and not env.load().letters_inbox,
        **_target(target),
        campaign_title=page.campaign.title,
        campaign_url=page.public_url,
        campaign_id=parcel.campaign_key.hex,
        organisation_name=name,
        sent_on=letter_compose.day(clock.now().date(), parcel.language),
    )


def _target(target: Target) -> dict[str, Any]:
    return dict(_said(target))


def _said(target: Target) -> Iterator[tuple[str, str]]:
    yield "target", target.key
    yield "target_name", target.name
    yield "role", target.role
    yield "organization", target.organization
    for name, kind in (("address", "email"), ("post", "address"), ("form", "form")):
        contact = target.contact(kind)
        if contact:
            yield name, contact.value
