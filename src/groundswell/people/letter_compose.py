"""A Parcel becomes a letter at the moment it is sent: the vault is opened, the marks are replaced.

What has changed since it was confirmed is heeded here: a sender who has left, a seat that has
become vacant, a decision maker who no longer represents where the sender lives.
"""

import re
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from groundswell.base import clock, env
from groundswell.base.letter import Letter
from groundswell.base.line import one_line
from groundswell.base.sealing import CannotOpen
from groundswell.delivery import Gone, Held
from groundswell.delivery.models import Parcel
from groundswell.directory import queries as directory
from groundswell.directory.targets import Target
from groundswell.kinds.letter.marks import merged
from groundswell.people import letter_pages, letter_routes, letter_text, letters, vault
from groundswell.people.models import Consent, Participation

REPLY_TO: Final = "reply_to"
State = Participation.State


class Text(msgspec.Struct, frozen=True):
    """What one letter says, how it greets, and how much of it is the sender's own.

    `statement` is what the organiser had written for them.
    """

    subject: str
    body: str
    salutation: str
    own_words: float
    statement: str


def compose(parcel: Parcel) -> Letter:
    """The letter of a parcel, for a channel to send.

    Raises Gone when its sender has withdrawn it or was erased, Held when it must not leave as
    things are now.
    """
    # Here, because an open letter is written with what is below.
    from groundswell.people import open_letter_send  # noqa: PLC0415

    if open_letter_send.is_ours(parcel):
        return open_letter_send.compose(parcel)
    row, personal = _sender(parcel.submission_id)
    page = letter_pages.of(parcel.page_key)
    if page is None:
        raise Held("the page is gone")
    target = letter_pages.target(parcel.target)
    if target is None:
        raise Held("the directory does not know them any more")
    _check(parcel, page, personal, target)
    return _letter(parcel, row, personal, page, target)


def text_of(
    parcel: Parcel, personal: vault.Personal, page: letter_pages.Pages, target: Target
) -> Text:
    """What a letter says, in the words of its sender, with every mark replaced."""
    words = page.in_language(parcel.language)
    text = next((one for one in page.texts if one.group == parcel.group), None)
    text = text or letter_pages.Text(
        parcel.group, f"_{parcel.group}" if parcel.group else "", (), ()
    )
    subject, body = letters.wrote(text, personal)
    draft = words.drafts.get(parcel.group) or letter_pages.Draft("", "")
    hello = salutation(target, parcel.language)
    values = {
        **letters.personal_values(personal),
        "salutation": hello,
        "target": target.name,
        "role": target.role,
    }
    points = letters.ticked(words, personal)
    return Text(
        subject=one_line(merged(subject, values | {"points": ""})),
        body=letter_text.body(body, values, points=points),
        salutation=hello,
        own_words=letter_text.own_share(body, draft.body),
        statement=letter_text.body(draft.body, values, points=points),
    )


def salutation(target: Target, language: str) -> str:
    """How the letter greets: as the directory says, or in words that fit everybody."""
    if target.salutation:
        return target.salutation
    with translation.override(_known(language)):
        return _("Dear %(name)s") % {"name": target.name}


def _sender(submission_id: UUID) -> tuple[Participation, vault.Personal]:
    row = Participation.objects.filter(submission_id=submission_id).first()
    if row is None or row.state == State.ERASED:
        raise Gone("erased")
    if row.state != State.CONFIRMED:
        raise Gone("withdrawn")
    try:
        return row, vault.open_row(row)
    except vault.Gone as error:
        raise Gone("erased") from error
    except CannotOpen as error:
        raise Held("what was written cannot be opened with the keys that are here") from error


def _check(
    parcel: Parcel, page: letter_pages.Pages, personal: vault.Personal, target: Target
) -> None:
    reason = letter_routes.unfit(target, clock.now().date())
    reason = reason or letter_routes.unreachable(parcel.channel, target)
    if reason:
        raise Held(reason)
    division = personal.get("division")
    if parcel.target in page.targets or not division or not target.division:
        return
    if target.division not in directory.above(division):
        raise Held("does not represent where the sender lives any more")


def _letter(
    parcel: Parcel,
    row: Participation,
    personal: vault.Personal,
    page: letter_pages.Pages,
    target: Target,
) -> Letter:
    words = page.in_language(parcel.language)
    text = text_of(parcel, personal, page, target)
    return Letter(
        key=parcel.key,
        campaign_key=parcel.campaign_key,
        page_key=parcel.page_key,
        language=parcel.language,
        subject=text.subject,
        body=text.body,
        own_words=text.own_words,
        statement=text.statement,
        sender_name=one_line(personal.name),
        **_sender_fields(personal),
        country=row.country or _lives_in(personal),
        reply_to=_may_be_answered(row),
        target=target.key,
        target_name=target.name,
        role=target.role,
        organization=target.organization,
        salutation=text.salutation,
        **_contacts(target),
        division=personal.get("division"),
        campaign_title=words.campaign_title,
        campaign_url=words.campaign_url,
        campaign_id=page.campaign_key.hex,
        organisation_name=page.organisation,
        topics=page.topics,
        sent_on=day(clock.now().date(), parcel.language),
    )


_SENDER = (
    "prefix", "given_name", "family_name", "email", "phone", "street", "city", "region", "postcode"
)  # fmt: skip


def day(moment: date, language: str) -> str:
    """A day as letters of that language write it."""
    with translation.override(_known(language)):
        return date_format(moment, "DATE_FORMAT")


def _sender_fields(personal: vault.Personal) -> dict[str, Any]:
    return {name: one_line(personal.get(name)) for name in _SENDER}


def _contacts(target: Target) -> dict[str, Any]:
    wanted = {"address": "email", "post": "address", "form": "form", "cwc_office": "cwc"}
    found = {name: target.contact(kind) for name, kind in wanted.items()}
    return {name: contact.value for name, contact in found.items() if contact}


def _lives_in(personal: vault.Personal) -> str:
    """The country of the division they chose: a page for one country need not ask for it."""
    found = re.match(r"ocd-division/country:([a-z]{2})\b", personal.get("division"))
    return found[1].upper() if found else ""


def _may_be_answered(row: Participation) -> bool:
    given = Consent.objects.filter(participation=row, purpose=REPLY_TO, withdrawn_at=None)
    return given.exists()


def _known(language: str) -> str:
    codes = env.load().language_codes
    return language if language in codes else codes[0]
