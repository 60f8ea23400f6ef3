"""Cleaning what people typed: one small function per type of field, each pure.

A cleaner returns the text to keep or raises Wrong with a code. Empty text never gets here.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import idna
import regex

from groundswell.base.wire import FieldSpec
from groundswell.intake.countries import CODES

Cleaner = Callable[[str, FieldSpec], str]

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BREAK: Final = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]")
# Reordering and invisible characters go; joiners (U+200C, U+200D) stay: Persian, Hindi and emoji
# cannot be written without them.
_INVISIBLE: Final = regex.compile(
    r"[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_SPACES: Final = regex.compile(r"\s+")
_MARKS: Final = regex.compile(r"(\p{M}{4})\p{M}+")
_GRAPHEME: Final = regex.compile(r"\X")
_FORMULA: Final = "=+-@＝＋－＠"
_URL: Final = regex.compile(
    r"://|\b(?:data|ftp|hxxps?|https?|javascript|mailto):|www\.|[a-z0-9-]{2,}\.(?:app|biz|cn|click|com"
    r"|co|dev|info|io|link|ly|me|net|online|org|ru|shop|site|store|top|xyz)(?![\p{L}\p{N}])",
    regex.IGNORECASE,
)
_FULL_STOPS: Final = str.maketrans("．。｡：", "...:")
# Hangul fillers are letters by their class, and show nothing.
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0")
_DASHES: Final = regex.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_POSTCODE: Final = re.compile(r"[A-Z0-9](?:[A-Z0-9 -]{0,10}[A-Z0-9])?")
_PHONE_FILLERS: Final = regex.compile(r"[\s()./\-\u200c\u200d]")
_PHONE: Final = re.compile(r"\+?[0-9]{6,15}")
_ATOM: Final = r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z0-9-]*[a-z])[a-z0-9][a-z0-9-]{{0,61}}[a-z0-9]")
_DIVISION: Final = re.compile(r"ocd-division/country:[a-z]{2}(?:/[a-z_]{1,40}:[\w.~-]{1,60}){0,6}")
_TARGET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,119}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,200}")
# Spaces and other blanks that may be cut off either end; line breaks and tabs are judged later.
_EDGES: Final = (
    " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200c\u200d\u202f\u205f\u2800\u3000\u3164"
)
_TICKED: Final = frozenset({"on", "yes", "true", "1"})


class Wrong(Exception):
    """A value that cannot be kept; `code` is one of `errors.FIELD_CODES`."""

    def __init__(self, code: str, limit: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


def normal(text: str) -> str:
    """NFC, without invisible reordering characters, at most four marks on a base, trimmed."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
        text = _MARKS.sub(r"\1", text)
        text = text.strip(_EDGES)
    else:
        text = text.strip(" ")
    return "" if text.isspace() else text


def within(text: str, limit: int) -> str:
    """The text, if it has at most `limit` graphemes. Raises Wrong."""
    if len(text) > limit and (
        text.isascii() or len(text) > limit * 10 or len(_GRAPHEME.findall(text)) > limit
    ):
        raise Wrong("too_long", limit)
    return text


def one_line(text: str) -> str:
    """The text with single spaces. Raises Wrong for line breaks and control characters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text
    if _BREAK.search(text):
        raise Wrong("line_break")
    if _CONTROL.search(text):
        raise Wrong("control_character")
    return str(_SPACES.sub(" ", text)).strip()


def clean_line(text: str, field: FieldSpec) -> str:
    return within(one_line(text), field.max)


def clean_text(text: str, field: FieldSpec) -> str:
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if _CONTROL.search(text):
            raise Wrong("control_character")
    return within(text, field.max)


def clean_name(text: str, field: FieldSpec) -> str:
    # A spreadsheet reads a cell that starts with one of these as a formula.
    if text[0] == "\t":
        raise Wrong("not_a_name")
    text = clean_line(text, field)
    if not (text[0].isalpha() and text[0] not in _FILLERS) and (
        text[0] in _FORMULA or not any(map(str.isalpha, set(text) - _FILLERS))
    ):
        raise Wrong("not_a_name")
    dotted = text if text.isascii() else text.translate(_FULL_STOPS)
    if ("." in dotted or ":" in dotted) and _URL.search(dotted):
        raise Wrong("not_a_name")
    return text


def clean_email(text: str, _: FieldSpec) -> str:
    """An address a mail server could know: dot-atom local part, dotted domain as A-labels."""
    local, at, domain = text.rpartition("@")
    if not at or len(local) > 64 or len(domain) > 253 or not _LOCAL.fullmatch(local):
        raise Wrong("email_syntax")
    if domain.isascii():
        domain = domain.lower()
    else:
        try:
            domain = idna.encode(domain, uts46=True, transitional=False).decode()
        except idna.IDNAError as error:
            raise Wrong("email_syntax") from error
    if not _DOMAIN.fullmatch(domain) or len(local) + len(domain) > 253:
        raise Wrong("email_syntax")
    return f"{local}@{domain}"


def clean_country(text: str, field: FieldSpec) -> str:
    code = text.upper()
    if code not in CODES or (field.choices and code not in field.choices):
        raise Wrong("unknown_country")
    return code


def clean_postcode(text: str, field: FieldSpec) -> str:
    code = within(_latin_digits(one_line(text)).upper(), field.max)
    if not _POSTCODE.fullmatch(code):
        raise Wrong("postcode_syntax")
    return code


def clean_phone(text: str, _: FieldSpec) -> str:
    number = str(_PHONE_FILLERS.sub("", _latin_digits(one_line(text))))
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if not _PHONE.fullmatch(number):
        raise Wrong("phone_syntax")
    return number


def clean_choice(text: str, field: FieldSpec) -> str:
    if text not in field.choices:
        raise Wrong("unknown_choice")
    return text


def clean_check(text: str, _: FieldSpec) -> str:
    if text.lower() not in _TICKED:
        raise Wrong("unknown_choice")
    return "yes"


def clean_token(text: str, _: FieldSpec) -> str:
    # A damaged link gets the same neutral page as a good one; only core can tell them apart.
    return text if _TOKEN.fullmatch(text) else "damaged"


def clean_division(text: str, _: FieldSpec) -> str:
    """An OCD division id by its shape. Whether it fits the postcode is for `lookup` to say."""
    if not _DIVISION.fullmatch(text):
        raise Wrong("unknown_choice")
    return text


def clean_target(text: str, _: FieldSpec) -> str:
    """A decision maker's key by its shape. Whether the page is about them is for `lookup`."""
    if not _TARGET.fullmatch(text):
        raise Wrong("unknown_choice")
    return text


CLEANERS: Final[Mapping[str, Cleaner]] = MappingProxyType(
    {
        "name": clean_name,
        "email": clean_email,
        "country": clean_country,
        "postcode": clean_postcode,
        "phone": clean_phone,
        "line": clean_line,
        "text": clean_text,
        "choice": clean_choice,
        "check": clean_check,
        "token": clean_token,
        "division": clean_division,
        "target": clean_target,
    }
)


def _latin_digits(text: str) -> str:
    if text.isascii():
        return text
    text = _DASHES.sub("-", text)
    return "".join(
        str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign
        for sign in text
    )
