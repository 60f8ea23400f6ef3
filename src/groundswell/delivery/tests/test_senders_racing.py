"""Two senders at once never send one letter twice."""

import contextlib
import threading
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from groundswell.delivery import claims, states
from groundswell.delivery.channels.email.channel import Email
from groundswell.delivery.models import Parcel
from groundswell.delivery.sender import Sender
from groundswell.delivery.tests import letters
from groundswell.delivery.tests.hostile_mailserver import Hostile, hostile

pytestmark = pytest.mark.django_db(transaction=True)


def race(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Two senders read the same queue, and only then claim; returns what the server got."""
    letters.queue(30)
    both = threading.Barrier(2)
    take: Callable[..., None] = claims._take

    def together(*args: Any) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(timeout=1)  # a database that lets in one at a time never brings them together
        take(*args)

    monkeypatch.setattr(claims, "_take", together)
    errors: list[Exception] = []

    def send() -> None:
        try:
            letters.send_all(Sender(Email(), letters.compose))
        except Exception as error:  # noqa: BLE001  the test says which
            errors.append(error)
        finally:
            connection.close()

    server = Hostile(greylists=0, refuses=0, cut=0, silent=0, slow=0)
    with hostile(monkeypatch, server):
        threads = [threading.Thread(target=send) for _ in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert not errors
    return Counter(server.taken)


def test_it_sends_each_letter_once(monkeypatch: pytest.MonkeyPatch) -> None:
    times = race(monkeypatch)
    assert len(times) == 30
    assert set(times.values()) == {1}
    assert letters.states() == {"accepted": 30}


def test_it_would_send_them_twice_unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    def blindly(group: list[Parcel], _was: object, now: dict[str, Any]) -> list[Parcel]:
        Parcel.objects.filter(pk__in=[one.pk for one in group]).update(**now)
        return group

    monkeypatch.setattr(claims, "transaction", SimpleNamespace(atomic=contextlib.nullcontext))
    monkeypatch.setattr(QuerySet, "select_for_update", lambda found, **_: found)
    monkeypatch.setattr(states, "_update", blindly)
    monkeypatch.setattr(states, "_count", lambda *_: None)
    times = race(monkeypatch)
    assert max(times.values()) == 2
