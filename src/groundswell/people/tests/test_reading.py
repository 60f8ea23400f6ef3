"""Organisers' reads: who may, paging that nothing disturbs, and plans that use an index."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from groundswell.base import clock
from groundswell.people import audit, queries, vault
from groundswell.people.models import AuditEntry, Participation
from groundswell.people.queries import Filters
from groundswell.people.tests import factories
from groundswell.people.tests.factories import Recipe, fill
from groundswell.people.tests.journal import PAGE

pytestmark = pytest.mark.django_db
OTHER = UUID(int=7)


def organiser(name: str, *permissions: str) -> Any:
    person = get_user_model().objects.create(username=name)
    codenames = [permission.split(".")[1] for permission in permissions]
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return person


@pytest.fixture
def alice() -> Any:
    return organiser("alice", queries.SEE, queries.AUDIT)


@pytest.fixture
def charlie() -> Any:
    return organiser("charlie")


def test_it_shows_nothing_to_a_stranger(charlie: Any) -> None:
    row = factories.add_one(page_key=PAGE)
    with pytest.raises(Participation.DoesNotExist):
        queries.access_participation(id=row.submission_id, by=charlie)
    for read in (
        lambda: queries.list_participations(by=charlie, filters=Filters()),
        lambda: queries.find_by_email(email="ada@example.org", by=charlie),
        lambda: queries.same_address(participation=row, by=charlie),
        lambda: queries.history(participation=row, by=charlie),
        lambda: queries.audit_entries(by=charlie),
    ):
        with pytest.raises(PermissionDenied):
            read()


def test_it_answers_a_stranger_and_a_guess_alike(alice: Any, charlie: Any) -> None:
    row = factories.add_one(page_key=PAGE)
    assert queries.access_participation(id=row.submission_id, by=alice) == row
    answers = []
    for by, key in ((alice, uuid4()), (charlie, row.submission_id), (charlie, uuid4())):
        with pytest.raises(Participation.DoesNotExist) as error:
            queries.access_participation(id=key, by=by)
        answers.append(type(error.value))
    assert len(set(answers)) == 1


def test_it_lets_nobody_in_who_has_left(alice: Any) -> None:
    alice.is_active = False
    with pytest.raises(PermissionDenied):
        queries.list_participations(by=alice, filters=Filters())


def test_it_pages_without_gap_or_repeat(alice: Any) -> None:
    fill(25, Recipe(page_keys=[PAGE, OTHER], until=clock.now()))
    seeds = count(2)
    for filters in (Filters(), Filters(page_keys=[PAGE]), Filters(page_keys=[PAGE, OTHER])):
        seen: list[int] = []
        before = None
        while True:
            page = queries.list_participations(by=alice, filters=filters, before=before, size=4)
            seen += [row.id for row in page.rows]
            fill(3, Recipe(page_keys=[PAGE], until=clock.now(), seed=next(seeds)))
            before = page.before
            if before is None:
                break
        rows = queries.narrow(Participation.objects.all(), filters).order_by("-id")
        assert seen == [row.id for row in rows if row.id <= seen[0]]


def test_it_finds_what_was_indexed_before_the_key_was_renewed(
    alice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = factories.add_one(page_key=PAGE)
    former = vault.index("ada@example.org")
    monkeypatch.setattr(vault, "all_indexes", lambda _email: [b"new" * 8, former])
    assert queries.find_by_email(email="ada@example.org", by=alice) == [old]


def plan(query: "QuerySet[Any]") -> str:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE people_participation")
    return query.explain()


def captured(run: Any) -> list[str]:
    with CaptureQueriesContext(connection) as found:
        run()
    return [one["sql"] for one in found if "people_participation" in one["sql"]]


@pytest.fixture
def many() -> None:
    fill(6_000, Recipe(page_keys=[PAGE, OTHER, UUID(int=8)], until=clock.now()))


def assert_indexed(text: str) -> None:
    # SQLite: SCAN is a walk over a whole table; in the order of the primary key it ends early.
    bad = "Seq Scan" if connection.vendor == "postgresql" else "TEMP B-TREE"
    assert bad not in text, text
    assert "index" in text.lower() or "primary key" in text.lower(), text


@pytest.mark.parametrize(
    "filters",
    [Filters(), Filters(page_keys=[PAGE]), Filters(page_keys=[PAGE], state="confirmed")],
    ids=["all", "page", "page and state"],
)
def test_it_lists_by_an_index(many: None, alice: Any, filters: Filters) -> None:
    newest = Participation.objects.latest("id").id
    scope = queries._scope(filters, newest - 100)
    assert_indexed(plan(queries.narrow(scope, filters)[:51]))
    assert_indexed(plan(scope.values_list("id", flat=True)[:51]))


def test_it_finds_by_an_index(many: None, alice: Any) -> None:
    indexes = vault.all_indexes("person1.17@example.org")
    found = Participation.objects.filter(email_index__in=indexes).order_by("-id")[:100]
    text = plan(found)
    assert "participation_address" in text, text


def test_its_plan_check_would_see_a_walk(many: None) -> None:
    slow = Participation.objects.filter(marks__gt=0).order_by("received_at")[:51]
    with pytest.raises(AssertionError):
        assert_indexed(plan(slow))


def test_it_looks_at_a_bounded_number_of_rows(
    many: None, alice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOOK_BACK", 500)
    page = queries.list_participations(by=alice, filters=Filters(country="VA"))
    newest = Participation.objects.latest("id").id
    assert page.rows == []
    assert page.before == newest - 500
    assert page.looked_back_to is not None


def test_it_pages_the_audit_log_and_filters_it(alice: Any) -> None:
    bob = organiser("bob")
    key = uuid4()
    for n in range(6):
        audit.record(by=bob if n % 2 else alice, action=audit.VIEW, participation=key)
    audit.record(by=bob, action=audit.FIND, detail="found=1")
    first, older = queries.audit_entries(by=alice, size=4)
    rest, end = queries.audit_entries(by=alice, size=4, before=older)
    assert [entry.id for entry in first + rest] == sorted(
        AuditEntry.objects.values_list("id", flat=True), reverse=True
    )
    assert end is None
    assert len(queries.audit_entries(by=alice, organiser="bob")[0]) == 4
    assert len(queries.audit_entries(by=alice, action=audit.FIND)[0]) == 1
    assert len(queries.audit_entries(by=alice, participation=key)[0]) == 6
