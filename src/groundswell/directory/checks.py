"""What may stand in a row, whether it comes from a file or from an organiser's hand."""

import re
import unicodedata
from datetime import date
from functools import cache
from typing import Final, cast
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import phonenumbers
from django.db.models import CharField
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat

from groundswell.directory.models import Row

_COUNTRY: Final = re.compile(r"[a-z]{2}")
_DIVISION: Final = re.compile(
    r"ocd-division/country:[a-z]{2}(/[a-z_]+:[\w.~-]+)*", re.ASCII | re.IGNORECASE
)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HOURS: Final = re.compile(
    r"((Mo|Tu|We|Th|Fr|Sa|Su)([-,](Mo|Tu|We|Th|Fr|Sa|Su))* )?\d\d:\d\d-\d\d:\d\d"
)
# A spreadsheet runs a cell that begins with one of these; "+" and "-" only matter before a letter.
_FORMULA: Final = re.compile(r"^[=@\t\r]|^[+-][^\d\s(]")


class Wrong(Exception):
    """A value that cannot stand in a field: what is wrong with it and how to mend it."""

    def __init__(self, field: str, problem: str, remedy: str = "") -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem
        self.remedy = remedy


def text(field: str, value: str, *, limit: int, lines: bool = False) -> str:
    """One line (or lines) of plain text in NFC, without blanks around it. Raises Wrong."""
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if lines:
        value = "\n".join(" ".join(line.split()) for line in value.split("\n"))
    else:
        value = " ".join(value.split(" ")).strip()
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} and c != "\n" for c in value) or (
        "\n" in value and not lines
    ):
        raise Wrong(field, "it has a line break or a control character", "write it in one line")
    if "\ufffd" in value:
        raise Wrong(field, "some letters were lost (�)", "save the file as UTF-8 and try again")
    if len(value) > limit:
        raise Wrong(field, f"it has {len(value)} characters", f"at most {limit} fit")
    if _FORMULA.match(value):
        raise Wrong(
            field, "a spreadsheet would run this as a formula", "take the first character away"
        )
    return value


def email(field: str, value: str) -> str:
    """An address that could exist; asks no server. Raises Wrong."""
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError as error:
        reason = str(error).rstrip(".")
        raise Wrong(
            field, f"this is no e-mail address: {reason}", "like name@example.org"
        ) from error


def phone(field: str, value: str, country: str = "") -> str:
    """A number as it is dialled from abroad, "+1 202-224-3121". Raises Wrong."""
    try:
        number = phonenumbers.parse(value, country.upper() or None)
    except NumberParseException as error:
        raise Wrong(
            field, "this is no telephone number", "write it with +, the country's code and digits"
        ) from error
    if not phonenumbers.is_possible_number(number):
        raise Wrong(field, "no number has so few or so many digits", "look the number up again")
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def url(field: str, value: str) -> str:
    """A web address, http or https. Raises Wrong."""
    try:
        parts = urlsplit(value)
        fine = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
        fine = fine and not parts.username and parts.port is not False
    except ValueError:
        fine = False
    if not fine or re.search(r"[\s<>\"]", value):
        raise Wrong(field, "this is no web address", "like https://example.org/contact")
    return value


def country(field: str, value: str) -> str:
    """A two-letter country code in lower case. Raises Wrong."""
    value = value.strip().lower()
    if value and not _COUNTRY.fullmatch(value):
        raise Wrong(field, f"{value[:20]!r} is no country code", "two letters, like fr or vn")
    return value


def division(field: str, value: str) -> str:
    """An OCD division id. Raises Wrong."""
    if value and not _DIVISION.fullmatch(value):
        raise Wrong(
            field,
            "this is no division id",
            "like ocd-division/country:us/state:ca, or leave it out",
        )
    return value


def language(field: str, value: str) -> str:
    """A language code. Raises Wrong."""
    if value and not _LANGUAGE.fullmatch(value):
        raise Wrong(field, f"{value[:20]!r} is no language code", "like en, fr or pt-br")
    return value


def hours(field: str, value: str) -> str:
    """Opening hours as in OpenStreetMap, simple ones. Raises Wrong."""
    if value and not all(_HOURS.fullmatch(part.strip()) for part in value.split(";")):
        raise Wrong(field, "these are no opening hours", "like Mo-Fr 09:00-17:00")
    return value


def zone(field: str, value: str) -> str:
    """A time zone's name. Raises Wrong."""
    if value and value not in _zones():
        raise Wrong(field, f"{value[:40]!r} is no time zone", "like America/New_York")
    return value


@cache
def _zones() -> set[str]:
    return available_timezones()  # it looks through a folder each time


def day(field: str, value: str, *, today: date, future: bool = False) -> date | None:
    """A day in ISO form; not one to come, unless `future`. Raises Wrong."""
    if not value:
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise Wrong(field, f"{value[:20]!r} is no date", "like 2026-11-22") from error
    if found > today and not future:
        raise Wrong(field, f"{value} is still to come", "write the day it was last checked")
    return found


_BY_TYPE: Final = {"email": email, "url": url, "form": url}
_BY_FIELD: Final = {"hours": hours, "zone": zone, "language": language}


def contact(type_: str, field: str, value: str, *, country_code: str = "") -> str:
    """The value of a contact of this type. Raises Wrong."""
    if type_ in {"voice", "fax"}:
        return phone(field, value, country_code)
    check = _BY_TYPE.get(type_)
    return check(field, value) if check else value


def correction(row: Row, field: str, value: str) -> str:
    """What `field` of `row` shall become. Raises Wrong."""
    column = cast("CharField[str, str]", row._meta.get_field(field))  # noqa: SLF001
    multi = field == "note" or (field == "value" and getattr(row, "type", "") == "address")
    value = text(field, value, limit=column.max_length or 0, lines=multi)
    if not value and not column.blank:
        raise Wrong(field, "it is empty", "a row that is wrong altogether can be reported as wrong")
    if field == "value":
        return contact(row.type, field, value, country_code=row.key.partition("/")[0])  # type: ignore[attr-defined]
    check = _BY_FIELD.get(field)
    return check(field, value) if check else value
