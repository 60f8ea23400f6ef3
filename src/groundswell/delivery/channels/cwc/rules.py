"""What Congress takes, as far as it can be known before asking. A table: element, check, words.

The rules are our own wording of what is publicly known of CWC 2.0; both chambers get a message that
satisfies the stricter one.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from groundswell.base.congress import PREFIXES, TOPICS, US_STATES
from groundswell.delivery import closing
from groundswell.delivery.channels.cwc import text
from groundswell.delivery.channels.cwc.message import NAMES, Contact, Message

BILL_TYPES: Final = (
    "H.R.",
    "H.Res.",
    "H.J.Res.",
    "H.Con.Res",
    "H.Amdt.",
    "S.",
    "S.Res.",
    "S.J.Res.",
    "S.Con.Res.",
    "S.Amdt.",
)
_DISTRICT: Final = re.compile(
    r"ocd-division/country:us/(?:state|district|territory):([a-z]{2})(?:/cd:([\w-]+))?"
)


class Broken(NamedTuple):
    """An element they would refuse, and what it should be. Never what it is: that is personal."""

    element: str
    words: str

    def __str__(self) -> str:
        return f"{self.element} {self.words}"


class Rule(NamedTuple):
    """`holds` of the whole message; `field` is the one to put right."""

    field: str
    holds: Callable[[Message], object]
    words: str


def check(message: Message, *, division: str = "") -> list[Broken]:
    """Every rule the message breaks. `division` is where its sender lives, if that is known."""
    return list(_broken(message, division))


def _broken(message: Message, division: str) -> Iterator[Broken]:
    for rule in RULES:
        if not rule.holds(message):
            yield Broken(NAMES[rule.field], rule.words)
    if division and not _is_theirs(message.member_office, division):
        yield Broken("MemberOffice", "is not the office of the sender's district")


def _matches(field: str, pattern: str) -> Callable[[Message], object]:
    compiled = re.compile(pattern)
    return lambda message: compiled.fullmatch(getattr(message, field))


def _length(field: str, least: int, most: int) -> Callable[[Message], bool]:
    return lambda message: least <= len(getattr(message, field).strip()) <= most


def _if_given(field: str, rule: Callable[[Message], object]) -> Callable[[Message], object]:
    return lambda message: not getattr(message, field) or rule(message)


def _is_date(message: Message) -> bool:
    try:
        return bool(datetime.strptime(message.delivery_date, "%Y%m%d"))  # noqa: DTZ007  no time in it
    except ValueError:
        return False


def _is_contact(contact: Contact | None) -> bool:
    return contact is None or bool(
        len(contact.name.strip()) >= 6
        and re.fullmatch(_EMAIL, contact.email)
        and re.fullmatch(_PHONE, contact.phone)
    )


def _are_bills(message: Message) -> bool:
    return all(
        bill.congress.isdigit() and bill.kind in BILL_TYPES and bill.number.isdigit()
        for bill in message.bills
    )


def _says_only_itself(message: Message) -> bool:
    known = (
        f"{message.first_name} {message.last_name}",
        message.first_name,
        message.last_name,
        message.address1,
        message.city,
        message.state,
        message.zip,
        message.email,
        message.phone,
        message.prefix,
    )
    lines = f"{message.statement}\n{message.message}".splitlines()
    return not any(closing.repeats(line, known) for line in lines)


def _is_theirs(office: str, division: str) -> bool:
    found = _DISTRICT.match(division)
    if found is None or office[1:3].lower() != found[1]:
        return False
    if office[:1] == "S" or found[2] is None:
        return True  # a state alone says nothing of the district in it
    return office[3:] == ("00" if found[2] == "at-large" else found[2].zfill(2))


_EMAIL: Final = r"[^@\s]+@[^@\s]+\.[^@\s.]+"
_PHONE: Final = r"\d{3}-\d{3}-\d{4}"
_TEXT: Final = "needs 6 to 10,000 characters"
RULES: Final = (
    Rule("delivery_id", _matches("delivery_id", "[a-zA-Z0-9]{32}"), "needs 32 letters and digits"),
    Rule("delivery_date", _matches("delivery_date", r"\d{8}"), "needs a day as YYYYMMDD"),
    Rule("delivery_date", _is_date, "needs a day that there is"),
    Rule("agent", _length("agent", 1, 500), "is missing"),
    Rule("agent_ack_email", _matches("agent_ack_email", _EMAIL), "needs an e-mail address"),
    Rule(
        "agent_contact",
        lambda message: _is_contact(message.agent_contact),
        "needs a name of 6 characters or more, an e-mail address and a number as 202-555-0123",
    ),
    Rule(
        "organization_contact",
        lambda message: _is_contact(message.organization_contact),
        "needs a name of 6 characters or more, an e-mail address and a number as 202-555-0123",
    ),
    Rule(
        "organization_about",
        _if_given("organization_about", _length("organization_about", 6, 500)),
        "needs 6 to 500 characters",
    ),
    Rule("campaign_id", _length("campaign_id", 1, 500), "is missing"),
    Rule(
        "member_office",
        _matches("member_office", r"H[A-Z]{2}\d{2}|S[A-Z]{2}0[1-3]"),
        "needs an office such as HCA11 or SCA01",
    ),
    Rule(
        "member_office",
        lambda message: message.member_office[1:3] == message.state,
        "is an office of another state than the sender's",
    ),
    Rule("response_requested", _matches("response_requested", "[YN]?"), "needs Y or N"),
    Rule("newsletter_opt_in", _matches("newsletter_opt_in", "[YN]?"), "needs Y or N"),
    Rule(
        "prefix",
        lambda message: message.prefix in PREFIXES,
        "needs Mr., Mrs., Miss, Ms. or Dr. as the sender has chosen, never guessed",
    ),
    Rule("first_name", _length("first_name", 1, 500), "is missing"),
    Rule("last_name", _length("last_name", 1, 500), "is missing"),
    Rule("address1", _length("address1", 3, 500), "needs 3 characters or more"),
    Rule("city", _length("city", 3, 500), "needs 3 characters or more"),
    Rule(
        "state",
        lambda message: message.state in US_STATES,
        "needs the two letters of a state, DC or a territory",
    ),
    Rule("zip", _matches("zip", r"\d{5}(-\d{4})?"), "needs a ZIP code as 62701 or 62701-1234"),
    Rule("phone", _if_given("phone", _matches("phone", _PHONE)), "needs a number as 202-555-0123"),
    Rule("email", _matches("email", _EMAIL), "needs an e-mail address"),
    Rule("subject", _length("subject", 6, 500), "needs 6 to 500 characters"),
    Rule("topics", lambda message: message.topics, "needs one topic or more"),
    Rule("topics", lambda message: set(message.topics) <= set(TOPICS), "has an unknown topic"),
    Rule("bills", _are_bills, "needs a Congress, a kind such as H.R. and a number for each"),
    Rule("pro_or_con", _matches("pro_or_con", "(Pro|Con)?"), "needs Pro or Con"),
    Rule("statement", _if_given("statement", _length("statement", 6, 10_000)), _TEXT),
    Rule("message", _if_given("message", _length("message", 6, 10_000)), _TEXT),
    Rule("message", lambda message: message.statement or message.message, "is missing"),
    Rule("message", _says_only_itself, "has a line that only repeats the sender's name or address"),
    Rule(
        "message",
        lambda message: text.cleaned(message)[1] == 0,
        "and every other text must be free of control characters",
    ),
)
