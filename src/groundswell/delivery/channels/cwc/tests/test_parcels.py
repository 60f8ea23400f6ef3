"""From a queued parcel to the gateway: whatever breaks off, one message arrives and all is told."""

from collections.abc import Iterator

import msgspec
import pytest

from groundswell.base import env
from groundswell.base.letter import Letter
from groundswell.delivery.channels.cwc import offices
from groundswell.delivery.channels.cwc.channel import Cwc
from groundswell.delivery.channels.cwc.tests import gateway_server
from groundswell.delivery.channels.cwc.tests.gateway_server import KEY, Gateway
from groundswell.delivery.models import Parcel, Transition
from groundswell.delivery.pdf.tests.samples import letter
from groundswell.delivery.sender import Sender
from groundswell.delivery.tests.letters import later, queue, send_all, states

pytestmark = pytest.mark.django_db
HERE = "ocd-division/country:us/state:il/cd:13"


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with gateway_server.running() as gateway:
        settings = env.read(
            {
                "GROUNDSWELL_CWC_HOUSE_URL": f"{gateway.url}/?apikey={{key}}",
                "GROUNDSWELL_CWC_HOUSE_KEY": KEY,
                "GROUNDSWELL_CWC_CONTACT": "Robin Example <robin@example.org> 202-555-0123",
                "GROUNDSWELL_DELIVERY_ALLOW": "127.0.0.0/8",
            }
        )
        monkeypatch.setattr(env, "load", lambda: settings)
        monkeypatch.setattr(offices, "SHARED", offices.Offices())
        yield gateway


def compose(parcel: Parcel) -> Letter:
    return letter(key=parcel.key, cwc_office="HIL13", division=HERE)


def test_it_arrives_once_though_every_first_answer_is_lost(there: Gateway) -> None:
    parcels = queue(3, channel="cwc")
    there.hang_up = True
    sender = Sender(Cwc(), compose)
    sender.step()
    assert states() == {"queued": 3}
    there.hang_up = False
    later()
    send_all(sender)
    assert states() == {"accepted": 3}
    assert set(there.messages) == {one.key.hex for one in parcels}
    told = list(Transition.objects.filter(state="accepted"))
    assert {one.reference for one in told} == set(there.messages)
    assert all("had it already" in one.words for one in told)


def test_it_tells_no_key_and_nobody_in_the_record(there: Gateway) -> None:
    queue(1, channel="cwc")
    there.answer = (400, f"<Error>{KEY} Alex Sample 12 Elm Street, Apt. 4 is unknown</Error>")
    Sender(Cwc(), compose).step()
    queue(1, channel="cwc")
    Sender(Cwc(), lambda one: msgspec.structs.replace(compose(one), prefix="")).step()
    words = " ".join(Transition.objects.values_list("words", flat=True))
    assert "is unknown" in words
    assert "Prefix needs" in words
    for secret in (KEY, "Sample", "Elm"):
        assert secret not in words
