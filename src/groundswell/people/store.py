"""Storing new rows by the thousand. Raw SQL, because the ORM cannot say which rows were new."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from groundswell.people.models import Participation

_COLUMNS: Final = (
    "submission_id", "page_key", "kind", "language", "source", "country", "received_at",
    "email_index", "sealed", "marks", "state", "counted", "rank",
)  # fmt: skip
_CHUNK: Final = 500  # rows a statement: 6,500 parameters, below every limit
_ROW: Final = "(" + ", ".join(["%s"] * len(_COLUMNS)) + ")"


def insert_new(rows: Sequence[Participation]) -> list[Participation]:
    """Insert the rows whose submission is not stored yet, and return those, with their ids.

    A row that is there already, even an erased one, stays as it is: a replay changes nothing.
    """
    new = []
    for start in range(0, len(rows), _CHUNK):
        chunk = {row.submission_id: row for row in rows[start : start + _CHUNK]}
        for row_id, submission_id in _insert(list(chunk.values())):
            row = chunk[submission_id]
            row.pk = row_id
            new.append(row)
    # Databases return in any order; ours is the order of arrival.
    return sorted(new, key=lambda row: row.pk)


def known(submissions: Sequence[UUID]) -> set[UUID]:
    """Those of the submissions that are stored."""
    found = Participation.objects.filter(submission_id__in=submissions)
    return set(found.values_list("submission_id", flat=True))


def _insert(rows: list[Participation]) -> list[tuple[int, UUID]]:
    values: list[Any] = []
    for row in rows:
        values += _values(row)
    places = ", ".join([_ROW] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO people_participation ({', '.join(_COLUMNS)}) VALUES {places}"  # noqa: S608  no value is in the text
            " ON CONFLICT (submission_id) DO NOTHING RETURNING id, submission_id",
            values,
        )
        return [(row_id, _uuid(found)) for row_id, found in cursor.fetchall()]


def _values(row: Participation) -> tuple[Any, ...]:
    return (
        _key(row.submission_id), _key(row.page_key), row.kind, row.language, row.source,
        row.country, _moment(row.received_at), row.email_index, row.sealed, row.marks,
        row.state, row.counted, row.rank,
    )  # fmt: skip


def _key(value: UUID) -> UUID | str:
    return value if connection.features.has_native_uuid_field else value.hex


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(hex=value)


def _moment(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)
