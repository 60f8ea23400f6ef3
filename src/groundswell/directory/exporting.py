"""Popolo JSON of what holds today: for other tools, and to look at what is there."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from groundswell.base import clock
from groundswell.directory.models import (
    Area,
    ContactDetail,
    Membership,
    Organization,
    Person,
    Post,
    Row,
)

_CHUNK: Final = 2000


def popolo(*, source: str = "", on: date | None = None) -> Iterator[str]:
    """The text of one JSON object, in pieces; of one source or of all."""
    day = on or clock.now().date()
    yield "{"
    for place, (name, made) in enumerate(
        (
            ("persons", _persons(source, day)),
            ("organizations", map(_organization, _rows(Organization, source, day).iterator())),
            ("posts", _posts(source, day)),
            ("memberships", map(_membership, _rows(Membership, source, day).iterator())),
            ("areas", map(_area, _rows(Area, source, day).iterator())),
        )
    ):
        yield f'{"," if place else ""}\n"{name}": ['
        for number, one in enumerate(made):
            yield ("," if number else "") + "\n" + json.dumps(_said(one), ensure_ascii=False)
        yield "\n]"
    yield "\n}\n"


def _said(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if value not in ("", None, [], {})}


def _rows(model: type[Row], source: str, day: date) -> QuerySet[Any]:
    rows = model.objects.on(day).select_related("source").order_by("key")
    return rows.filter(source__slug=source) if source else rows


def _persons(source: str, day: date) -> Iterator[dict[str, Any]]:
    for row, contacts in _reached(_rows(Person, source, day), day):
        yield {
            "id": row.key, "name": row.name, "given_name": row.given_name,
            "family_name": row.family_name, "honorific_prefix": row.honorific,
            "contact_details": contacts,
            "identifiers": [
                {"scheme": scheme, "identifier": value}
                for scheme, value in sorted(row.identifiers.items())
            ],
            "party": row.party, **_kept(row),
        }  # fmt: skip


def _posts(source: str, day: date) -> Iterator[dict[str, Any]]:
    for row, contacts in _reached(_rows(Post, source, day), day):
        yield {
            "id": row.key, "label": row.label, "role": row.role, "kind": row.kind,
            "organization_id": row.organization, "area_id": row.area, "country": row.country,
            "office": row.office or None, "contact_details": contacts, **_kept(row),
        }  # fmt: skip


def _reached(rows: QuerySet[Any], day: date) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    some: list[Any] = []
    for row in rows.iterator(chunk_size=_CHUNK):
        some.append(row)
        if len(some) == _CHUNK:
            yield from _with_contacts(some, day)
            some = []
    yield from _with_contacts(some, day)


def _with_contacts(rows: list[Any], day: date) -> Iterable[tuple[Any, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {row.key: [] for row in rows}
    contacts = ContactDetail.objects.on(day).filter(owner__in=found).order_by("owner", "rank")
    for one in contacts:
        found[one.owner].append(
            _said({"type": one.type, "value": one.value, "label": one.label, "note": one.note})
        )
    return [(row, found[row.key]) for row in rows]


def _organization(row: Any) -> dict[str, Any]:
    return {
        "id": row.key, "name": row.name, "classification": row.classification,
        "parent_id": row.parent, **_kept(row),
    }  # fmt: skip


def _membership(row: Any) -> dict[str, Any]:
    return {
        "id": row.key, "person_id": row.person, "post_id": row.post,
        "organization_id": row.organization, "role": row.role, **_kept(row),
    }  # fmt: skip


def _area(row: Any) -> dict[str, Any]:
    return {
        "id": row.key, "name": row.name, "classification": row.classification,
        "parent_id": row.parent, **_kept(row),
    }  # fmt: skip


def _kept(row: Any) -> dict[str, Any]:
    """What every row keeps: from when to when, when it was checked, where it is from."""
    return {
        "start_date": str(row.valid_from),
        "end_date": str(row.valid_to) if row.valid_to else "",
        "checked_on": str(row.checked_on) if row.checked_on else "",
        "sources": [{"url": row.source.url, "note": row.source.slug}],
    }
