"""Exports: what is in the file, what a spreadsheet makes of it, and what it costs."""

import csv
import io
import tracemalloc
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.base import clock
from groundswell.base.cells import escape
from groundswell.people import audit, erase, export, queries
from groundswell.people.export import Columns
from groundswell.people.models import AuditEntry, Consent, Participation
from groundswell.people.queries import Filters
from groundswell.people.tests import factories
from groundswell.people.tests.factories import Recipe, fill
from groundswell.people.tests.journal import PAGE
from groundswell.people.tests.test_reading import OTHER, organiser

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Any:
    return organiser("alice", queries.EXPORT)


def pieces(by: Any, filters: Filters | None = None, **columns: Any) -> Any:
    return export.stream(
        by=by,
        filters=filters or Filters(),
        columns=Columns(**columns),
        titles={PAGE: "Sign here"},
        bom=False,
    )


def table(by: Any, filters: Filters | None = None, **columns: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(pieces(by, filters, **columns)), newline="")))


@pytest.mark.parametrize(
    "cell",
    [
        "=HYPERLINK(1)", "+49 30 1234", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1",
        "－1", "＠x", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\u202e=1", "\u3000＝1", "\x00=1",
    ],
)  # fmt: skip
def test_it_lets_no_cell_be_a_formula(cell: str) -> None:
    assert escape(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "Ada", "O'Brien", "a=b", "محمد", "1-2", " Ada", "😀=1"])
def test_it_leaves_other_cells_as_they_are(cell: str) -> None:
    assert escape(cell) == cell


def test_it_exports_what_was_chosen(alice: Any) -> None:
    row = factories.add_one(
        page_key=PAGE,
        fields={"comment": 'Two\nlines, "quoted"', "q_visits": "=cmd()", "phone": "+44 1"},
        consents=["news", "old"],
        country="GB",
    )
    Consent.objects.filter(purpose="old").update(withdrawn_at=clock.now())
    (line,) = table(alice, custom=[("q_visits", "=Last visit?")], consents=["news", "old", "none"])
    assert line["id"] == str(row.submission_id)
    assert (line["page"], line["country"], line["state"]) == ("Sign here", "GB", "pending")
    assert (line["given_name"], line["email"]) == ("Ada", "ada@example.org")
    assert line["comment"] == 'Two\nlines, "quoted"'
    assert (line["phone"], line["'=Last visit?"]) == ("'+44 1", "'=cmd()")
    assert line["consent_news_text"] == "0123456789ab"
    assert line["consent_news_given"].startswith(f"{clock.now():%Y-%m-%d}")
    assert (line["consent_old_text"], line["consent_none_text"]) == ("", "")


def test_it_exports_no_column_that_was_not_chosen(alice: Any) -> None:
    factories.add_one(page_key=PAGE)
    text = "".join(pieces(alice, clear=["state"], personal=[]))
    assert text == '"state"\r\n"pending"\r\n'


def test_it_exports_everybody_once_in_order(alice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "BATCH", 10)
    fill(57, Recipe(page_keys=[PAGE, OTHER], until=clock.now()))
    ids = [str(row.submission_id) for row in Participation.objects.order_by("id")]
    assert [line["id"] for line in table(alice)] == ids
    here = [str(row.submission_id) for row in Participation.objects.filter(page_key=PAGE)]
    assert {line["id"] for line in table(alice, Filters(page_keys=[PAGE]))} == set(here)
    sure = Participation.objects.filter(state="confirmed")
    assert len(table(alice, Filters(state="confirmed"))) == sure.count()
    both = Filters(page_keys=[PAGE, OTHER], duplicates=True)
    assert len(table(alice, both)) == Participation.objects.filter(rank__gt=0).count()


def test_it_leaves_out_what_arrives_after_it_began(alice: Any) -> None:
    fill(5, Recipe(page_keys=[PAGE], until=clock.now()))
    running = pieces(alice)
    next(running)
    fill(5, Recipe(page_keys=[PAGE], until=clock.now(), seed=9))
    assert len(list(csv.reader(io.StringIO("".join(running))))) == 5


def test_it_exports_an_erased_row_empty(alice: Any) -> None:
    row = factories.add_one(page_key=PAGE)
    erase.erase(submission_id=row.submission_id, at=clock.now())
    (line,) = table(alice)
    assert (line["state"], line["email"], line["given_name"]) == ("erased", "", "")


def test_it_says_so_where_a_row_does_not_open_and_goes_on(alice: Any) -> None:
    factories.add_one(page_key=PAGE, sealed=b"\x01" + b"x" * 60)
    factories.add_one(page_key=PAGE)
    first, second = table(alice)
    assert (first["state"], first["email"]) == ("pending", "(cannot be opened)")
    assert second["email"] == "ada@example.org"


def test_it_marks_the_file_for_excel_when_asked(alice: Any) -> None:
    text = export.stream(by=alice, filters=Filters(), columns=Columns(), titles={}, bom=True)
    assert "".join(text).encode().startswith(b"\xef\xbb\xbf")
    assert not "".join(pieces(alice)).encode().startswith(b"\xef\xbb\xbf")


def test_it_refuses_before_the_first_line() -> None:
    with pytest.raises(PermissionDenied):
        pieces(organiser("bob", queries.SEE))
    assert not AuditEntry.objects.exists()


def test_it_writes_down_who_took_what_and_how_many(alice: Any) -> None:
    fill(12, Recipe(page_keys=[PAGE], until=clock.now()))
    list(pieces(alice, Filters(page_keys=[PAGE], language="en")))
    begun, ended = AuditEntry.objects.order_by("id")
    assert (begun.organiser, begun.action) == ("alice", audit.EXPORT)
    assert f"page_keys={PAGE.hex}, language=en" in begun.detail
    assert "email" in begun.detail
    number = Participation.objects.filter(language="en").count()
    assert (ended.action, ended.detail) == (audit.EXPORT_END, f"rows={number} complete")


def test_it_writes_down_a_download_that_was_broken_off(
    alice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "BATCH", 4)
    fill(12, Recipe(page_keys=[PAGE], until=clock.now()))
    running = pieces(alice)
    next(running)
    next(running)
    running.close()
    assert AuditEntry.objects.latest("id").detail == "rows=4 broken off"


def test_it_reads_in_short_queries_of_a_batch(alice: Any) -> None:
    fill(2_500, Recipe(page_keys=[PAGE], until=clock.now()))
    with CaptureQueriesContext(connection) as found:
        list(pieces(alice, consents=["news"]))
    reads = [one["sql"] for one in found if '"people_participation"."sealed"' in one["sql"]]
    assert len(reads) == 3
    assert len(found) <= 3 + 4 * 3 + 1


def test_it_needs_no_more_memory_for_twelve_thousand_than_for_three(alice: Any) -> None:
    fill(3_000, Recipe(page_keys=[PAGE], until=clock.now()))
    few = peak(alice)
    fill(9_000, Recipe(page_keys=[PAGE], until=clock.now(), seed=2))
    many = peak(alice)
    # The rows added would weigh ten times that.
    assert many < few * 1.3 + 500_000


def peak(by: Any) -> int:
    tracemalloc.start()
    try:
        number = sum(piece.count("\r\n") for piece in pieces(by))
        assert number == Participation.objects.count() + 1
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
