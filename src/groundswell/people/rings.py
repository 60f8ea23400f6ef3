"""Supporters who want to be rung: from the form to a call that delivery may make, and what it was.

Their number is sealed for delivery, which cannot open it, and gone as soon as it is dialled. No
Participation is made: whoever wants the call to count notes it on the page, as all others do.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

import msgspec
import phonenumbers
from django.utils import translation
from django.utils.translation import gettext
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from groundswell.base import clock, env, sealing, tickets, wire
from groundswell.base.line import one_line
from groundswell.campaigns import queries, reach
from groundswell.campaigns.models import CallPage, Organisation
from groundswell.campaigns.render_read import organisation_name
from groundswell.campaigns.ringing import PURPOSE
from groundswell.delivery import bridges
from groundswell.delivery.models_bridge import Bridge
from groundswell.delivery.ringing import CannotDial, Dialled
from groundswell.directory import queries as directory
from groundswell.directory.targets import Target
from groundswell.people import calls, keys, pages

LASTS: Final = timedelta(hours=3)
# What Twilio's word for a call to a decision maker is in our sums, beside what callers report.
OUTCOMES: Final = {
    "completed": "connected",
    "answered": "connected",
    "busy": "bridge_busy",
    "no-answer": "bridge_no_answer",
    "failed": "bridge_failed",
    "canceled": "bridge_failed",
}
# Neither a premium line that pays whoever typed it in, nor a number that everybody shares.
_TYPES: Final = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.PERSONAL_NUMBER,
    }
)
_PUBLIC: Final = _TYPES | {PhoneNumberType.TOLL_FREE, PhoneNumberType.UAN}


class Asked(msgspec.Struct, frozen=True):
    """A `ring` submission; the number is in it only sealed, and as its indexes."""

    submission: wire.Submission
    key: UUID
    country: str
    known_as: tuple[bytes, ...]
    sealed: bytes


Told = bridges.Told


def read(submission: wire.Submission, *, data: keys.DataKeys) -> Asked:
    """The wish in a submission. A number that cannot be rung has no country."""
    page = _page(UUID(hex=submission.page))
    home = (page.lookup_country or Organisation.load().country) if page else ""
    number, country = number_of(submission.fields.get("phone", ""), home=home)
    key = uuid4()
    kept = {name: value for name, value in submission.fields.items() if name != "phone"}
    return Asked(
        submission=msgspec.structs.replace(submission, fields=kept),
        key=key,
        country=country,
        known_as=tuple(sealing.blind_index(one, f"phone {number}") for one in data.indexes),
        sealed=data.cipher.seal(number.encode(), context=key.bytes),
    )


def read_told(submission: wire.Submission) -> Told:
    """What Twilio told the voice. Raises ValueError for what the voice cannot have written."""
    fields = submission.fields
    return Told(
        key=UUID(hex=fields.get("bridge", "")),
        step=fields.get("step", "")[:16],
        target=fields.get("target", ""),
        status=fields.get("status", "")[:16],
        seconds=int(fields.get("seconds", "0")),
        at=clock.from_ms(submission.at),
    )


def want(asked: Asked) -> None:
    """Queue the call, or note why there is none. Inside the drain's transaction."""
    submission = asked.submission
    page_key = UUID(hex=submission.page)
    page = _page(page_key)
    found = _callees(page, submission.fields.get("division", "")) if page else ()
    bridges.want(
        bridges.Wish(
            key=asked.key,
            submission_id=UUID(bytes=submission.id),
            campaign_key=page.campaign.translation_key if page else page_key,
            page_key=page_key,
            language=submission.lang,
            country=asked.country,
            known_as=asked.known_as,
            sealed=asked.sealed,
            targets=tuple((one.key, one.name, one.number) for one in found),
            purpose=PURPOSE,
            version=submission.consents.get(PURPOSE, "")[:32],
            at=clock.from_ms(submission.at),
            refused=_refused(asked, page, found),
        )
    )


def hear(told: Told) -> None:
    """Note what Twilio told, and add a call to a decision maker to the sums, once."""
    row = bridges.told(told)
    outcome = OUTCOMES.get(told.status)
    if row is not None and told.target and outcome:
        calls.bridged(page_key=row.page_key, target=told.target, outcome=outcome, at=told.at)


def compose(row: Bridge) -> Dialled:
    """The number to ring and the call's ticket. Raises CannotDial."""
    try:
        number = keys.data_keys().cipher.open(bytes(row.sealed), context=row.key.bytes).decode()
    except sealing.CannotOpen:
        raise CannotDial("the number cannot be opened any more") from None
    settings = env.load()
    ticket = tickets.Ticket(
        bridge=row.key.bytes,
        until=clock.to_ms(clock.now() + LASTS),
        page=row.page_key.hex,
        lang=row.language,
        number=settings.twilio_number,
        said=_said(row),
        callees=tuple(tickets.Callee(*target) for target in row.targets),
    )
    try:
        return Dialled(number, tickets.sign(ticket, secret=settings.twilio_auth_token))
    except ValueError as error:
        raise CannotDial(str(error)) from None


def number_of(text: str, *, home: str = "") -> tuple[str, str]:
    """A supporter's number in E.164 and its country; both are empty for one that is none.

    Without a country code, it is a number of the country `home`.
    """
    try:
        number = phonenumbers.parse(text, home.upper() or None)
    except phonenumbers.NumberParseException:
        return "", ""
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _TYPES:
        return "", ""
    country = phonenumbers.region_code_for_number(number) or ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164), country


def _refused(asked: Asked, page: CallPage | None, found: tuple[tickets.Callee, ...]) -> str:
    settings = env.load()
    if page is None or not (page.offer_ring and settings.offers_ring):
        return "the page does not offer it"
    if PURPOSE not in asked.submission.consents:
        return "no consent was given"
    if asked.country not in settings.twilio_countries.split():
        return "no telephone that we may ring"
    return "" if found else "nobody is known there who has a telephone"


def _page(page_key: UUID) -> CallPage | None:
    pages_found = [page.specific for page in queries.action_pages(page_key=page_key)]
    live = [page for page in pages_found if page.live and isinstance(page, CallPage)]
    return live[0] if live else None


def _callees(page: CallPage, division: str) -> tuple[tickets.Callee, ...]:
    found = [_callee(target) for target in _targets(page, division)]
    return tuple(one for one in found if one)[: tickets.MAX_CALLEES]


def _targets(page: CallPage, division: str) -> list[Target]:
    """The supporter's own representatives first, then the page's; no vacant seat."""
    own = directory.representatives(division, page.own) if division and page.own else []
    found = {target.key: target for target in [*own, *reach.chosen(page)]}
    return [target for target in found.values() if not target.vacant]


def _callee(target: Target) -> tickets.Callee | None:
    contact = target.contact("voice")
    if contact is None or contact.standing != "good":
        return None
    try:
        number = phonenumbers.parse(contact.value, target.country.upper() or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    if phonenumbers.number_type(number) not in _PUBLIC:
        return None
    dialled = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return tickets.Callee(target.key, target.name[:100], dialled)


def _said(row: Bridge) -> tickets.Said:
    codes = env.load().language_codes
    language = row.language if row.language in codes else codes[0]
    names = {
        "site": one_line(organisation_name())[:100],
        "title": one_line(pages.title(page_key=row.page_key, language=language))[:150],
    }
    with translation.override(language):
        return tickets.Said(
            greeting=gettext(
                "Hello, this is %(site)s. You asked us to ring you for: %(title)s. Press 1 and we "
                "connect you."
            )
            % names,
            again=gettext("We have not heard a key. Press 1 and we connect you."),
            connecting=gettext(
                "We connect you with {name}. The star key ends that call and goes on."
            ),
            goodbye=gettext("That was all. Thank you, and goodbye."),
        )
