"""Two at once on one text: one save wins, and no yes lands on words that nobody read."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from groundswell.messengers import services_statements as services
from groundswell.messengers.approval import Changed
from groundswell.messengers.models import Approval, Statement, StatementVersion
from groundswell.messengers.services_statements import NO_TIMES, Content, Stale
from groundswell.messengers.tests import texts

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 6


def at_once(work: Callable[[int], Any], many: int = MANY) -> list[BaseException | None]:
    start = Barrier(many, timeout=60)

    def one(number: int) -> None:
        start.wait()
        try:
            work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(many) as pool:
        return [job.exception() for job in [pool.submit(one, number) for number in range(many)]]


def saving(one: Statement, edits: Callable[[int], int]) -> Callable[[int], None]:
    def save(number: int) -> None:
        services.save(
            key=one.key, edit=edits(number), content=Content(f"Words by {'abcdef'[number]}."),
            times=NO_TIMES, by=f"organiser{number}",
        )  # fmt: skip

    return save


def test_it_lets_one_of_many_saves_through() -> None:
    one = texts.text("First.")

    ended = at_once(saving(one, lambda _number: 0))

    assert [type(end) for end in ended if end] == [Stale] * (MANY - 1)
    assert one.versions.count() == 2


def test_it_would_bury_the_words_of_the_others_without_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = texts.text("First.")

    def any_edit(key: Any, _edit: int) -> bool:
        return bool(Statement.objects.select_for_update().get(key=key))

    monkeypatch.setattr(services, "_take", any_edit)
    ended = at_once(saving(one, lambda _number: 0))

    assert ended == [None] * MANY
    assert one.versions.count() == MANY + 1


def test_it_approves_no_words_that_were_not_read() -> None:
    mira = texts.mira()
    one = texts.text("What they read.", owner=mira)
    services.approve(key=one.key, version=1, by="bob")

    def either(number: int) -> None:
        if number:
            saving(one, lambda _number: 0)(number)
        else:
            services.approve_theirs(key=one.key, version=1, messenger_id=mira.pk, who="Ilo Vance")

    ended = at_once(either, 2)

    assert ended[1] is None
    assert ended[0] is None or isinstance(ended[0], Changed)
    assert not Approval.objects.filter(version__number=2).exists()


def test_it_would_approve_unread_words_without_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    mira = texts.mira()
    one = texts.text("What they read.", owner=mira)
    services.approve(key=one.key, version=1, by="bob")
    saving(one, lambda _number: 0)(1)
    services.approve(key=one.key, version=2, by="bob")

    def newest(key: Any, _number: int) -> StatementVersion:
        return services.newest(Statement.objects.get(key=key))

    monkeypatch.setattr(services, "locked", newest)
    services.approve_theirs(key=one.key, version=1, messenger_id=mira.pk, who="Ilo Vance")

    assert Approval.objects.filter(version__number=2, side="them").exists()


def test_it_says_yes_once_however_many_press() -> None:
    one = texts.text("Please sign.")

    ended = at_once(lambda number: services.approve(key=one.key, version=1, by=f"o{number}"))

    assert ended == [None] * MANY
    assert Approval.objects.count() == 1
