"""The few words that are drawn on cards themselves, in the language's own digits and dates.

The catalogues have them for the languages of the public pages. Three more languages, that networks
need before pages do, are in a table here.
"""

from datetime import datetime
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal
from django.utils import translation
from django.utils.translation import gettext, gettext_noop, ngettext

from groundswell.campaigns import render_tags
from groundswell.kinds.kind import Kind

AS_OF: Final = gettext_noop("as of {moment}")
SHARED_BY: Final = gettext_noop("Shared by {name}")
LEADS_TO: Final = gettext_noop("Go to the page")
_OWN: Final[dict[str, dict[str, str]]] = {
    "hy": {
        AS_OF: "Տվյալները՝ {moment}",
        SHARED_BY: "Տարածում է՝ {name}",
        LEADS_TO: "Անցնել էջին",
        "petition": "մարդ է ստորագրել",
        "letter": "մարդ է գրել",
        "call": "մարդ է զանգահարել",
        "open_letter": "մարդ է ստորագրել",
    },
    "vi": {
        AS_OF: "tính đến {moment}",
        SHARED_BY: "Người chia sẻ: {name}",
        LEADS_TO: "Đến trang này",
        "petition": "người đã ký tên",
        "letter": "người đã viết thư",
        "call": "người đã gọi điện",
        "open_letter": "người đã ký tên",
    },
    "ja": {
        AS_OF: "{moment} 現在",
        SHARED_BY: "シェア：{name}",
        LEADS_TO: "ページを開く",
        "petition": "人が署名しました",
        "letter": "人が手紙を書きました",
        "call": "人が電話しました",
        "open_letter": "人が署名しました",
    },
}
# Where the digits of CLDR's numbering systems begin.
_ZEROS: Final = {
    "arab": 0x0660, "arabext": 0x06F0, "nkoo": 0x07C0, "deva": 0x0966, "beng": 0x09E6,
    "olck": 0x1C50, "mymr": 0x1040, "tibt": 0x0F20, "cakm": 0x11136, "mtei": 0xABF0,
}  # fmt: skip


def locale(language: str) -> Locale:
    """CLDR's language; English where CLDR has none of that name."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def say(text: str, language: str) -> str:
    """One of the marked words above in a language."""
    own = _OWN.get(language.split("-", maxsplit=1)[0], {})
    if text in own:
        return own[text]
    with translation.override(language):
        return gettext(text)


def unit(kind: Kind, counted: int, language: str) -> str:
    """What stands after the number of those who did it."""
    own = _OWN.get(language.split("-", maxsplit=1)[0], {})
    if kind.name in own:
        return own[kind.name]
    with translation.override(language):
        return ngettext(kind.unit_one, kind.unit_many, counted)


def number(value: int, language: str) -> str:
    """A number as the language writes it, with its own digits."""
    known = locale(language)
    written = format_decimal(value, locale=known, numbering_system="default")
    return _own_digits(written, known)


def moment(at: datetime, language: str) -> str:
    """“as of” and a day and a time, in the organisers' time zone, which is named."""
    known = locale(language)
    with translation.override(str(known).replace("_", "-").lower()):
        when = render_tags.moment(at)
    return say(AS_OF, language).format(moment=_own_digits(when, known))


def rtl(language: str) -> bool:
    """Whether the language is written from right to left."""
    return locale(language).text_direction == "rtl"


def _own_digits(text: str, known: Locale) -> str:
    zero = _ZEROS.get(known.default_numbering_system or "")
    if zero is None:
        return text
    return text.translate({ord("0") + digit: zero + digit for digit in range(10)})
