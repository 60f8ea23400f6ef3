"""What can be asked about decision makers. Every answer is as of a day: today, if none is said."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

import msgspec
from django.db.models import Count, Q, QuerySet

from groundswell.base import clock
from groundswell.directory import lists, reading
from groundswell.directory.lists import Rule
from groundswell.directory.models import (
    Area,
    Correction,
    Crossing,
    Edition,
    ImportRow,
    Listing,
    Membership,
    Organization,
    Person,
    Post,
    Report,
    Row,
    Source,
    TargetList,
)
from groundswell.directory.targets import Contact, Target

PER_PAGE = 50


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a search; `pages` is at least 1."""

    items: list[Target]
    total: int
    page: int
    pages: int


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """Something to filter by: its value, its words, how many decision makers have it."""

    value: str
    label: str
    count: int = 0


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """How a person or post was, from when to when, by which edition; newest first."""

    kind: str
    edition: int
    source: str
    as_of: date
    valid_from: date
    valid_to: date | None
    undone: bool
    said: dict[str, str]


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a contact, who said so and when."""

    at: Any
    what: str
    by: str
    note: str
    contact: Contact


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one decision maker. `committees`: (name, role), main ones first.

    `target` is None when the office has ended: then `versions` say what was.
    """

    key: str
    target: Target | None
    versions: list[Version]
    committees: list[tuple[str, str]]
    corrections: list[Correction]
    reports: list[Reported]
    source: Source | None


def targets(keys: Iterable[str], *, on: date | None = None) -> dict[str, Target]:
    """The targets with these keys; keys of nobody who can be reached on that day are missing."""
    day = on or _today()
    found: dict[str, Target] = {}
    for some in reading.chunks(sorted(set(keys))):
        rows = reading.on(day).filter(target__in=some).select_related("source")
        found.update((one.key, one) for one in reading.targets(rows, day))
    return found


def of_list(list_id: int, *, on: date | None = None) -> list[Target]:
    """Whom a target list holds on that day. Raises TargetList.DoesNotExist."""
    return evaluate(lists.read(TargetList.objects.get(pk=list_id).rule), on=on)


def evaluate(rule: Rule, *, on: date | None = None) -> list[Target]:
    """Whom a rule means, by name; vacant seats are left out."""
    day = on or _today()
    rows = _chosen(rule, day).filter(vacant=False).exclude(target__in=rule.without)
    ordered = rows.select_related("source").order_by("sorting", "id")
    return reading.targets(ordered, day)


def count(rule: Rule, *, on: date | None = None) -> int:
    """How many `evaluate` would give."""
    rows = _chosen(rule, on or _today()).filter(vacant=False).exclude(target__in=rule.without)
    return rows.count()


def _chosen(rule: Rule, day: date) -> QuerySet[Listing]:
    picked = Q(target__in=rule.keys)
    if not rule.chooses():
        return reading.on(day).filter(picked)
    described = reading.narrow(reading.on(day), rule, day).values("pk")
    return reading.on(day).filter(picked | Q(pk__in=described))


def lists_all() -> list[TargetList]:
    """Every target list, by name."""
    return list(TargetList.objects.order_by("name"))


def representatives(
    division: str, kinds: Collection[str] = (), *, on: date | None = None
) -> list[Target]:
    """Who represents a division and those it lies in, the nearest first; vacant seats too."""
    day = on or _today()
    line = above(division)
    rows = reading.on(day).filter(division__in=line).select_related("source")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    found = reading.targets(rows.order_by("sorting", "id"), day)
    return sorted(found, key=lambda one: line.index(one.division))


def above(division: str) -> list[str]:
    """A division and those it lies in, itself first, its country last."""
    parts = division.split("/")
    return ["/".join(parts[:length]) for length in range(len(parts), 1, -1)]


def search(
    text: str = "",
    *,
    rule: Rule | None = None,
    unchecked_days: int = 0,
    doubtful: bool = False,
    page: int = 1,
    per: int = PER_PAGE,
    on: date | None = None,
) -> Found:
    """Decision makers whose text holds every word and to whom the rule's properties apply.

    `unchecked_days`: only those that nobody checked for so many days. `doubtful`: only those with a
    contact that bounced or was wrong. A page beyond the last is the last.
    """
    day = on or _today()
    rows = reading.spoken(reading.on(day), text)
    rows = reading.narrow(rows, rule or Rule(), day)
    if unchecked_days:
        rows = reading.unchecked(rows, days=unchecked_days, today=day)
    if doubtful:
        rows = reading.doubtful(rows, day)
    total = rows.count()
    pages = max(1, -(-total // per))
    page = min(max(page, 1), pages)
    some = rows.select_related("source").order_by("sorting", "id")[(page - 1) * per : page * per]
    return Found(items=reading.targets(some, day), total=total, page=page, pages=pages)


def options(field: str, *, on: date | None = None) -> list[Option]:
    """What there is to filter by: field is kind, organization, party, country or source."""
    day = on or _today()
    column, label = {
        "kind": ("kind", "kind"),
        "organization": ("organization", "organization_name"),
        "party": ("party", "party"),
        "country": ("country", "country"),
        "source": ("source__slug", "source__name"),
    }[field]
    rows = reading.on(day).exclude(**{column: ""}).values_list(column, label)
    counted = rows.annotate(n=Count("pk")).order_by(label)
    names = _country_names(day) if field == "country" else {}
    return [
        Option(value=value, label=names.get(value, text), count=n) for value, text, n in counted
    ]


def _country_names(day: date) -> dict[str, str]:
    rows = Area.objects.on(day).filter(classification="country")
    return dict(rows.values_list("country", "name"))


def committees(*, country: str = "", on: date | None = None) -> list[Option]:
    """Every committee and subcommittee, by name, with how many members it has."""
    day = on or _today()
    rows = Organization.objects.on(day).filter(classification="committee")
    if country:
        rows = rows.filter(country=country)
    members = Membership.objects.on(day).filter(post="").values_list("organization")
    sizes = dict(members.annotate(n=Count("pk")).order_by())
    return [
        Option(value=key, label=name, count=sizes.get(key, 0))
        for key, name in rows.order_by("name").values_list("key", "name")
    ]


def dossier(key: str, *, on: date | None = None) -> Dossier | None:
    """All that is known about the target with this key, its history too; None if never heard of."""
    day = on or _today()
    rows = reading.on(day).filter(target=key).select_related("source")
    target = next(iter(reading.targets(rows, day)), None)
    listing = rows.first()
    people = _versions(Person, listing.person if listing else key)
    posts = _versions(Post, listing.post if listing else key)
    if not people and not posts:
        return None
    newest = (people or posts)[0]
    owners = [row.key for row in (*people[:1], *posts[:1])]
    return Dossier(
        key=key,
        target=target,
        versions=[_version(row) for row in (*people, *posts)],
        committees=_sits_on(newest.key, day),
        corrections=list(Correction.objects.filter(_about(owners)).order_by("-at")),
        reports=_reports(owners),
        source=newest.source,
    )


def _versions(model: type[Row], key: str) -> list[Any]:
    rows = model.objects.filter(key=key).select_related("source", "edition")
    return list(rows.order_by("-valid_from", "-pk"))


def _version(row: Any) -> Version:
    fields = [field for field in _SAID if hasattr(row, field)]
    return Version(
        kind=type(row).__name__.lower(), edition=row.edition_id, source=row.source.slug,
        as_of=row.edition.as_of, valid_from=row.valid_from, valid_to=row.valid_to,
        undone=row.undone, said={name: str(getattr(row, name)) for name in fields},
    )  # fmt: skip


_SAID = ("name", "given_name", "family_name", "honorific", "party", "role", "label", "area")


def _about(owners: list[str]) -> Q:
    found = Q(key__in=owners)
    for owner in owners:
        found |= Q(key__startswith=f"{owner}#")
    return found


def _reports(owners: list[str]) -> list[Reported]:
    rows = Report.objects.filter(contact__owner__in=owners).select_related("contact")
    return [
        Reported(
            at=row.at, what=row.what, by=row.by, note=row.note, contact=reading.contact(row.contact)
        )
        for row in rows.order_by("-at")
    ]


def _sits_on(person: str, day: date) -> list[tuple[str, str]]:
    seats = Membership.objects.on(day).filter(person=person, post="").order_by("organization")
    roles = dict(seats.values_list("organization", "role"))
    names = Organization.objects.on(day).filter(key__in=roles).order_by("key")
    return [(name, roles[key]) for key, name in names.values_list("key", "name")]


def editions(*, source: str = "") -> list[Edition]:
    """Every edition, those taken back too, newest first, with its source selected."""
    rows = Edition.objects.select_related("source").order_by("-loaded_at", "-pk")
    return list(rows.filter(source__slug=source) if source else rows)


def refused_rows(edition_id: int) -> list[ImportRow]:
    """The rows of an imported file that did not go in."""
    return list(ImportRow.objects.filter(edition_id=edition_id).order_by("number", "pk"))


def overdue(*, today: date | None = None) -> list[Edition]:
    """The newest edition of each source that should have been replaced by now."""
    day = today or _today()
    live = Edition.objects.filter(undone_at=None).select_related("source")
    newest: dict[int, Edition] = {one.source_id: one for one in live.order_by("number")}
    return [one for one in newest.values() if one.due_on and one.due_on <= day]


def crosswalk(
    country: str, *, on: date | None = None
) -> Iterator[tuple[str, list[tuple[str, float | None]]]]:
    """(postcode, [(division, share or None), …]) by postcode, the likeliest division first."""
    rows = Crossing.objects.on(on or _today()).filter(country=country).order_by("postcode")
    for postcode, divisions in rows.values_list("postcode", "divisions").iterator():
        yield postcode, [(division, share) for division, share in divisions]


def crosswalk_edition(
    country: str, *, on: date | None = None
) -> tuple[Edition, date | None] | None:
    """The edition the newest crosswalk rows come from, and the last day they hold."""
    rows = Crossing.objects.on(on or _today()).filter(country=country)
    newest = rows.select_related("edition__source").order_by("-edition_id").first()
    return (newest.edition, newest.valid_to) if newest else None


def regions(country: str, *, on: date | None = None) -> list[tuple[str, str]]:
    """(division, name) of a country's states, provinces or parts, by name."""
    rows = Area.objects.on(on or _today()).filter(parent=f"ocd-division/country:{country}")
    return list(rows.order_by("name").values_list("key", "name"))


def divisions(
    region: str, *, kinds: Collection[str] = (), on: date | None = None
) -> list[tuple[str, str]]:
    """(division, name) of a region itself and of what lies in it and has seats, by id."""
    day = on or _today()
    seats = reading.on(day).filter(Q(division=region) | Q(division__startswith=f"{region}/"))
    if kinds:
        seats = seats.filter(kind__in=kinds)
    rows = Area.objects.on(day).filter(key__in=seats.values("division"))
    return sorted(rows.values_list("key", "name"))


def map_changes(country: str, *, on: date | None = None) -> dict[str, date]:
    """Regions whose seats get new maps, and from which day."""
    rows = Area.objects.on(on or _today()).filter(country=country, redrawn_on__isnull=False)
    return {key: day for key, day in rows.values_list("key", "redrawn_on") if day}


def stale(*, days: int, on: date | None = None) -> dict[str, int]:
    """How many decision makers nobody checked for so long, by source, and `doubtful` ones."""
    day = on or _today()
    old = reading.unchecked(reading.on(day), days=days, today=day)
    counted = old.values_list("source__slug").annotate(n=Count("pk")).order_by("source__slug")
    return {**dict(counted), "": reading.doubtful(reading.on(day), day).count()}


def _today() -> date:
    return clock.now().date()
