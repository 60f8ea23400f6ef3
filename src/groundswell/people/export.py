"""CSV exports: streamed in constant memory, safe to open in a spreadsheet.

Rows are read in short queries of BATCH rows, so that an export of hours holds no lock and no
snapshot; what arrives after the export began is not in it.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from groundswell.base import sealing
from groundswell.base.cells import escape
from groundswell.people import audit, keys, queries, vault
from groundswell.people.models import Consent, Participation
from groundswell.people.queries import Filters

BATCH: Final = 1000
BOM: Final = "\ufeff"
UNREADABLE: Final = "(cannot be opened)"
CLEAR_COLUMNS: Final = (
    "id",
    "received_at",
    "page",
    "state",
    "confirmed_at",
    "counted",
    "duplicate",
    "language",
    "country",
    "source",
)
PERSONAL_COLUMNS: Final = (
    "prefix",
    "given_name",
    "family_name",
    "email",
    "street",
    "city",
    "region",
    "postcode",
    "division",
    "phone",
    "comment",
    "subject",
    "body",
)


@dataclass(frozen=True, kw_only=True)
class Columns:
    """What an export holds. `custom` are fields of questions, `consents` are purposes."""

    clear: Sequence[str] = CLEAR_COLUMNS
    personal: Sequence[str] = PERSONAL_COLUMNS
    custom: Sequence[tuple[str, str]] = ()
    consents: Sequence[str] = ()

    def header(self) -> list[str]:
        """The first line. A consent has two columns: which text, and since when."""
        consents = [
            f"consent_{purpose}_{part}" for purpose in self.consents for part in ("text", "given")
        ]
        return [*self.clear, *self.personal, *(label for _, label in self.custom), *consents]


class _Line:
    """A csv.writer's file that hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def stream(
    *, by: Any, filters: Filters, columns: Columns, titles: dict[UUID, str], bom: bool
) -> Iterator[str]:
    """The CSV's text in pieces of BATCH lines, the oldest participation first.

    Writes two audit entries: at the start who exports what, at the end how many rows have left,
    also when the download is broken off. Raises PermissionDenied at once, not at the first piece.
    """
    queries.require(by, queries.EXPORT)
    last = Participation.objects.aggregate(Max("id"))["id__max"] or 0
    audit.record(by=by, action=audit.EXPORT, detail=_describe(filters, columns))
    return _pieces(by=by, filters=filters, columns=columns, titles=titles, bom=bom, last=last)


def _pieces(
    *, by: Any, filters: Filters, columns: Columns, titles: dict[UUID, str], bom: bool, last: int
) -> Iterator[str]:
    write = csv.writer(_Line(), quoting=csv.QUOTE_ALL).writerow
    sent = 0
    complete = False
    try:
        yield (BOM if bom else "") + str(write([escape(cell) for cell in columns.header()]))
        for batch in batches(filters=filters, last=last):
            lines = _rows(batch, columns, titles)
            piece = "".join(str(write([escape(cell) for cell in line])) for line in lines)
            sent += len(batch)
            yield piece
        complete = True
    finally:
        state = "complete" if complete else "broken off"
        audit.record(by=by, action=audit.EXPORT_END, detail=f"rows={sent} {state}")


def batches(*, filters: Filters, last: int) -> Iterator[list[Participation]]:
    """All rows the filters let through up to the row id `last`, by ids, BATCH at most at a time."""
    scope = Participation.objects.filter(id__lte=last).order_by("id")
    if len(filters.page_keys) == 1:
        scope = scope.filter(page_key=next(iter(filters.page_keys)))
    after = 0
    while True:
        ids = list(scope.filter(id__gt=after).values_list("id", flat=True)[:BATCH])
        if not ids:
            return
        # First by key, then by filter: a rare state must not make one query walk the whole table.
        rows = list(
            queries.narrow(Participation.objects.filter(id__in=ids), filters).order_by("id")
        )
        after = ids[-1]
        if rows:
            yield rows


def _rows(
    batch: Sequence[Participation], columns: Columns, titles: dict[UUID, str]
) -> Iterator[list[str]]:
    cipher = keys.data_keys().cipher
    consents = _consents(batch) if columns.consents else {}
    for row in batch:
        yield [
            *(_clear(row, name, titles) for name in columns.clear),
            *_personal(row, columns, cipher),
            *_consent_cells(consents.get(row.id, {}), columns.consents),
        ]


def _personal(row: Participation, columns: Columns, cipher: sealing.FieldCipher) -> list[str]:
    names = [*columns.personal, *(name for name, _ in columns.custom)]
    try:
        opened = vault.open_row(row, cipher=cipher)
    except vault.Gone:
        return [""] * len(names)
    except sealing.CannotOpen:
        # One row that a lost key has sealed must not keep the others from being exported.
        return [UNREADABLE] * len(names)
    return [opened.get(name) for name in names]


def _clear(row: Participation, name: str, titles: dict[UUID, str]) -> str:
    if name == "id":
        return str(row.submission_id)
    if name == "page":
        return titles.get(row.page_key, str(row.page_key))
    if name == "duplicate":
        return "yes" if row.rank else "no"
    value = getattr(row, name)
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _consents(batch: Iterable[Participation]) -> dict[int, dict[str, Consent]]:
    found: dict[int, dict[str, Consent]] = defaultdict(dict)
    for consent in Consent.objects.filter(participation_id__in=[row.id for row in batch]):
        found[consent.participation_id][consent.purpose] = consent
    return found


def _consent_cells(given: dict[str, Consent], purposes: Sequence[str]) -> Iterator[str]:
    for purpose in purposes:
        consent = given.get(purpose)
        # A consent that was taken back must not be found in a list of addresses to write to.
        if consent is None or consent.withdrawn_at is not None:
            yield from ("", "")
        else:
            yield from (consent.version, _time(consent.given_at))


def _time(moment: datetime) -> str:
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return local.isoformat(sep=" ", timespec="seconds")


def _describe(filters: Filters, columns: Columns) -> str:
    active = {
        name: " ".join(key.hex for key in value) if name == "page_keys" else value
        for name, value in filters.active.items()
    }
    chosen = ", ".join(columns.header())
    return f"{', '.join(f'{name}={value}' for name, value in active.items()) or 'all'}; {chosen}"
