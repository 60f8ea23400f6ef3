"""From listings to targets: the filters of a search and the contacts that belong to a target."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from groundswell.directory.folding import fold
from groundswell.directory.lists import Rule
from groundswell.directory.models import ContactDetail, Listing, Membership
from groundswell.directory.targets import Contact, Target

_CHUNK: Final = 5000


def on(day: date) -> QuerySet[Listing]:
    """The listings that hold on that day."""
    return Listing.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def narrow(rows: QuerySet[Listing], rule: Rule, day: date) -> QuerySet[Listing]:
    """Those of `rows` that a rule's properties describe, hand-picking aside."""
    for field, values in (
        ("kind", rule.kinds),
        ("organization", rule.organizations),
        ("party", rule.parties),
        ("country", rule.countries),
        ("source__slug", rule.sources),
    ):
        if values:
            rows = rows.filter(**{f"{field}__in": values})
    if rule.divisions:
        rows = rows.filter(_below(rule.divisions))
    if rule.committees:
        members = Membership.objects.on(day).filter(organization__in=rule.committees)
        rows = rows.filter(person__in=members.values("person"))
    return rows


def _below(divisions: Iterable[str]) -> Q:
    found = Q()
    for division in divisions:
        found |= Q(division=division) | Q(division__startswith=f"{division}/")
    return found


def spoken(rows: QuerySet[Listing], text: str) -> QuerySet[Listing]:
    """Those in which every word of `text` occurs, accents and case aside."""
    for word in fold(text).split()[:8]:
        rows = rows.filter(words__contains=word)
    return rows


def unchecked(rows: QuerySet[Listing], *, days: int, today: date) -> QuerySet[Listing]:
    """Those that neither a person nor their source's newest edition has checked for so long."""
    since = today - timedelta(days=days)
    return rows.filter(
        Q(checked_on=None) | Q(checked_on__lt=since),
        Q(source__checked_on=None) | Q(source__checked_on__lt=since),
    )


def doubtful(rows: QuerySet[Listing], day: date) -> QuerySet[Listing]:
    """Those with a contact that bounced or was wrong."""
    bad = ContactDetail.objects.on(day).exclude(standing="good").values("owner")
    return rows.filter(Q(person__in=bad) | Q(post__in=bad))


def targets(rows: Iterable[Listing], day: date) -> list[Target]:
    """The listings with their contacts, in the same order; `rows` with their source selected."""
    listed = list(rows)
    contacts = contacts_of({key for row in listed for key in (row.person, row.post) if key}, day)
    return [_target(row, contacts) for row in listed]


def contacts_of(owners: Iterable[str], day: date) -> dict[str, list[ContactDetail]]:
    found: dict[str, list[ContactDetail]] = defaultdict(list)
    for some in chunks(sorted(owners)):
        rows = ContactDetail.objects.on(day).filter(owner__in=some).order_by("owner", "rank", "id")
        for row in rows:
            found[row.owner].append(row)
    return found


def chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def contact(row: ContactDetail) -> Contact:
    return Contact(
        type=row.type, value=row.value, label=row.label, note=row.note, standing=row.standing,
        hours=row.hours, zone=row.zone, city=row.city, latitude=row.latitude,
        longitude=row.longitude, id=row.pk,
    )  # fmt: skip


def _target(row: Listing, contacts: dict[str, list[ContactDetail]]) -> Target:
    own = [contact(c) for key in (row.person, row.post) if key for c in contacts.get(key, ())]
    checks = [day for day in (row.checked_on, row.source.checked_on) if day]
    return Target(
        key=row.target, name=row.name, role=row.role, organization=row.organization_name,
        country=row.country, division=row.division, area=row.area, party=row.party,
        language=row.language, salutation=row.salutation, given_name=row.given_name,
        family_name=row.family_name, kind=row.kind, contacts=tuple(own),
        as_of=max(checks, default=None), valid_to=row.valid_to, vacant=row.vacant,
        ended_on=row.ended_on, source=row.source.slug,
    )  # fmt: skip
