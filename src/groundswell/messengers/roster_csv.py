"""A roster as organisers keep it in a spreadsheet: one messenger a row.

Columns: see `COLUMNS`; and for each network its code (a handle or an address) and the code with
`_followers`. Nothing is stored here: a file comes to rows that can go in and rows to be mended.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final
from zoneinfo import available_timezones

import msgspec
from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator, validate_email
from django.utils.translation import gettext as _

from groundswell.base.errors import Trouble
from groundswell.directory.importing import decoding
from groundswell.messengers.contact import Contact
from groundswell.messengers.networks.registry import NETWORKS
from groundswell.messengers.services import MOST_FOLLOWERS, Account

COLUMNS: Final = (
    "name", "role", "languages", "time_zone", "groups", "contact_name", "contact_email",
    "contact_phone", "notes",
)  # fmt: skip
_ALIASES: Final = {
    "full_name": "name", "language": "languages", "timezone": "time_zone", "zone": "time_zone",
    "group": "groups", "contact": "contact_name", "manager": "contact_name",
    "email": "contact_email", "e-mail": "contact_email", "phone": "contact_phone",
    "telephone": "contact_phone", "note": "notes", "profession": "role", "twitter": "x",
    "twitter_followers": "x_followers",
}  # fmt: skip
_LONGEST: Final = {"name": 120, "role": 120, "notes": 2000}
MOST_ROWS: Final = 2000
_SPLIT: Final = re.compile(r"[;,/|]")
_FOLLOWERS: Final = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(k|m|mn|mio|million|bn|billion)", re.IGNORECASE
)
_TIMES: Final = {"k": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6,
                 "bn": 10**9, "billion": 10**9}  # fmt: skip
_GROUPED: Final = re.compile(r"\d{1,3}(?:[,.' \u00a0\u202f’]\d{3})+|\d+")


class Problem(msgspec.Struct, frozen=True):
    """What keeps a row out: in which column, and what to do about it."""

    column: str
    words: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the file. `number` is the one its spreadsheet shows. Good without problems."""

    number: int
    name: str
    role: str = ""
    languages: tuple[str, ...] = ()
    time_zone: str = ""
    groups: tuple[str, ...] = ()
    contact: Contact = Contact()
    notes: str = ""
    accounts: tuple[Account, ...] = ()
    problems: tuple[Problem, ...] = ()


class Sheet(msgspec.Struct, frozen=True):
    """A file as read. `unknown` are the columns that say nothing to us."""

    rows: list[Row]
    unknown: list[str]

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if not row.problems]

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.problems]


def read(content: str) -> Sheet:
    """A file's rows, good and bad. Raises Trouble when it is no roster at all."""
    known = {*COLUMNS, *_ALIASES, *NETWORKS}
    sign, content = decoding.delimiter(content, known)
    lines = decoding.rows(content, sign)
    _number, heading, _broken = next(lines, (0, [], ""))
    columns = [_column(cell) for cell in heading]
    if "name" not in columns:
        raise Trouble(_("the first row must name the columns, and one of them must be “name”"))
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise Trouble(_("two columns mean %(name)s: take one away") % {"name": ", ".join(twice)})
    rows = list(_rows(lines, columns))
    if not rows:
        raise Trouble(_("there is nobody below the first row"))
    pairs = zip(heading, columns, strict=True)
    return Sheet(rows, [cell.strip() for cell, name in pairs if not name and cell.strip()])


def followers(text: str) -> int:
    """A number of followers as people write it: 1,234,567 or 1.2M. Raises ValueError."""
    text = text.strip()
    short = _FOLLOWERS.fullmatch(text)
    if short:
        number = round(float(short[1].replace(",", ".")) * _TIMES[short[2].casefold()])
    elif _GROUPED.fullmatch(text):
        number = int(re.sub(r"\D", "", text))
    else:
        raise ValueError(text)
    if number > MOST_FOLLOWERS:
        raise ValueError(text)
    return number


def language(text: str) -> str:
    """A language's code as pages carry it: pt-br, vi. Raises ValueError for what is none."""
    code = text.strip().replace("_", "-")
    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise ValueError(text) from error
    return code.lower()


def account(network: str, text: str, number: int = 0) -> Account:
    """An account from a cell that holds a handle or the account's address."""
    text = text.strip()
    if text.startswith(("https://", "http://")):
        handle = text.rstrip("/").rpartition("/")[2].lstrip("@")
        return Account(network=network, handle=handle[:120], url=text, followers=number)
    return Account(network=network, handle=text.lstrip("@"), followers=number)


def _column(cell: str) -> str:
    name = cell.strip().casefold().replace(" ", "_")
    name = _ALIASES.get(name, name)
    return name if name in COLUMNS or name.removesuffix("_followers") in NETWORKS else ""


def _rows(lines: Iterator[tuple[int, list[str], str]], columns: list[str]) -> Iterator[Row]:
    met: dict[str, int] = {}
    for number, cells, broken in lines:
        if number > MOST_ROWS:
            raise Trouble(_("there are more than %(n)s rows: split the file") % {"n": MOST_ROWS})
        if broken:
            words = _("A quotation mark is not closed. Mend it and look again.")
            yield Row(number=number, name="", problems=(Problem("", words),))
        else:
            yield _row(number, cells, columns, met)


def _row(number: int, cells: list[str], columns: list[str], met: dict[str, int]) -> Row:
    wrong: list[Problem] = []
    if any(cell.strip() for cell in cells[len(columns) :]):
        wrong.append(Problem("", _("It has more cells than the first row has columns.")))
    said = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
    name = " ".join(said.get("name", "").split())
    if not name:
        wrong.append(Problem("name", _("Write the messenger's name.")))
    first = met.setdefault(name.casefold(), number)
    if name and first != number:
        words = _("The same name is in row %(row)s. Put all about one messenger into one row.")
        wrong.append(Problem("name", words % {"row": first}))
    for column, most in _LONGEST.items():
        if len(said.get(column, "")) > most:
            words = _("This is too long: write at most %(n)s characters.") % {"n": most}
            wrong.append(Problem(column, words))
    return Row(
        number=number,
        name=name,
        role=said.get("role", ""),
        languages=_languages(said.get("languages", ""), wrong),
        time_zone=_zone(said.get("time_zone", ""), wrong),
        groups=tuple(_parts(said.get("groups", ""), ";")),
        contact=_contact(said, wrong),
        notes=said.get("notes", ""),
        accounts=_accounts(said, wrong),
        problems=tuple(wrong),
    )


def _parts(text: str, signs: str) -> list[str]:
    parts = re.split(f"[{signs}]", text)
    return list(dict.fromkeys(" ".join(one.split())[:120] for one in parts if one.strip()))


def _languages(text: str, wrong: list[Problem]) -> tuple[str, ...]:
    found = []
    for one in filter(None, (part.strip() for part in _SPLIT.split(text))):
        try:
            found.append(language(one))
        except ValueError:
            words = _("“%(code)s” is no language we know. Write codes, such as en, vi or pt-br.")
            wrong.append(Problem("languages", words % {"code": one[:20]}))
    return tuple(dict.fromkeys(found))


def _zone(text: str, wrong: list[Problem]) -> str:
    if text and text not in available_timezones():
        words = _("“%(zone)s” is no time zone. Write a place, such as Asia/Yerevan.")
        wrong.append(Problem("time_zone", words % {"zone": text[:30]}))
    return text


def _contact(said: dict[str, str], wrong: list[Problem]) -> Contact:
    email = said.get("contact_email", "")
    if email:
        _check(
            lambda: validate_email(email),
            Problem("contact_email", _("This is no e-mail address. It looks like name@place.")),
            wrong,
        )
    contact = Contact(
        name=said.get("contact_name", ""), email=email, phone=said.get("contact_phone", "")
    )
    if any(len(part) > 254 for part in (contact.name, contact.email, contact.phone)):
        wrong.append(Problem("contact_name", _("This is too long.")))
    return contact


def _accounts(said: dict[str, str], wrong: list[Problem]) -> tuple[Account, ...]:
    found = []
    for code, network in NETWORKS.items():
        handle, many = said.get(code, ""), said.get(f"{code}_followers", "")
        if not handle and not many:
            continue
        number = 0
        if many:
            try:
                number = followers(many)
            except ValueError:
                words = _("“%(text)s” is no number. Write it like 1234567 or 1.2M.")
                wrong.append(Problem(f"{code}_followers", words % {"text": many[:20]}))
        _check(
            partial(_judge_account, handle),
            Problem(code, _("This is no handle or address on %(n)s.") % {"n": network.label}),
            wrong,
        )
        found.append(account(code, handle, number))
    return tuple(found)


def _judge_account(text: str) -> None:
    if text.startswith(("https://", "http://")):
        URLValidator()(text)
        MaxLengthValidator(300)(text)
    MaxLengthValidator(120)(account("x", text).handle)


def _check(judge: Callable[[], object], problem: Problem, wrong: list[Problem]) -> None:
    try:
        judge()
    except ValidationError:
        wrong.append(problem)
