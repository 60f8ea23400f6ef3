"""The target CSV: one decision maker a row. docs/formats/targets.md is its description."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from groundswell.base import clock
from groundswell.base.errors import Trouble
from groundswell.directory import checks
from groundswell.directory.checks import Wrong
from groundswell.directory.folding import mark, slug
from groundswell.directory.importing import decoding
from groundswell.directory.importing.draft import Draft, Refusal
from groundswell.directory.records import (
    Batch,
    ContactRecord,
    MembershipRecord,
    OrganizationRecord,
    PersonRecord,
    PostRecord,
    SourceInfo,
)

# Column: how long it may be.
COLUMNS: Final = {
    "name": 200, "role": 200, "organization": 250, "country": 2, "division_id": 250, "email": 254,
    "phone": 60, "address": 500, "url": 500, "contact_form": 500, "language": 16,
    "salutation": 200, "source_url": 500, "checked_on": 10,
    "given_name": 120, "family_name": 120, "party": 120, "kind": 40, "fax": 60, "hours": 200,
    "zone": 60,
}  # fmt: skip
_ALIASES: Final = {
    "e-mail": "email", "e_mail": "email", "mail": "email", "email_address": "email",
    "telephone": "phone", "tel": "phone", "phone_number": "phone", "voice": "phone",
    "organisation": "organization", "title": "role", "position": "role", "office": "role",
    "website": "url", "web": "url", "division": "division_id", "ocd_id": "division_id",
    "ocdid": "division_id", "form": "contact_form", "greeting": "salutation",
    "country_code": "country", "full_name": "name", "first_name": "given_name",
    "last_name": "family_name", "time_zone": "zone", "timezone": "zone", "source": "source_url",
}  # fmt: skip
_REACH: Final = ("email", "phone", "fax", "address", "contact_form", "url")
_TYPES: Final = {"email": "email", "phone": "voice", "fax": "fax", "address": "address",
                 "contact_form": "form", "url": "url"}  # fmt: skip
# Only what can be nothing else: there are ministers of a church, too.
_MINISTER: Final = re.compile(
    r"(?:foreign minister|minister (?:of|for) (?:state |the )*(?:foreign|external|home|defen[cs]e"
    r"|financ|econom|environment|climate|energy|agricultur|justice|health|education|interior|labou?r"
    r"|trade|transport))",
    re.IGNORECASE,
)
Row = dict[str, str]


def read(content: str, encoding: str, info: SourceInfo) -> Draft:
    """A file's rows, the good ones as records. Raises Trouble when it is no target CSV at all."""
    sign, content = decoding.delimiter(content, {*COLUMNS, *_ALIASES})
    lines = decoding.rows(content, sign)
    heading, columns, notes = _heading(lines)
    said = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}[sign]
    draft = Draft(
        info=info, batch=Batch(as_of=clock.now().date()), total=0, good=0, refusals=[],
        notes=[f"read as {encoding}, with {said} between the cells", *notes], heading=heading,
    )  # fmt: skip
    met = dict[str, int]()
    for number, cells, broken in lines:
        draft.total += 1
        wrong = (
            [Wrong("", broken, "mend the quotation marks of this row")]
            if broken
            else _take(draft, number, cells, columns, met)
        )
        for one in wrong:
            draft.refusals.append(
                Refusal(number=number, field=one.field, problem=one.problem, remedy=one.remedy,
                        cells=tuple(cells))
            )  # fmt: skip
        draft.good += not wrong
    organizations = {row.key: row for row in draft.batch.organizations}
    draft.batch.organizations = list(organizations.values())
    return draft


def _heading(
    lines: Iterator[tuple[int, list[str], str]],
) -> tuple[tuple[str, ...], list[str], list[str]]:
    """The heading as it stands, our name of each column ("" for none), what to tell about it."""
    _number, cells, _broken = next(lines, (0, [], ""))
    columns = [_column(cell) for cell in cells]
    known = [name for name in columns if name]
    if not {"name", "role"} & set(known):
        raise Trouble(
            "the first row names no column we know: it must hold name or role, and best"
            f" {', '.join(list(COLUMNS)[:14])}"
        )
    twice = sorted({name for name in known if known.count(name) > 1})
    if twice:
        raise Trouble(f"two columns mean {', '.join(twice)}: take one away or name it otherwise")
    unknown = [cell.strip() for cell, name in zip(cells, columns, strict=True) if not name]
    notes = (
        [f"columns that say nothing to us were left out: {', '.join(unknown)}"] if unknown else []
    )
    return tuple(cells), columns, notes


def _column(cell: str) -> str:
    name = cell.strip().casefold().replace(" ", "_")
    name = _ALIASES.get(name, name)
    return name if name in COLUMNS else ""


def _take(
    draft: Draft, number: int, cells: list[str], columns: list[str], met: dict[str, int]
) -> list[Wrong]:
    """Put one row into the batch, or say everything that is wrong with it."""
    if len(cells) > len(columns):
        return [
            Wrong("", f"it has {len(cells)} cells, the heading {len(columns)}",
                  "put cells that hold the separating sign into quotation marks")
        ]  # fmt: skip
    row, wrong = _checked(dict(zip(columns, cells, strict=False)))
    if wrong:
        return wrong
    key = _key(draft.info, row)
    if key in met:
        return [
            Wrong("name", f"the same person and office stand in row {met[key]}", "take one away")
        ]
    met[key] = number
    _add(draft.batch, draft.info, key, row)
    return []


def _checked(cells: Row) -> tuple[Row, list[Wrong]]:
    """A row with every cell in its proper form, and what is wrong with those that have none."""
    today, wrong = clock.now().date(), list[Wrong]()
    row = dict.fromkeys(COLUMNS, "")
    for field, limit in COLUMNS.items():
        try:
            told = _unquoted(cells.get(field, ""))
            value = checks.text(field, told, limit=limit, lines=field == "address")
            check = _check(field, row["country"], today)
            row[field] = check(field, value) if value and check else value
        except Wrong as one:
            wrong.append(one)
    bad = {one.field for one in wrong}
    if not row["name"] and not row["role"] and not bad & {"name", "role"}:
        wrong.append(Wrong("name", "nobody is named, and no office", "fill in name or role"))
    if not any(row[field] for field in _REACH) and not bad & set(_REACH):
        wrong.append(
            Wrong("email", "there is no way to reach them", f"fill in one of {', '.join(_REACH)}")
        )
    return row, wrong


def _unquoted(cell: str) -> str:
    """A cell without the mark that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and decoding.harmless(cell[1:]) == cell else cell


def _check(field: str, country: str, today: date) -> Callable[[str, str], str] | None:
    def dated(name: str, value: str) -> str:
        return str(checks.day(name, value, today=today) or "")

    def dialled(name: str, value: str) -> str:
        return checks.phone(name, value, country)

    return {
        "country": checks.country, "division_id": checks.division, "email": checks.email,
        "phone": dialled, "fax": dialled, "url": checks.url, "contact_form": checks.url,
        "source_url": checks.url, "language": checks.language, "checked_on": dated,
        "hours": checks.hours, "zone": checks.zone,
    }.get(field)  # fmt: skip


def _key(info: SourceInfo, row: Row) -> str:
    """The same in every edition of the list, as long as name, role and organization stay."""
    told = mark(row["name"], row["role"], row["organization"])
    name = slug(row["name"] or row["role"], limit=50)
    return f"csv/{slug(info.slug, limit=40)}/{name}-{told}" if name else f"csv/{info.slug}/{told}"


def _add(batch: Batch, info: SourceInfo, key: str, row: Row) -> None:
    post_key = key.replace("csv/", "csv/post/", 1) if row["name"] else key
    checked = date.fromisoformat(row["checked_on"]) if row["checked_on"] else None
    organization = _organization(batch, info, row)
    post = PostRecord(
        key=post_key, role=row["role"] or "Decision maker",
        kind=slug(row["kind"], limit=40) or _kind(row["role"]),
        organization=organization, area=row["division_id"], country=row["country"],
        office=not row["name"], language=row["language"], salutation=row["salutation"],
        checked_on=checked,
    )  # fmt: skip
    batch.posts.append(post)
    if row["name"]:
        identifiers = {"source_url": row["source_url"]} if row["source_url"] else {}
        person = PersonRecord(
            key=key, name=row["name"], given_name=row["given_name"],
            family_name=row["family_name"], party=row["party"], language=row["language"],
            salutation=row["salutation"], identifiers=identifiers, checked_on=checked,
        )  # fmt: skip
        batch.people.append(person)
        batch.memberships.append(
            MembershipRecord(key=f"{key}@post", person=key, post=post_key, checked_on=checked)
        )
    batch.contacts += _contacts(key, row, checked)


def _kind(role: str) -> str:
    return "minister" if _MINISTER.match(role) else "other"


def _organization(batch: Batch, info: SourceInfo, row: Row) -> str:
    if not row["organization"]:
        return ""
    name, country = row["organization"], row["country"]
    key = f"csv/org/{slug(info.slug, limit=40)}/{slug(name, limit=50)}-{mark(name, country)}"
    batch.organizations.append(OrganizationRecord(key=key, name=name, country=country))
    return key


def _contacts(owner: str, row: Row, checked: date | None) -> Iterator[ContactRecord]:
    source = f"Source: {row['source_url']}" if row["source_url"] else ""
    for rank, field in enumerate(field for field in _REACH if row[field]):
        voice = field == "phone"
        yield ContactRecord(
            key=f"{owner}#{field}", owner=owner, type=_TYPES[field], value=row[field], note=source,
            rank=rank, hours=row["hours"] if voice else "", zone=row["zone"] if voice else "",
            checked_on=checked,
        )  # fmt: skip
