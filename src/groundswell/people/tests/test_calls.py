"""What callers say is counted, once a call, and leads to nobody."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from groundswell.base import clock, wire
from groundswell.campaigns import counters
from groundswell.directory import queries as directory
from groundswell.directory import services
from groundswell.directory.records import Batch, ContactRecord, PostRecord, SourceInfo
from groundswell.people import calls, drain, recount
from groundswell.people.models import CallReport, CallTally, OutgoingMail, Participation
from groundswell.people.tests.journal import PAGE, sign, write

pytestmark = pytest.mark.django_db
Arrive = Callable[..., None]
MAYOR = "test/mayor"


@pytest.fixture
def arrive(tmp_path: Path) -> Arrive:
    def drained(*submissions: wire.Submission) -> None:
        drain.drain(write(tmp_path, list(submissions)))

    return drained


def call(outcome: str = "reached", **changes: object) -> wire.Submission:
    """A call as intake seals it: without a name or an address."""
    fields = {"target": MAYOR, "outcome": outcome, "email": "", "given_name": ""}
    extra = changes.pop("fields", {})
    assert isinstance(extra, dict)
    return sign("", kind="call", fields=fields | extra, **changes)


def counted() -> int:
    assert recount.recount(page_key=PAGE) == []
    return counters.totals(page_key=PAGE).collected


def test_it_counts_each_call_and_what_came_of_it(arrive: Arrive) -> None:
    arrive(call(), call(), call("voicemail"))
    assert counted() == 3
    assert calls.tallies(page_keys=[PAGE]) == {MAYOR: {"reached": 2, "voicemail": 1}}
    assert not OutgoingMail.objects.exists()


def test_it_counts_a_replay_once(arrive: Arrive, tmp_path: Path) -> None:
    made = call()
    arrive(made)
    drain.drain(write(tmp_path / "again", [made]))
    assert counted() == 1
    assert CallTally.objects.get().number == 1


def test_it_takes_two_taps_within_a_minute_for_one_call(arrive: Arrive) -> None:
    now = clock.to_ms(clock.now())
    key = b"k" * 16
    arrive(call(key=key, at=now), call("busy", key=key, at=now + 5_000))
    arrive(call(key=key, at=now + 30_000))
    assert counted() == CallReport.objects.count() == 1
    arrive(call(key=key, at=now + 61_000))
    assert counted() == 2


def test_it_counts_two_keys_and_no_key_as_calls_of_their_own(arrive: Arrive) -> None:
    now = clock.to_ms(clock.now())
    arrive(call(key=b"k" * 16, at=now), call(key=b"l" * 16, at=now), call(at=now), call(at=now))
    arrive(call(key=b"k" * 16, at=now, fields={"target": "test/other"}))
    assert counted() == 5


def test_it_keeps_nothing_that_leads_to_a_caller(arrive: Arrive) -> None:
    arrive(call(key=b"k" * 16, fields={"given_name": "Ada", "postcode": "AL1 1AA"}))
    columns = {field.name for field in CallReport._meta.get_fields()}
    assert columns == {"id", "page_key", "target", "outcome", "at", "tap"}
    CallReport.objects.update(at=clock.now() - timedelta(days=2))
    calls.forget()
    assert CallReport.objects.get().tap is None
    assert bytes(Participation.objects.get().sealed)


def test_it_asks_for_an_address_once_however_often_somebody_calls(arrive: Arrive) -> None:
    arrive(*[call(fields={"email": "ada@example.org"}) for _ in range(3)])
    assert OutgoingMail.objects.count() == 1
    assert counted() == 3


@pytest.fixture
def mayor() -> None:
    """A mayor with a telephone."""
    batch = Batch(
        as_of=clock.now().date(),
        posts=[PostRecord(key=MAYOR, role="Mayor", kind="office", office=True)],
        contacts=[
            ContactRecord(key=f"{MAYOR}#voice", owner=MAYOR, type="voice", value="+442079460000")
        ],
    )
    services.load(source=SourceInfo(slug="test", name="Test"), batch=batch, by="test")


def standing() -> str:
    return directory.targets([MAYOR])[MAYOR].contacts[0].standing


@pytest.mark.usefixtures("mayor")
def test_it_doubts_a_number_when_several_callers_do(arrive: Arrive) -> None:
    arrive(call("wrong_number"), call("wrong_number"))
    assert standing() == "good"
    arrive(call("wrong_number"))
    assert standing() == "doubted"
    assert directory.targets([MAYOR])[MAYOR].contact("voice") is not None


@pytest.mark.usefixtures("mayor")
def test_it_believes_those_who_got_through(arrive: Arrive) -> None:
    arrive(*[call() for _ in range(7)], *[call("wrong_number") for _ in range(3)])
    assert standing() == "good"


def test_it_survives_a_target_nobody_knows(arrive: Arrive) -> None:
    arrive(*[call("wrong_number", fields={"target": "nobody"}) for _ in range(4)])
    arrive(call("sang a song"))
    assert counted() == 5
    assert CallReport.objects.count() == 4
