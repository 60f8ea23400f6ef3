"""Each rule sees its own fault, names the element, and the schema sees what it can, too."""

from typing import Any

import msgspec
import pytest

from groundswell.base.congress import PREFIXES, TOPICS, US_STATES
from groundswell.delivery.channels.cwc import rules, sample, text, writer
from groundswell.delivery.channels.cwc.message import ELEMENTS, NAMES, Bill, Contact, Message
from groundswell.delivery.channels.cwc.tests import gateway_server

FULL = sample.MESSAGE
HERE = "ocd-division/country:us/state:il/cd:13"
# Rule's field, what is broken, and whether the schema can see it.
MUTATIONS: list[tuple[str, dict[str, Any], bool]] = [
    ("delivery_id", {"delivery_id": "a" * 31}, True),
    ("delivery_id", {"delivery_id": "a" * 31 + "-"}, True),
    ("delivery_id", {"delivery_id": "a" * 32 + "\n"}, True),
    ("delivery_date", {"delivery_date": "2026-11-22"}, True),
    ("delivery_date", {"delivery_date": "20261322"}, True),
    ("delivery_date", {"delivery_date": "20260231"}, False),
    ("agent", {"agent": ""}, True),
    ("agent_ack_email", {"agent_ack_email": "acks at example.org"}, True),
    (
        "agent_contact",
        {"agent_contact": Contact("Robin", "robin@example.org", "202-555-0123")},
        True,
    ),
    ("agent_contact", {"agent_contact": Contact("Robin Example", "", "202-555-0123")}, True),
    (
        "agent_contact",
        {"agent_contact": Contact("Robin Example", "r@example.org", "2025550123")},
        True,
    ),
    ("organization_contact", {"organization_contact": Contact("Robin", "r@e.org", "1")}, True),
    ("organization_about", {"organization_about": "We"}, True),
    ("organization_about", {"organization_about": "w" * 501}, True),
    ("campaign_id", {"campaign_id": ""}, True),
    ("member_office", {"member_office": "HIL1"}, True),
    ("member_office", {"member_office": "SIL04"}, True),
    ("member_office", {"member_office": "sil01"}, True),
    ("member_office", {"member_office": "HCA11"}, False),
    ("response_requested", {"response_requested": "yes"}, True),
    ("newsletter_opt_in", {"newsletter_opt_in": "maybe"}, True),
    ("prefix", {"prefix": ""}, True),
    ("prefix", {"prefix": "Mx."}, True),
    ("prefix", {"prefix": "Mr"}, True),
    ("first_name", {"first_name": ""}, True),
    ("first_name", {"first_name": "  "}, False),
    ("last_name", {"last_name": ""}, True),
    ("address1", {"address1": "12"}, True),
    ("city", {"city": "X"}, True),
    ("state", {"state": "XX", "member_office": "HXX01"}, True),
    ("zip", {"zip": "6270"}, True),
    ("zip", {"zip": "627011234"}, True),
    ("phone", {"phone": "(217) 555-0123"}, True),
    ("email", {"email": "alex"}, True),
    ("email", {"email": ""}, True),
    ("subject", {"subject": "Rivers"[:5]}, True),
    ("subject", {"subject": "r" * 501}, True),
    ("topics", {"topics": ()}, True),
    ("topics", {"topics": ("Rivers",)}, True),
    ("bills", {"bills": (Bill("119", "HR", "1"),)}, True),
    ("bills", {"bills": (Bill("119", "H.R.", "one"),)}, True),
    ("bills", {"bills": (Bill("", "H.R.", "1"),)}, True),
    ("pro_or_con", {"pro_or_con": "For"}, True),
    ("statement", {"statement": "short"}, True),
    ("statement", {"statement": "s" * 10_001}, True),
    ("message", {"message": "short"}, True),
    ("message", {"message": "m" * 10_001}, True),
    ("message", {"message": "", "statement": ""}, True),
    ("message", {"message": "Please act.\nAlex Sample\n"}, False),
    ("message", {"statement": "Please act.\n12 Elm Street, Springfield IL 62701-1234"}, False),
]


def test_it_takes_a_message_that_says_everything() -> None:
    assert rules.check(FULL, division=HERE) == []
    assert gateway_server.faults(writer.write(FULL)) == []
    # All of the reference's elements are in it, or the test above would be blind to some.
    said = writer.write(FULL).decode()
    assert all(f"<{element}>" in said for _section, element, _field in ELEMENTS)


def test_it_takes_a_message_that_says_the_least() -> None:
    empty = {
        field.name: field.default
        for field in msgspec.structs.fields(Message)
        if field.default is not msgspec.NODEFAULT
    }
    least = msgspec.structs.replace(FULL, **(empty | {"message": "Please vote yes."}))
    assert rules.check(least) == []
    assert gateway_server.faults(writer.write(least)) == []


@pytest.mark.parametrize(("field", "change", "schema_sees"), MUTATIONS)
def test_it_refuses_each_fault(field: str, change: dict[str, Any], schema_sees: bool) -> None:
    broken = msgspec.structs.replace(FULL, **change)
    found = rules.check(broken)
    assert {one.element for one in found} == {NAMES[field]}
    assert bool(gateway_server.faults(writer.write(broken))) == schema_sees
    for one in found:
        values = [str(value) for value in change.values() if len(str(value)) > 6]
        assert all(value not in one.words for value in values)


def test_it_breaks_every_rule_once() -> None:
    untested = set(rules.RULES)
    for _field, change, _sees in MUTATIONS:
        broken = msgspec.structs.replace(FULL, **change)
        untested -= {rule for rule in rules.RULES if not rule.holds(broken)}
    control = msgspec.structs.replace(FULL, message="Please \x07 act.")
    untested -= {rule for rule in rules.RULES if not rule.holds(control)}
    assert not untested


def test_it_refuses_what_xml_cannot_hold() -> None:
    broken = msgspec.structs.replace(FULL, subject="Please\x00act now")
    assert [one.element for one in rules.check(broken)] == ["ConstituentMessage"]
    cleaned, removed = text.cleaned(broken)
    assert removed == 1
    assert gateway_server.faults(writer.write(cleaned)) == []


@pytest.mark.parametrize(
    ("office", "division", "fits"),
    [
        ("HIL13", HERE, True),
        ("HIL12", HERE, False),
        ("HCA13", HERE, False),
        ("SIL02", HERE, True),
        ("SCA02", HERE, False),
        ("HAK00", "ocd-division/country:us/state:ak/cd:at-large", True),
        ("HAK00", "ocd-division/country:us/state:ak", True),
        ("HAK01", "ocd-division/country:us/state:ak/cd:at-large", False),
        ("HCA05", "ocd-division/country:us/state:ca/cd:5", True),
        ("HDC00", "ocd-division/country:us/district:dc", True),
        ("HPR00", "ocd-division/country:us/territory:pr", True),
        ("HIL13", "ocd-division/country:gb/state:il/cd:13", False),
    ],
)
def test_it_matches_the_office_with_where_the_sender_lives(
    office: str, division: str, fits: bool
) -> None:
    message = msgspec.structs.replace(FULL, member_office=office, state=office[1:3])
    found = rules.check(message, division=division)
    assert [one.element for one in found] == ([] if fits else ["MemberOffice"])


def test_it_knows_the_lists_the_schema_knows() -> None:
    changes: tuple[dict[str, Any], ...] = (
        *({"topics": (one,)} for one in TOPICS),
        *({"prefix": one} for one in PREFIXES),
        *({"state": one} for one in US_STATES),
        *({"bills": (Bill("119", one, "1"),)} for one in rules.BILL_TYPES),
    )
    for change in changes:
        assert gateway_server.faults(writer.write(msgspec.structs.replace(FULL, **change))) == []
    assert (len(TOPICS), len(PREFIXES), len(US_STATES)) == (32, 5, 56)


def test_it_writes_elements_in_the_only_order_they_take() -> None:
    # The schema's control: the same message with two neighbours swapped is refused.
    xml = writer.write(FULL)
    first, last = b"<FirstName>Alex</FirstName>", b"<LastName>Sample</LastName>"
    swapped = xml.replace(first, b"@").replace(last, first).replace(b"@", last)
    assert gateway_server.faults(swapped)
    with pytest.raises(writer.NotCwc):
        writer.read(swapped)


def test_it_reads_what_it_writes() -> None:
    assert writer.read(writer.write(FULL)) == FULL


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<CWC/>",
        b"<html/>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><CWC>&a;</CWC>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><CWC/>',
        writer.write(FULL).replace(b"<Zip>", b"<Zap/><Zip>"),
    ],
)
def test_it_says_what_is_no_message(xml: bytes) -> None:
    with pytest.raises(writer.NotCwc):
        writer.read(xml)
