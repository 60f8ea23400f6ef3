"""Popolo JSON: people, posts, memberships and areas, as many parliaments publish them."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import msgspec

from groundswell.base import clock
from groundswell.base.errors import Trouble
from groundswell.directory import checks
from groundswell.directory.checks import Wrong
from groundswell.directory.folding import mark, slug
from groundswell.directory.importing.draft import Draft, Refusal
from groundswell.directory.records import (
    AreaRecord,
    Batch,
    ContactRecord,
    MembershipRecord,
    OrganizationRecord,
    PersonRecord,
    PostRecord,
    SourceInfo,
)

MOST: Final = 100_000
_CLASSES: Final = ("persons", "organizations", "posts", "memberships", "areas")
_TYPES: Final = {
    "email": "email", "voice": "voice", "phone": "voice", "cell": "voice", "tel": "voice",
    "fax": "fax", "address": "address", "url": "url", "website": "url", "form": "form",
    "twitter": "x", "x": "x", "facebook": "facebook", "instagram": "instagram",
    "youtube": "youtube", "mastodon": "mastodon", "cwc": "cwc",
}  # fmt: skip
_LISTS: Final = ("contact_details", "links", "identifiers", "other_names")
Object = dict[str, Any]


def _exactly(text: str) -> str:
    """Eight digits that tell even capitals from small letters: ids and addresses may differ so."""
    return mark(text.encode().hex())


class _Reading:
    """One file on its way to a draft: what was met so far, by the file's own ids."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.batch = draft.batch
        self.space = f"popolo/{slug(draft.info.slug, limit=40)}"
        self.today = clock.now().date()
        self.organizations: dict[str, Object] = {}
        self.areas: dict[str, str] = {}
        self.posts: dict[str, Object] = {}
        self.people: dict[str, PersonRecord] = {}
        self.parties: dict[str, str] = {}
        self.made: set[str] = set()

    def key(self, kind: str, given: str) -> str:
        """Ours for the file's id. People are targets: theirs is the shortest."""
        told = slug(given, limit=50)
        told = told if told == given else f"{told}-{_exactly(given)}".strip("-")
        return f"{self.space}/{told}" if kind == "person" else f"{self.space}/{kind}/{told}"


def read(content: str, info: SourceInfo) -> Draft:
    """A file's persons and memberships as records. Raises Trouble when it is no Popolo at all."""
    whole = _parsed(content)
    draft = Draft(
        info=info, batch=Batch(as_of=clock.now().date()), total=0, good=0, refusals=[],
        notes=["read as Popolo JSON"],
    )  # fmt: skip
    reading = _Reading(draft)
    for kind, take in (
        ("organizations", _organization),
        ("areas", _area),
        ("posts", _post),
        ("persons", _person),
        ("memberships", _membership),
    ):
        _each(reading, kind, whole.get(kind) or [], take)
    draft.batch.organizations = [
        _organization_record(reading, one) for one in reading.organizations.values()
    ]
    draft.batch.people = [
        msgspec.structs.replace(one, party=reading.parties.get(one.key, one.party))
        for one in draft.batch.people
    ]
    _lonely(reading)
    return draft


def _parsed(content: str) -> dict[str, list[Any]]:
    try:
        whole = msgspec.json.decode(content.encode())
    except (msgspec.DecodeError, RecursionError) as error:
        raise Trouble(f"the file is no JSON: {error}") from error
    if isinstance(whole, list):
        whole = {"persons": whole}
    if not isinstance(whole, dict) or not isinstance(whole.get("persons", []), list):
        raise Trouble("this JSON is no Popolo: it must hold a list `persons`")
    found = {kind: whole.get(kind) or [] for kind in _CLASSES}
    if any(not isinstance(some, list) for some in found.values()):
        raise Trouble(f"this JSON is no Popolo: {', '.join(_CLASSES)} must be lists")
    if any(len(some) > MOST for some in found.values()):
        raise Trouble(f"the file holds more than {MOST:,} rows of a kind: split it")
    if not found["persons"] and not found["posts"]:
        raise Trouble("this JSON is no Popolo: it must hold a list `persons`")
    return found


def _each(reading: _Reading, kind: str, items: list[Any], take: Any) -> None:
    for number, item in enumerate(items, 1):
        counts = kind == "persons"
        reading.draft.total += counts
        try:
            take(reading, _object(item))
            reading.draft.good += counts
        except Wrong as one:
            reading.draft.refusals.append(
                Refusal(
                    number=number,
                    field=f"{kind}.{one.field}".rstrip("."),
                    problem=one.problem,
                    remedy=one.remedy,
                )
            )


def _object(item: Any) -> Object:
    if not isinstance(item, dict):
        raise Wrong("", "it is no object", 'like {"id": …, "name": …}')
    for name in _LISTS:
        listed = item.get(name) or []
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise Wrong(name, "it is no list of objects")
    return item


def _text(
    item: Object, field: str, limit: int, *, needed: bool = False, lines: bool = False
) -> str:
    value = item.get(field)
    if value is not None and not isinstance(value, str | int):
        raise Wrong(field, "it is no text")
    found = checks.text(field, str(value if value is not None else ""), limit=limit, lines=lines)
    if needed and not found:
        raise Wrong(field, "it is missing")
    return found


def _organization(reading: _Reading, item: Object) -> None:
    id_ = _text(item, "id", 500, needed=True)
    _text(item, "name", 250, needed=True)
    _text(item, "classification", 60)
    reading.organizations[id_] = item


def _organization_record(reading: _Reading, item: Object) -> OrganizationRecord:
    parent = str(item.get("parent_id") or "")
    return OrganizationRecord(
        key=reading.key("org", str(item["id"])), name=_text(item, "name", 250),
        classification=_text(item, "classification", 60).lower(),
        parent=reading.key("org", parent) if parent in reading.organizations else "",
    )  # fmt: skip


def _area(reading: _Reading, item: Object) -> None:
    id_, name = _text(item, "id", 500, needed=True), _text(item, "name", 250, needed=True)
    ocd = _ocd(item, id_)
    key = ocd or reading.key("area", id_)
    reading.areas[id_] = key
    if key not in reading.made:
        reading.made.add(key)
        reading.batch.areas.append(
            AreaRecord(key=key, name=name, classification=_text(item, "classification", 60),
                       country=_country_of(ocd), parent=ocd.rpartition("/")[0])
        )  # fmt: skip


def _ocd(item: Object, id_: str) -> str:
    told = [str(one.get("identifier", "")) for one in item.get("identifiers") or []]
    found = next((one for one in (id_, *told) if one.startswith("ocd-division/")), "")
    return checks.division("id", found)


def _country_of(division: str) -> str:
    return division.partition("country:")[2][:2]


def _post(reading: _Reading, item: Object) -> None:
    id_ = _text(item, "id", 500, needed=True)
    if id_ in reading.posts:
        raise Wrong("id", f"two posts have the id {id_[:60]}", "take one away")
    role = _text(item, "role", 200) or _text(item, "label", 200, needed=True)
    area, country = _place(reading, item)
    post = PostRecord(
        key=reading.key("post", id_), role=role, kind=slug(str(item.get("kind") or "")) or "other",
        label=_text(item, "label", 250), organization=_org_key(reading, item), area=area,
        country=country, office=bool(item.get("office")),
    )  # fmt: skip
    contacts = list(_contacts(item, post.key, country))
    reading.posts[id_] = item
    reading.made.add(post.key)
    reading.batch.posts.append(post)
    reading.batch.contacts += contacts


def _place(reading: _Reading, item: Object) -> tuple[str, str]:
    """(area's key, country) of a post or membership."""
    nested = item.get("area")
    id_ = str(item.get("area_id") or (nested.get("id") if isinstance(nested, dict) else "") or "")
    if id_ and id_ not in reading.areas and isinstance(nested, dict):
        _area(reading, nested)
    area = reading.areas.get(id_, id_ if id_.startswith("ocd-division/") else "")
    given = checks.country("country", str(item.get("country") or ""))
    return checks.division("area_id", area) if area.startswith(
        "ocd-"
    ) else area, given or _country_of(area)


def _org_key(reading: _Reading, item: Object) -> str:
    id_ = str(item.get("organization_id") or "")
    if not id_:
        return ""
    if id_ not in reading.organizations:
        raise Wrong(
            "organization_id", f"there is no organization {id_[:60]}", "add it to organizations"
        )
    return reading.key("org", id_)


def _person(reading: _Reading, item: Object) -> None:
    id_ = _text(item, "id", 500, needed=True)
    if id_ in reading.people:
        raise Wrong("id", f"two persons have the id {id_[:60]}", "take one away")
    key = reading.key("person", id_)
    told = [one for one in item.get("other_names") or [] if one.get("name")]
    person = PersonRecord(
        key=key, name=_text(item, "name", 200, needed=True),
        given_name=_text(item, "given_name", 120), family_name=_text(item, "family_name", 120),
        honorific=_text(item, "honorific_prefix", 60),
        party=_text(item, "party", 120),
        other_names=" ".join(_text(one, "name", 200) for one in told)[:1000],
        identifiers={
            _text(one, "scheme", 60): _text(one, "identifier", 200)
            for one in item.get("identifiers") or []
        },
        checked_on=checks.day("checked_on", str(item.get("checked_on") or ""), today=reading.today),
    )  # fmt: skip
    contacts = list(_contacts(item, key, ""))
    reading.people[id_] = person
    reading.batch.people.append(person)
    reading.batch.contacts += contacts


def _contacts(item: Object, owner: str, country: str) -> Iterator[ContactRecord]:
    told = list(item.get("contact_details") or [])
    if item.get("email"):
        told.insert(0, {"type": "email", "value": item["email"]})
    told += [{"type": "url", "value": one.get("url")} for one in item.get("links") or []]
    met = set[tuple[str, str]]()
    for one in told:
        given = _text(one, "type", 40).lower()
        type_ = _TYPES.get(given, "")
        if not type_:
            raise Wrong(
                "contact_details.type", f"{given[:40]!r} is no way to reach somebody we know",
                f"one of {', '.join(sorted(set(_TYPES.values())))}",
            )  # fmt: skip
        value = _text(one, "value", 1000, needed=True, lines=type_ == "address")
        value = checks.contact(type_, "contact_details.value", value, country_code=country)
        if (type_, value) not in met:
            met.add((type_, value))
            yield ContactRecord(
                key=f"{owner}#{type_}:{_exactly(value)}", owner=owner, type=type_, value=value,
                label=_text(one, "label", 200), note=_text(one, "note", 4000, lines=True),
                rank=len(met) - 1,
            )  # fmt: skip


def _membership(reading: _Reading, item: Object) -> None:
    person = reading.people.get(str(item.get("person_id") or ""))
    if person is None:
        raise Wrong("person_id", f"there is no person {str(item.get('person_id'))[:60]}")
    first = _day(item, "start_date")
    last = _day(item, "end_date")
    if last and last < reading.today:
        return
    organization = _org_key(reading, item)
    class_ = str(
        reading.organizations.get(str(item.get("organization_id")), {}).get("classification")
    )
    if class_.lower() == "party":
        _belongs(reading, person, str(item.get("organization_id")))
        return
    party = str(item.get("on_behalf_of_id") or "")
    if party in reading.organizations:
        _belongs(reading, person, party)
    post = "" if class_.lower() == "committee" else _post_key(reading, item, organization, class_)
    key = f"{person.key}@{post or organization}"
    if key in reading.made:
        return
    reading.made.add(key)
    reading.batch.memberships.append(
        MembershipRecord(
            key=key,
            person=person.key,
            post=post,
            organization=organization,
            role=_text(item, "role", 200),
            valid_from=first,
            valid_to=last,
        )
    )


def _day(item: Object, field: str) -> date | None:
    """Popolo lets a day be a year or a month alone: its first or last day is meant."""
    text = _text(item, field, 25)[:10]
    parts = text.split("-")
    if text and len(parts) < 3:
        month = parts[1] if len(parts) > 1 else ("12" if field == "end_date" else "01")
        text = f"{parts[0]}-{month}-{'28' if field == 'end_date' else '01'}"
    return checks.day(field, text, today=date.max)


def _belongs(reading: _Reading, person: PersonRecord, party: str) -> None:
    reading.parties[person.key] = _text(reading.organizations[party], "name", 120)


def _post_key(reading: _Reading, item: Object, organization: str, class_: str) -> str:
    """The post a membership names, or one made of its organization, area and role."""
    given = str(item.get("post_id") or "")
    if given in reading.posts:
        return reading.key("post", given)
    area, country = _place(reading, item)
    role = _text(item, "role", 200) or "Member"
    if not organization and not item.get("role"):
        raise Wrong("post_id", "it names neither post, organization nor role")
    key = reading.key("post", f"{slug(role, limit=30)}-{mark(organization, area, role)}")
    if key not in reading.made:
        reading.made.add(key)
        kind = (
            "legislator" if class_.lower() in {"legislature", "chamber", "parliament"} else "other"
        )
        reading.batch.posts.append(
            PostRecord(key=key, role=role, kind=kind, organization=organization, area=area,
                       country=country)
        )  # fmt: skip
    return key


def _lonely(reading: _Reading) -> None:
    """Somebody without an office cannot be a target: say so."""
    seated = {one.person for one in reading.batch.memberships if one.post}
    for number, person in enumerate(reading.people.values(), 1):
        if person.key not in seated:
            reading.draft.notes.append(f"{person.name} (person {number}) holds no office now")
