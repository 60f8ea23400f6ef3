"""Reading supporters' rows for organisers: who may, and what they get.

Every function takes the organiser as `by` and checks the permission itself, so a view that
forgets to ask shows nothing. Lists are paged by key and look at a bounded number of rows, so a
page costs the same with a thousand participations and with ten million.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from groundswell.people import vault
from groundswell.people.models import AuditEntry, Consent, Participation

SEE: Final = "people.see_supporters"
HELP: Final = "people.help_supporters"
ERASE: Final = "people.erase_supporters"
EXPORT: Final = "people.export_supporters"
AUDIT: Final = "people.read_audit"

PAGE_SIZE: Final = 50
# How many rows a filter without an index of its own may look through for one page of results.
LOOK_BACK: Final = 50_000
SAME_ADDRESS_LIMIT: Final = 100


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list shows; an empty value does not filter. Several pages mean a whole campaign."""

    page_keys: Collection[UUID] = ()
    state: str = ""
    language: str = ""
    country: str = ""
    source: str = ""
    duplicates: bool = False
    marked: bool = False

    @property
    def active(self) -> dict[str, Any]:
        """The filters that are set, by name."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name))}


@dataclass(frozen=True)
class Listing:
    """One page of a list, the newest first.

    `before` leads to the next page; None when this is the last. `looked_back_to` is set when the
    filter found too little within the rows that one request looks at: older ones may follow.
    """

    rows: list[Participation]
    before: int | None
    looked_back_to: datetime | None = None


@dataclass(frozen=True)
class Moment:
    """One thing that happened to a participation."""

    at: datetime
    what: str
    by: str = ""
    detail: str = ""


def may(by: Any, permission: str) -> bool:
    """Whether this organiser has the permission."""
    return bool(by.is_active and by.has_perm(permission))


def require(by: Any, permission: str) -> None:
    """Raise PermissionDenied unless the organiser has the permission."""
    if not may(by, permission):
        raise PermissionDenied


def access_participation(*, id: UUID, by: Any) -> Participation:  # noqa: A002  the contract's name
    """One participation, by its submission id: the only way for an organiser to get at one.

    Raises Participation.DoesNotExist when there is none, and also when the organiser may not see
    supporters: who may not know gets the same answer as who guesses.
    """
    if not may(by, SEE):
        raise Participation.DoesNotExist
    return Participation.objects.get(submission_id=id)


def list_participations(
    *, by: Any, filters: Filters, before: int | None = None, size: int = PAGE_SIZE
) -> Listing:
    """One page of participations, the newest first, older than the row id `before`.

    Rows that arrive meanwhile change nothing on the pages after. Raises PermissionDenied.
    """
    require(by, SEE)
    scope = _scope(filters, before)
    floor = _floor(scope) if needs_look_back(filters) else None
    query = narrow(scope, filters)
    if floor is not None:
        query = query.filter(id__gte=floor.id)
    rows = list(query[: size + 1])
    if len(rows) > size:
        return Listing(rows[:size], before=rows[size - 1].id)
    if floor is None:
        return Listing(rows, before=None)
    return Listing(rows, before=floor.id, looked_back_to=floor.received_at)


def find_by_email(*, email: str, by: Any) -> list[Participation]:
    """All participations from an address, over all pages, in whatever spelling it was given.

    The newest first, at most SAME_ADDRESS_LIMIT. Raises PermissionDenied.
    """
    require(by, SEE)
    rows = Participation.objects.filter(email_index__in=vault.all_indexes(email))
    return list(rows.order_by("-id")[:SAME_ADDRESS_LIMIT])


def same_address(*, participation: Participation, by: Any) -> list[Participation]:
    """The other participations from the same address, over all pages, the newest first."""
    require(by, SEE)
    if participation.email_index is None:
        return []
    rows = Participation.objects.filter(email_index=participation.email_index)
    return list(rows.exclude(id=participation.id).order_by("-id")[:SAME_ADDRESS_LIMIT])


def history(*, participation: Participation, by: Any) -> list[Moment]:
    """Everything that happened to a participation, in the order of time. Three queries."""
    require(by, SEE)
    moments = [Moment(participation.received_at, "received", "supporter")]
    for consent in participation.consents.all():
        moments += _consent_moments(consent)
    for mail in participation.mails.all():
        moments += _mail_moments(mail)
    moments += [Moment(e.at, e.what, e.by, e.detail) for e in participation.events.all()]
    return sorted(moments, key=lambda moment: moment.at)


def audit_entries(
    *,
    by: Any,
    action: str = "",
    organiser: str = "",
    participation: UUID | None = None,
    before: int | None = None,
    size: int = PAGE_SIZE,
) -> tuple[list[AuditEntry], int | None]:
    """One page of the audit log, the newest first, and the key of the next page if there is one.

    Raises PermissionDenied.
    """
    require(by, AUDIT)
    wanted = {
        "action": action,
        "organiser": organiser,
        "object": participation.hex if participation else "",
    }
    query = AuditEntry.objects.filter(**{name: value for name, value in wanted.items() if value})
    if before is not None:
        query = query.filter(id__lt=before)
    rows = list(query.order_by("-id")[: size + 1])
    more = len(rows) > size
    return rows[:size], rows[size - 1].id if more else None


def narrow(query: QuerySet[Participation], filters: Filters) -> QuerySet[Participation]:
    """The rows of a query that the filters let through."""
    if filters.page_keys:
        query = query.filter(page_key__in=filters.page_keys)
    for name in ("state", "language", "country", "source"):
        if value := getattr(filters, name):
            query = query.filter(**{name: value})
    if filters.duplicates:
        query = query.filter(rank__gt=0)
    if filters.marked:
        query = query.filter(marks__gt=0)
    return query


def needs_look_back(filters: Filters) -> bool:
    """Whether no index answers the filters: anything beyond one page at most."""
    return len(filters.page_keys) > 1 or bool(filters.active.keys() - {"page_keys"})


def _scope(filters: Filters, before: int | None) -> QuerySet[Participation]:
    query = Participation.objects.order_by("-id")
    if len(filters.page_keys) == 1:
        query = query.filter(page_key=next(iter(filters.page_keys)))
    return query if before is None else query.filter(id__lt=before)


def _floor(scope: QuerySet[Participation]) -> Participation | None:
    """The oldest row that one request looks at; None when the end is nearer than that."""
    key = scope.values_list("id", flat=True)[LOOK_BACK : LOOK_BACK + 1].first()
    return None if key is None else Participation.objects.only("id", "received_at").get(id=key)


def _consent_moments(consent: Consent) -> list[Moment]:
    given = Moment(
        consent.given_at, "consent_given", "supporter", f"{consent.purpose} {consent.version}"
    )
    if consent.withdrawn_at is None:
        return [given]
    return [given, Moment(consent.withdrawn_at, "consent_withdrawn", "supporter", consent.purpose)]


def _mail_moments(mail: Any) -> list[Moment]:
    if mail.sent_at is not None:
        return [Moment(mail.sent_at, "mail_sent", "core", mail.template)]
    if mail.failed:
        return [Moment(mail.due_at, "mail_failed", "core", f"{mail.template} {mail.failed}")]
    return [Moment(mail.due_at, "mail_waiting", "core", mail.template)]
