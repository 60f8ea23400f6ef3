"""A queue of a million waiting mails costs a claim nothing."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.base import clock
from groundswell.people import mail
from groundswell.people.models import OutgoingMail
from groundswell.people.tests import factories

pytestmark = pytest.mark.django_db

Look = Callable[[], object]


@pytest.fixture(autouse=True)
def queue() -> None:
    """A queue that is long enough for the database to look for a short way."""
    row = factories.add_one(page_key=uuid4())
    due = clock.now() + timedelta(days=2)
    OutgoingMail.objects.bulk_create(
        OutgoingMail(participation=row, template="reminder", due_at=due + timedelta(seconds=number))
        for number in range(5000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_outgoingmail")


def plans_of(look: Look) -> list[str]:
    """How the database would find what the statements on waiting mails ask for."""
    with CaptureQueriesContext(connection) as asked:
        look()
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    plans = []
    with connection.cursor() as cursor:
        for one in asked:
            if "people_outgoingmail" in one["sql"]:
                cursor.execute(explain + one["sql"])
                plans.append("\n".join(str(row) for row in cursor.fetchall()))
    return plans


def look_for_lost_claims() -> None:
    mail._release_stale(clock.now())


def test_it_finds_lost_claims_without_walking_the_queue() -> None:
    plans = plans_of(look_for_lost_claims)
    assert len(plans) == 2
    assert all("mail_claimed" in plan for plan in plans), plans


def test_it_would_walk_the_queue_without_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX mail_claimed")
    assert all("mail_claimed" not in plan for plan in plans_of(look_for_lost_claims))


def test_it_finds_what_is_due_in_the_order_of_the_queue() -> None:
    (plan,) = plans_of(lambda: mail.claim(clock.now()))[-1:]
    assert "mail_waiting" in plan
