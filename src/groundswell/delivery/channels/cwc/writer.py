"""Message to XML and back. Elements come out in the one order that the gateways take."""

import xml.etree.ElementTree as ET  # to write; what is read goes through defusedxml
from typing import Any, Final

from defusedxml.ElementTree import fromstring

from groundswell.delivery.channels.cwc.message import ELEMENTS, VERSION, Bill, Contact, Message

_CONTACT: Final = ("Name", "Email", "Phone")
_BILL: Final = ("BillCongress", "BillTypeAbbreviation", "BillNumber")


class NotCwc(Exception):
    """The file is not a CWC message in their order of elements. Says where."""


def write(message: Message) -> bytes:
    """The message's XML, in UTF-8. Its texts are free of what XML cannot hold: `text.cleaned`."""
    root = ET.Element("CWC")
    ET.SubElement(root, "CWCVersion").text = VERSION
    sections: dict[str, ET.Element] = {}
    for section, element, field in ELEMENTS:
        if section not in sections:
            sections[section] = ET.SubElement(root, section)
        _add(sections[section], element, getattr(message, field))
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def read(xml: bytes) -> Message:
    """The message of an XML file. Raises NotCwc."""
    try:
        root = fromstring(xml, forbid_dtd=True)
    except (ET.ParseError, ValueError) as error:
        raise NotCwc(f"not XML: {error}") from error
    if root.tag != "CWC" or root.findtext("CWCVersion") != VERSION:
        raise NotCwc(f"not <CWC> of version {VERSION}")
    values: dict[str, Any] = {}
    for section, element, field in ELEMENTS:
        found = root.find(f"{section}/{element}")
        values[field] = _value(element, found)
    message = Message(**values)
    if [node.tag for node in root.iter()] != [
        node.tag for node in fromstring(write(message)).iter()
    ]:
        raise NotCwc("elements are missing, unknown or not in their order")
    return message


def _add(parent: ET.Element, name: str, value: Any) -> None:
    if not value:
        return
    made = ET.SubElement(parent, name)
    if isinstance(value, str):
        made.text = value
    elif isinstance(value, Contact):
        for end, said in zip(_CONTACT, (value.name, value.email, value.phone), strict=True):
            ET.SubElement(made, name + end).text = said
    else:
        for one in value:
            _add_one(made, one)


def _add_one(parent: ET.Element, value: str | Bill) -> None:
    if isinstance(value, str):
        ET.SubElement(parent, "LibraryOfCongressTopic").text = value
        return
    bill = ET.SubElement(parent, "Bill")
    for name, said in zip(_BILL, (value.congress, value.kind, value.number), strict=True):
        ET.SubElement(bill, name).text = said


def _value(name: str, found: ET.Element | None) -> Any:
    if name.endswith("Contact"):
        if found is None:
            return None if name == "OrganizationContact" else Contact("", "", "")
        return Contact(*(found.findtext(name + end, "") for end in _CONTACT))
    if name == "LibraryOfCongressTopics":
        return () if found is None else tuple(one.text or "" for one in found)
    if name == "Bills":
        return () if found is None else tuple(_bill(one) for one in found)
    return "" if found is None else found.text or ""


def _bill(found: ET.Element) -> Bill:
    return Bill(*(found.findtext(name, "") for name in _BILL))
