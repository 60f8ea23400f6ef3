"""A mailbox counts once on a page, whoever presses which button when."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection

from groundswell.base import clock, wire
from groundswell.campaigns import counters
from groundswell.people import confirm, drain
from groundswell.people.confirm import Click
from groundswell.people.models import Event, OutgoingMail, Participation
from groundswell.people.tests.journal import PAGE, click, sign, write

pytestmark = pytest.mark.django_db


def arrive(folder: Path, *submissions: wire.Submission) -> None:
    drain.drain(write(folder, list(submissions)))


def clicks(*signed: wire.Submission, at: datetime | None = None) -> list[Click]:
    return [Click(UUID(bytes=one.id), at or clock.now()) for one in signed]


def counted() -> int:
    number = Participation.objects.filter(counted=True).count()
    assert counters.totals(page_key=PAGE).confirmed == number
    return number


def test_it_counts_the_first_confirmed_of_a_mailbox(tmp_path: Path) -> None:
    first, second = sign("ada@gmail.com"), sign("A.da+x@googlemail.com")
    arrive(tmp_path, first, second, click(second), click(first))
    rows = {bytes(row.submission_id.bytes): row for row in Participation.objects.all()}
    assert [rows[one.id].rank for one in (first, second)] == [0, 1]
    assert [rows[one.id].state for one in (first, second)] == ["confirmed", "confirmed"]
    assert [rows[one.id].counted for one in (first, second)] == [False, True]
    assert counted() == 1
    assert sorted(Event.objects.values_list("what", "detail")) == [
        ("confirmed", ""),
        ("confirmed", "duplicate"),
    ]


def test_it_counts_the_same_mailbox_on_each_page(tmp_path: Path) -> None:
    here, there = sign(), sign(page="1" * 32)
    arrive(tmp_path, here, there, click(here), click(there))
    assert Participation.objects.filter(counted=True).count() == 2
    assert counted_on(PAGE) == counted_on(UUID("1" * 32)) == 1


def counted_on(page_key: UUID) -> int:
    return counters.totals(page_key=page_key).confirmed


def test_it_does_nothing_when_the_button_is_pressed_again(tmp_path: Path) -> None:
    signed = sign()
    arrive(tmp_path, signed, click(signed), click(signed))
    arrive(tmp_path, click(signed))
    assert counted() == 1
    assert Event.objects.count() == 1


def test_it_ranks_across_batches(tmp_path: Path) -> None:
    arrive(tmp_path, sign(), sign())
    arrive(tmp_path, sign(), sign("else@example.org"))
    ranks = Participation.objects.order_by("pk").values_list("rank", flat=True)
    assert list(ranks) == [0, 1, 2, 0]


def test_it_confirms_nothing_after_the_link_has_run_out(tmp_path: Path) -> None:
    signed = sign()
    arrive(tmp_path, signed)
    OutgoingMail.objects.all().delete()
    late = clock.from_ms(signed.at) + timedelta(days=14, seconds=1)
    assert confirm.confirm(clicks=clicks(signed, at=late)) == (0, 0)
    assert confirm.confirm(clicks=clicks(signed, at=late - timedelta(seconds=2))) == (1, 1)


def test_it_lets_a_link_live_from_the_mail_that_brought_it(tmp_path: Path) -> None:
    signed = sign()
    arrive(tmp_path, signed)
    received = clock.from_ms(signed.at)
    OutgoingMail.objects.update(sent_at=received + timedelta(days=5))
    assert confirm.confirm(clicks=clicks(signed, at=received + timedelta(days=18))).confirmed == 1


def test_it_ignores_what_it_does_not_know(tmp_path: Path) -> None:
    arrive(tmp_path, sign())
    assert confirm.confirm(clicks=[Click(uuid4(), clock.now())]) == (0, 0)
    assert confirm.confirm(clicks=[]) == (0, 0)


def two_that_raced(folder: Path) -> Sequence[Sequence[confirm.Decision]]:
    """Two duplicates, each decided by a process that has not seen the other's writing."""
    first, second, other = sign(), sign(), sign("else@example.org")
    arrive(folder, first, second, other)
    return confirm.decide(clicks(first)), confirm.decide(clicks(other, second))


def test_it_counts_once_when_two_processes_confirm_duplicates_at_once(tmp_path: Path) -> None:
    ours, theirs = two_that_raced(tmp_path)
    assert confirm.apply(ours) == (1, 1)
    assert confirm.apply(theirs) == (2, 1)
    assert Participation.objects.filter(state="confirmed").count() == 3
    assert counted() == 2


def test_it_would_count_twice_without_the_constraint(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX counted_once")
    ours, theirs = two_that_raced(tmp_path)
    assert confirm.apply(ours) == (1, 1)
    assert confirm.apply(theirs) == (2, 2)
    assert counted() == 3


def test_it_gives_way_to_whoever_was_faster_with_the_same_row(tmp_path: Path) -> None:
    signed, other = sign(), sign("else@example.org")
    arrive(tmp_path, signed, other)
    ours, theirs = confirm.decide(clicks(signed)), confirm.decide(clicks(signed, other))
    assert confirm.apply(ours) == (1, 1)
    assert confirm.apply(theirs) == (1, 1)
    assert counted() == 2
    assert Event.objects.count() == 2
