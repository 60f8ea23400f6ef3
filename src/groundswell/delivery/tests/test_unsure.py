"""A letter of which it is not known whether they have it: when it is sent again, and how often."""

import pytest

from groundswell.base import clock
from groundswell.base.errors import SendFailed
from groundswell.delivery import claims, services
from groundswell.delivery.channels.channel import CannotTell
from groundswell.delivery.channels.email import line
from groundswell.delivery.channels.email.channel import Email
from groundswell.delivery.channels.email.message import build
from groundswell.delivery.models import Parcel, Transition
from groundswell.delivery.tests import letters
from groundswell.delivery.tests.hostile_mailserver import Hostile, hostile
from groundswell.delivery.tests.mailserver import use_settings

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = Email()


@pytest.fixture(autouse=True)
def _no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    use_settings(monkeypatch, letters_per_hour=0, letters_per_minute=0)


def stopped(parcel: Parcel) -> Parcel:
    """Its sender claims it and stops, before or after it has begun."""
    letters.later()
    (claim,) = claims.claim(EMAIL, limit=1, now=clock.now())
    assert claim.key == parcel.pk
    assert claims.release_stale(EMAIL, before=clock.now()) == 1
    return Parcel.objects.get()


def lost(parcel: Parcel) -> Parcel:
    """The connection breaks when they have the whole letter."""
    letters.later()
    (claim,) = claims.claim(EMAIL, limit=1, now=clock.now())
    now = clock.now()
    claims.settle([claims.cannot_tell(one, EMAIL, "no answer", now) for one in claim.parcels])
    return Parcel.objects.get(pk=parcel.pk)


def test_it_goes_on_after_a_stop_and_one_lost_answer() -> None:
    (one,) = letters.queue()
    one = lost(stopped(one))
    assert (one.state, one.unsure) == ("queued", 2)
    told = Transition.objects.filter(parcel=one, state="deferred").order_by("pk")
    assert [step.words for step in told] == [claims.STOPPED, f"{claims.BROKE} (no answer)"]
    one = lost(one)
    assert one.state == "failed"


def test_it_gives_up_after_two_lost_answers() -> None:
    (one,) = letters.queue()
    one = lost(lost(one))
    assert one.state == "failed"
    assert services.resend(ids=[one.pk], by="anna") == 1
    assert lost(stopped(one)).state == "queued"
    assert lost(one).state == "failed"


def test_it_gives_up_after_three_stops() -> None:
    (one,) = letters.queue()
    one = stopped(stopped(one))
    assert one.state == "queued"
    one = stopped(one)
    assert (one.state, one.unsure) == ("failed", 3)


def cut_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> SendFailed:
    """What a server comes to that hangs up in the middle of a letter, its second."""
    server = Hostile(greylists=0, refuses=0, cut=0, silent=0, slow=0)
    with hostile(monkeypatch, server):
        first, second = (build(letters.compose(one)) for one in letters.queue(2))
        post = line.Line()
        post.deliver(first)
        server.cut = 1.0
        monkeypatch.setattr(line, "LOOK_MS", 5_000)  # however busy this machine is
        with pytest.raises(SendFailed) as raised:
            post.deliver(second)
        post.close()
    return raised.value


def test_it_keeps_the_dot_from_a_server_that_has_hung_up(monkeypatch: pytest.MonkeyPatch) -> None:
    said = cut_in_the_middle(monkeypatch)
    assert not isinstance(said, CannotTell)
    assert not said.permanent


def test_it_would_not_know_without_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "_has_hung_up", lambda _sock: False)
    assert isinstance(cut_in_the_middle(monkeypatch), CannotTell)
