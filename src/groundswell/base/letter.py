"""A letter to one decision maker, ready for a channel: what people.letters makes of a Parcel.

It lives for the moment of sending and is never stored: it is all personal data.
"""

from uuid import UUID

import msgspec


class Signatory(msgspec.Struct, frozen=True):
    """One of those who sent the same letter. `email` is empty unless they consented to answers."""

    name: str
    city: str = ""
    region: str = ""
    postcode: str = ""
    email: str = ""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent, by whom, to whom.

    `key` names the parcel, the same at each try. `email` is the sender's; `reply_to` says that the
    decision maker may have it. `own_words` is the share of the text that is the sender's own, 0 to
    1. `address` is the official e-mail address, `post` the postal one in lines, `form` the web
    form's. `statement` is the organiser's text as the sender found it, for channels that keep the
    sender's own words apart. `cwc_office` is Congress's code of the office. `together` are all who
    sent this very text, when it goes out once for them all; the letter is then the first one's.
    """

    key: UUID
    campaign_key: UUID
    page_key: UUID
    language: str
    subject: str
    body: str
    own_words: float = 0.0
    statement: str = ""

    prefix: str = ""
    given_name: str = ""
    family_name: str = ""
    sender_name: str = ""
    email: str = ""
    reply_to: bool = False
    phone: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""

    target: str
    target_name: str
    role: str = ""
    organization: str = ""
    salutation: str = ""
    address: str = ""
    post: str = ""
    form: str = ""
    cwc_office: str = ""
    division: str = ""

    campaign_title: str = ""
    campaign_url: str = ""
    campaign_id: str = ""
    organisation_name: str = ""
    topics: tuple[str, ...] = ()
    sent_on: str = ""
    together: tuple[Signatory, ...] = ()
