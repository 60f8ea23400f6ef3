"""A server that is slow, greylists, refuses, drops connections in mid-DATA and dies twice.

Every letter is accounted for, what we say agrees with the server's own log, and none arrives twice
but where SMTP cannot tell; then our record says so.
"""

import os
import time
from collections import Counter

import pytest

from groundswell.delivery import claims
from groundswell.delivery.channels.email.channel import Email
from groundswell.delivery.models import Parcel, Transition
from groundswell.delivery.post import ServerDown
from groundswell.delivery.sender import Sender
from groundswell.delivery.tests import letters
from groundswell.delivery.tests.hostile_mailserver import Hostile, hostile

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = int(os.environ.get("LETTERS", "2000"))


def send_all_of(number: int) -> int:
    """Send them as core would, round after round; returns how often the server was away."""
    letters.queue(number, targets=7)
    one = Sender(Email(), letters.compose)
    outages = 0
    while Parcel.objects.filter(state__in=["queued", "sending"]).exists():
        try:
            if not one.step():
                letters.later()
        except ServerDown:
            outages += 1
            time.sleep(0.1)
    one.close()
    return outages


def keys(**of: object) -> set[str]:
    return {one.hex for one in Parcel.objects.filter(**of).values_list("key", flat=True)}


def test_it_accounts_for_every_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Hostile(dies_after=(NUMBER // 4, NUMBER // 2))
    with hostile(monkeypatch, server, letters_connections=4):
        outages = send_all_of(NUMBER)
    states = letters.states()
    assert set(states) == {"accepted", "failed"}
    assert sum(states.values()) == NUMBER
    assert server.deaths == 2
    assert outages >= 2
    # What we say is what the server's log says.
    unknown = keys(state="failed", transitions__words__startswith=claims.BROKE_AGAIN)
    assert keys(state="failed") == server.refused | unknown
    assert keys(state="accepted") | unknown == set(server.taken)
    # Twice only where the server had it all and did not say so, and the record says it.
    times = Counter(server.taken)
    twice = {name for name, number in times.items() if number > 1}
    assert max(times.values()) == 2
    assert twice <= set(server.unsaid)
    told = keys(state="accepted", transitions__words__startswith=claims.TWICE)
    assert twice <= told | unknown
    print(
        f"\n{NUMBER} letters: {states}; {outages} outages; taken {len(server.taken)} times,"
        f" {len(twice)} of them twice, all among the {len(server.unsaid)} the server did not own"
        f" up to; {Transition.objects.count()} transitions"
    )


def test_it_would_send_twice_what_it_did_not_write_down(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Hostile(greylists=0, refuses=0, cut=0, silent=0, slow=0)
    with hostile(monkeypatch, server):
        letters.queue(60)
        with monkeypatch.context() as forgetful:
            forgetful.setattr(claims, "settle", lambda _outcomes: None)
            one = Sender(Email(), letters.compose)
            one.step()
            one.close()
        again = Sender(Email(), letters.compose, alone=True)
        letters.send_all(again)
    assert max(Counter(server.taken).values()) == 2
