"""Two cores at once never ring one telephone twice."""

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from groundswell.delivery import bridges
from groundswell.delivery.models_bridge import Bridge, Ring
from groundswell.people.tests import ringing as story
from tests.support import twilio

pytestmark = pytest.mark.django_db(transaction=True)
NUMBERS = [f"+4420794601{number:02}" for number in range(5)]


def race(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two cores read the same queue, and only then claim; returns whom Twilio rang."""
    both = threading.Barrier(2)
    take: Callable[..., bool] = bridges._take

    def together(*args: Any) -> bool:
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(timeout=2)
        return take(*args)

    monkeypatch.setattr(bridges, "_take", together)
    errors: list[Exception] = []

    def core() -> None:
        try:
            story.dial()
        except Exception as error:  # noqa: BLE001  the test says which
            errors.append(error)
        finally:
            connection.close()

    with twilio.running() as exchange:
        story.settings(monkeypatch, twilio_url=exchange.url)
        for number in NUMBERS:
            story.queue(number)
        threads = [threading.Thread(target=core) for _ in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert not errors
    return sorted(call["To"] for call in exchange.calls)


def test_it_rings_each_telephone_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert race(monkeypatch) == NUMBERS
    assert set(Bridge.objects.values_list("state", flat=True)) == {Ring.RINGING}


def test_it_would_ring_twice_if_it_claimed_without_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    def blindly(row: Bridge, now: Any) -> bool:
        Bridge.objects.filter(pk=row.pk).update(state=Ring.DIALLING, claimed_at=now)
        return True

    monkeypatch.setattr(bridges, "_take", blindly)
    assert len(race(monkeypatch)) > 5
