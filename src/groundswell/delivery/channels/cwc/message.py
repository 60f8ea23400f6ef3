"""A message to Congress, field by field, and how a Letter becomes one.

The order of the elements and what they are called is in ELEMENTS, once; the writer and the reader
both go by it.
"""

import re
from typing import Final

import msgspec

from groundswell.base import clock, env
from groundswell.base.letter import Letter
from groundswell.delivery import closing
from groundswell.delivery.channels.cwc import text

VERSION: Final = "2.0"
_CONTACT: Final = re.compile(r"(?P<name>.+) <(?P<email>.+)> (?P<phone>\S+)")


class Contact(msgspec.Struct, frozen=True):
    """Whom to ask."""

    name: str
    email: str
    phone: str


class Bill(msgspec.Struct, frozen=True):
    """A bill the message is about: the Congress's number, the kind, its number."""

    congress: str
    kind: str
    number: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """All a CWC message can say. What is empty is left out of it."""

    delivery_id: str
    delivery_date: str
    agent: str
    agent_ack_email: str
    agent_contact: Contact
    organization: str = ""
    organization_contact: Contact | None = None
    organization_about: str = ""
    campaign_id: str

    member_office: str
    response_requested: str = ""
    newsletter_opt_in: str = ""

    prefix: str
    first_name: str
    middle_name: str = ""
    last_name: str
    suffix: str = ""
    title: str = ""
    constituent_organization: str = ""
    address1: str
    address2: str = ""
    city: str
    state: str
    zip: str
    phone: str = ""
    address_validation: str = ""
    email: str
    email_validation: str = ""

    subject: str
    topics: tuple[str, ...]
    bills: tuple[Bill, ...] = ()
    pro_or_con: str = ""
    more_info: str = ""
    statement: str = ""
    message: str = ""


class Made(msgspec.Struct, frozen=True):
    """A message and what of the letter is not in it, in words."""

    message: Message
    notes: tuple[str, ...] = ()


# Section, element, the Message's field. A contact's, the topics' and the bills' own are in writer.
ELEMENTS: Final = (
    ("Delivery", "DeliveryId", "delivery_id"),
    ("Delivery", "DeliveryDate", "delivery_date"),
    ("Delivery", "DeliveryAgent", "agent"),
    ("Delivery", "DeliveryAgentAckEmailAddress", "agent_ack_email"),
    ("Delivery", "DeliveryAgentContact", "agent_contact"),
    ("Delivery", "Organization", "organization"),
    ("Delivery", "OrganizationContact", "organization_contact"),
    ("Delivery", "OrganizationAbout", "organization_about"),
    ("Delivery", "CampaignId", "campaign_id"),
    ("Recipient", "MemberOffice", "member_office"),
    ("Recipient", "IsResponseRequested", "response_requested"),
    ("Recipient", "NewsletterOptIn", "newsletter_opt_in"),
    ("Constituent", "Prefix", "prefix"),
    ("Constituent", "FirstName", "first_name"),
    ("Constituent", "MiddleName", "middle_name"),
    ("Constituent", "LastName", "last_name"),
    ("Constituent", "Suffix", "suffix"),
    ("Constituent", "Title", "title"),
    ("Constituent", "ConstituentOrganization", "constituent_organization"),
    ("Constituent", "Address1", "address1"),
    ("Constituent", "Address2", "address2"),
    ("Constituent", "City", "city"),
    ("Constituent", "StateAbbreviation", "state"),
    ("Constituent", "Zip", "zip"),
    ("Constituent", "Phone", "phone"),
    ("Constituent", "AddressValidation", "address_validation"),
    ("Constituent", "Email", "email"),
    ("Constituent", "EmailValidation", "email_validation"),
    ("Message", "Subject", "subject"),
    ("Message", "LibraryOfCongressTopics", "topics"),
    ("Message", "Bills", "bills"),
    ("Message", "ProOrCon", "pro_or_con"),
    ("Message", "MoreInfo", "more_info"),
    ("Message", "OrganizationStatement", "statement"),
    ("Message", "ConstituentMessage", "message"),
)
NAMES: Final = {field: element for _section, element, field in ELEMENTS}


def of(letter: Letter) -> Made:
    """The letter as a message, and in words what was left out of it. Nothing is made up or cut."""
    settings = env.load()
    body, repeated = closing.split(letter)
    statement, own = text.apart(body, letter.statement, letter.own_words)
    message = Message(
        delivery_id=letter.key.hex,
        delivery_date=f"{clock.now():%Y%m%d}",
        agent=settings.cwc_agent or settings.site_name,
        agent_contact=(contact := _contact(settings.cwc_contact)),
        agent_ack_email=contact.email,
        organization=letter.organisation_name,
        campaign_id=letter.campaign_id or letter.campaign_key.hex,
        member_office=letter.cwc_office,
        response_requested="Y" if letter.reply_to else "N",
        prefix=letter.prefix,
        first_name=letter.given_name,
        last_name=letter.family_name,
        address1=letter.street,
        city=letter.city,
        state=letter.region,
        zip=_zip(letter.postcode),
        phone=_phone(letter.phone),
        email=letter.email,
        subject=letter.subject,
        topics=letter.topics,
        more_info=letter.campaign_url,
        statement=statement,
        message=own,
    )
    message, removed = text.cleaned(message)
    return Made(message, tuple(_notes(letter, message, repeated, removed)))


def _notes(letter: Letter, message: Message, repeated: list[str], removed: int) -> list[str]:
    said = []
    if repeated:
        said.append(f"{len(repeated)} closing lines left out: name and address are fields")
    if removed:
        said.append(f"{removed} control characters left out: XML has none")
    if letter.phone and not message.phone:
        said.append("phone left out: not a number of the United States")
    return said


def _contact(setting: str) -> Contact:
    found = _CONTACT.fullmatch(setting)
    return Contact(**found.groupdict()) if found else Contact("", "", "")


def _zip(postcode: str) -> str:
    digits = re.sub(r"[\s-]", "", postcode)
    return f"{digits[:5]}-{digits[5:]}" if re.fullmatch(r"\d{9}", digits) else digits


def _phone(number: str) -> str:
    """As Congress writes it; it takes no other country's, and the letter goes without."""
    digits = re.sub(r"\D", "", number)
    found = re.fullmatch(r"1?([2-9]\d\d)([2-9]\d\d)(\d{4})", digits)
    return "-".join(found.groups()) if found else ""
