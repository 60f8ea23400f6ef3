"""Millions of participations in a few minutes, made by the database itself.

What is looked for is as in life: the newest rows have the highest ids; half of all came within two
days, as after a celebrity's post; few pages have most; countries, languages and sources are uneven;
three in a hundred are duplicates; each row has had its mail. The sums agree with the rows. Only the
first and the last `OPENED` rows are really sealed: the others hold as many bytes of noise, since
sealing ten million would take longer than all benchmarks together, and nobody opens them here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from groundswell.people import keys, vault
from groundswell.people.models import Participation

OPENED: Final = 50_000
CHUNK: Final = 500_000
# A hundred places each; what is frequent has more of them.
COUNTRIES: Final = "DEDEDEDEGBGBGBFRFRFRUSUSUSININBRBRESESITPLMAEGJO  " * 4
LANGUAGES: Final = "en" * 50 + "ar" * 15 + "fr" * 15 + "de" * 12 + "es" * 8
SOURCES: Final = "".join(
    f"{name:10}" * weight
    for name, weight in (("", 30), ("whatsapp", 22), ("instagram", 18), ("facebook", 10),
                         ("x", 8), ("telegram", 5), ("email", 4), ("tiktok", 3))
)  # fmt: skip
# Three of ten in the year before, half within two days, the rest in the week since.
_AGE: Final = (
    "86400 * CASE WHEN x < 0.3 THEN 8.0 + (1 - x / 0.3) * 392 WHEN x < 0.8 THEN 6.0 + (0.8 - x) * 4"
    " ELSE (1 - x) * 30 END"
)
_PLACES: Final = (
    "submission_id, page_key, kind, language, source, country, received_at, email_index, sealed,"
    " marks, state, confirmed_at, counted, rank"
)
# `who` is a person; `a` and `b` are as good as random, and the same in both databases.
_PEOPLE: Final = f"""
(SELECT *, CAST(:now - {_AGE} AS BIGINT) AS at, b % 100 < 70 AS sure,
 CAST(:n * (a / 4294967296.0) * (a / 4294967296.0) - 0.5 AS INT) AS page,
 rtrim(substr(:countries, 1 + 2 * CAST(a / 83 % 100 AS INT), 2)) AS country,
 substr(:languages, 1 + 2 * CAST(a / 97 % 100 AS INT), 2) AS language,
 rtrim(substr(:sources, 1 + 10 * CAST(b / 89 % 100 AS INT), 10)) AS source
 FROM (SELECT i, i / :total AS x, again, i - again AS who,
  (i - again) * 2654435761 % 4294967296 AS a, (i * 2246822519 + 374761393) % 4294967296 AS b
  FROM (SELECT i, CAST(i * 3266489917 % 100 < 3 AS INT) AS again FROM :numbers) n) h) t
"""
# A blob's middle is found at once; a text's is looked for from its start.
_PAGE: Final = {
    "sqlite": "CAST(substr(CAST(:pages AS BLOB), 1 + 32 * page, 32) AS TEXT)",
    "postgresql": "substr(:pages, 1 + 32 * page, 32)::uuid",
}
_STATE: Final = (
    "CASE WHEN sure THEN 'confirmed' WHEN b % 100 = 99 THEN 'withdrawn' ELSE 'pending' END"
)
_ROWS: Final = {
    "sqlite": f"""
INSERT INTO people_participation ({_PLACES})
SELECT printf('%08x', i) || lower(hex(randomblob(12))), {_PAGE["sqlite"]}, 'petition', language,
 source, country, strftime('%Y-%m-%d %H:%M:%S', at, 'unixepoch'),
 CAST(printf('%016d%016d', who * 2654435761 % 9007199254740881, who) AS BLOB),
 randomblob(:size), b % 200 = 7, {_STATE},
 CASE WHEN sure THEN strftime('%Y-%m-%d %H:%M:%S', at + b % 3600, 'unixepoch') END,
 sure AND NOT again, again FROM {_PEOPLE}
""",
    "postgresql": f"""
INSERT INTO people_participation ({_PLACES})
SELECT (lpad(to_hex(i), 8, '0') || substr(md5(i::text), 1, 24))::uuid, {_PAGE["postgresql"]},
 'petition', language, source, country, to_timestamp(at), sha256(who::text::bytea),
 decode(rpad('', :size * 2, md5(i::text)), 'hex'), (b % 200 = 7)::int, {_STATE},
 CASE WHEN sure THEN to_timestamp(at + b % 3600) END, sure AND again = 0, again FROM {_PEOPLE}
""",
}
_ADD: Final = """
INSERT INTO campaigns_count (page_key, dimension, value, collected, confirmed)
SELECT {page}, {dimension}, {value}, SUM(c), SUM(k) FROM {rows} WHERE true GROUP BY {group}
ON CONFLICT (page_key, dimension, value) DO UPDATE SET
 collected = campaigns_count.collected + excluded.collected,
 confirmed = campaigns_count.confirmed + excluded.confirmed
"""
_COUNTED: Final = "CASE WHEN sure AND again = 0 THEN 1 ELSE 0 END"
_QUARTERS: Final = f"""
(SELECT page, at / 900 AS quarter, 1 AS c, 0 AS k FROM {_PEOPLE}
 UNION ALL SELECT page, (at + b % 3600) / 900, 0, 1 FROM {_PEOPLE} WHERE {_COUNTED} = 1) e
"""
_SLICES: Final = f"""
CREATE TEMPORARY TABLE slices AS
SELECT page, country, language, source, COUNT(*) AS c, SUM({_COUNTED}) AS k
FROM {_PEOPLE} GROUP BY page, country, language, source
"""
_NUMBERS: Final = {
    "sqlite": "(WITH RECURSIVE n(i) AS (VALUES (:first) UNION ALL SELECT i + 1 FROM n"
    " WHERE i < :last) SELECT i FROM n)",
    "postgresql": "generate_series(:first::bigint, :last::bigint) AS i",
}
_WINDOW: Final = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M', quarter * 900, 'unixepoch')",
    "postgresql": """to_char(to_timestamp(quarter * 900) AT TIME ZONE 'UTC',"""
    """ 'YYYY-MM-DD"T"HH24:MI')""",
}
# Those of their own; what a column's UNIQUE needs stays.
_INDEXES: Final = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    " AND tbl_name = 'people_participation'",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes"
    " WHERE tablename = 'people_participation' AND indexname NOT IN"
    " (SELECT conname FROM pg_constraint)",
}


def fill(*, first: int, last: int, total: int, pages: Sequence[UUID], now: datetime) -> None:
    """Make the rows `first` to `last` of `total`, and add them to the sums."""
    sample = vault.seal(a_person(1), submission_id=UUID(int=1), cipher=keys.data_keys().cipher)
    values: dict[str, object] = {
        "total": float(total), "n": len(pages), "pages": "".join(page.hex for page in pages),
        "now": int(now.timestamp()), "size": len(sample), "countries": COUNTRIES,
        "languages": LANGUAGES, "sources": SOURCES,
    }  # fmt: skip
    with _in_haste():
        with _without_indexes():
            for start in range(first, last + 1, CHUNK):
                values |= {"first": start, "last": min(last, start + CHUNK - 1)}
                _run(_ROWS[connection.vendor], values)
        _add_to_sums({**values, "first": first})


def _add_to_sums(values: Mapping[str, object]) -> None:
    page, window = _PAGE[connection.vendor], _WINDOW[connection.vendor]
    parts = {"page": page, "dimension": "'window'", "value": window, "group": "page, quarter"}
    _run(_ADD.format(rows=_QUARTERS, **parts), values)
    _run(_SLICES, values)
    for name in ("''", "country", "language", "source"):
        dimension = "'all'" if name == "''" else f"'{name}'"
        group = "page" if name == "''" else f"page, {name}"
        parts = {"page": page, "dimension": dimension, "value": name, "group": group}
        _run(_ADD.format(rows="slices", **parts), values)
    _run("DROP TABLE slices")


def seal_ends() -> None:
    """Put real people into the first and the last rows."""
    cipher = keys.data_keys().cipher
    every = Participation.objects.only("submission_id")
    for order in ("id", "-id"):
        values = []
        for row in every.order_by(order)[:OPENED]:
            fields = a_person(row.pk)
            sealed = vault.seal(fields, submission_id=row.submission_id, cipher=cipher)
            values.append((sealed, vault.index(fields["email"]), row.pk))
        with _in_haste(), transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE people_participation SET sealed = %s, email_index = %s WHERE id = %s",
                values,
            )


def a_person(number: int) -> dict[str, str]:
    """What somebody has filled in."""
    return {
        "given_name": "Amina", "family_name": f"O’Brien-{number}",
        "email": f"amina.{number}@example.org", "postcode": "SW1A 1AA",
        "comment": "For the river behind our school.",
    }  # fmt: skip


@contextmanager
def _in_haste() -> Iterator[None]:
    """For a while with much memory and no fsync: what is lost here can be made again."""
    hasty = {
        "sqlite": ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA threads=2",
                   "PRAGMA cache_size=-1000000", "PRAGMA secure_delete=OFF"),
        "postgresql": ("SET synchronous_commit=off", "SET maintenance_work_mem='1GB'",
                       "SET work_mem='256MB'"),
    }  # fmt: skip
    for one in hasty[connection.vendor]:
        with connection.cursor() as cursor:
            cursor.execute(one)
    try:
        yield
    finally:
        connection.close()


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Make the indexes after the rows, which takes a tenth of the time."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES[connection.vendor])
        indexes = list(cursor.fetchall())
    for name, _made in indexes:
        _run(f'DROP INDEX "{name}"')
    yield
    for _name, made in indexes:
        _run(made)


def _run(statement: str, values: Mapping[str, object] | None = None) -> None:
    # Names as both databases' drivers like them; no percent sign of ours is a place for a value.
    statement = statement.replace(":numbers", _NUMBERS[connection.vendor])
    used = {name: value for name, value in (values or {}).items() if f":{name}" in statement}
    if used:
        statement = statement.replace("%", "%%")
    for name in used:
        statement = re.sub(rf"(?<!:):{name}\b", f"%({name})s", statement)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, used or None)
