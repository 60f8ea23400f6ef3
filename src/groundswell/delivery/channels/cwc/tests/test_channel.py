"""Messages go to a gateway that judges them by a schema of its own, over real HTTP."""

import logging
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from lxml import etree

from groundswell.base import clock, env
from groundswell.base.errors import SendFailed
from groundswell.base.letter import Letter
from groundswell.delivery import outgoing
from groundswell.delivery.channels import registry
from groundswell.delivery.channels.channel import Channel
from groundswell.delivery.channels.cwc import gateway, offices
from groundswell.delivery.channels.cwc.channel import Cwc
from groundswell.delivery.channels.cwc.tests import gateway_server
from groundswell.delivery.channels.cwc.tests.gateway_server import KEY, Gateway
from groundswell.delivery.pdf.tests.samples import letter
from groundswell.delivery.post import ServerDown

HERE = "ocd-division/country:us/state:il/cd:13"


@pytest.fixture
def there() -> Iterator[Gateway]:
    with gateway_server.running() as server:
        yield server


@pytest.fixture
def channel(there: Gateway, monkeypatch: pytest.MonkeyPatch) -> Channel:
    settings = {
        "CWC_HOUSE_URL": f"{there.url}/v2/message?apikey={{key}}",
        "CWC_HOUSE_KEY": KEY,
        "CWC_SENATE_URL": f"{there.url}/api/message?apikey={{key}}",
        "CWC_SENATE_KEY": KEY,
        "CWC_SENATE_OFFICES": f"{there.url}/api/offices?apikey={{key}}",
        "CWC_CONTACT": "Robin Example <robin@example.org> 202-555-0123",
        "CWC_PER_SECOND": "5",
        "DELIVERY_ALLOW": "127.0.0.0/8",
    }
    use(monkeypatch, **settings)
    monkeypatch.setattr(offices, "SHARED", offices.Offices())
    return Cwc()


def use(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    read = env.read({f"GROUNDSWELL_{name}": value for name, value in values.items()})
    monkeypatch.setattr(env, "load", lambda: read)


def house(**fields: object) -> Letter:
    return letter(**({"cwc_office": "HIL13", "division": HERE} | fields))


def said(xml: bytes, path: str) -> str:
    return str(etree.fromstring(xml).findtext(path))


def test_it_delivers_a_message_the_schema_takes(there: Gateway, channel: Channel) -> None:
    accepted = channel.send(house())
    assert accepted.reference == house().key.hex
    (xml,) = there.messages.values()
    assert said(xml, "Constituent/Prefix") == "Ms."
    assert said(xml, "Recipient/IsResponseRequested") == "N"
    assert said(xml, "Message/OrganizationStatement").startswith("Dear Senator")
    assert "1 closing lines left out" in accepted.words


def test_it_keeps_the_organisers_words_and_the_senders_apart(
    there: Gateway, channel: Channel
) -> None:
    theirs = "Dear Senator,\n\nRivers matter.\n\nPlease vote yes."
    mine = "Dear Senator,\n\nRivers  matter.\n\nMine took the bridge.\n\nPlease vote no, then yes."
    channel.send(house(body=mine, statement=theirs, own_words=0.4))
    (xml,) = there.messages.values()
    assert said(xml, "Message/OrganizationStatement") == "Dear Senator,\n\nRivers  matter."
    assert said(xml, "Message/ConstituentMessage") == (
        "Mine took the bridge.\n\nPlease vote no, then yes."
    )


def test_it_takes_a_repeated_id_for_accepted(there: Gateway, channel: Channel) -> None:
    first, second = channel.send(house()), channel.send(house())
    assert first.reference == second.reference
    assert "had it already" in second.words
    assert len(there.messages) == 1


def test_it_counts_another_refusal_that_names_the_id_as_one(
    there: Gateway, channel: Channel
) -> None:
    # The control: not every word about the id is good news.
    there.answer = (400, "<Error>DeliveryId must have 32 characters</Error>")
    with pytest.raises(SendFailed) as failed:
        channel.send(house())
    assert failed.value.permanent


def test_it_loses_nothing_when_the_answer_is_lost(there: Gateway, channel: Channel) -> None:
    there.hang_up = True
    with pytest.raises(SendFailed) as failed:
        channel.send(house())
    assert not failed.value.permanent
    there.hang_up = False
    assert "had it already" in channel.send(house()).words


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ((400, "<Errors><Error>Zip is not in this district</Error></Errors>"), True),
        ((422, '{"errors":["Topic not known"]}'), True),
        ((500, "<h1>Server Error</h1>"), False),
        ((503, ""), False),
        ((302, ""), False),
        ((401, "key?"), False),
        ((403, "your address?"), False),
        ((429, "slow down"), False),
    ],
)
def test_it_says_what_they_said(
    there: Gateway, channel: Channel, answer: tuple[int, str], permanent: bool
) -> None:
    there.answer = answer
    with pytest.raises(SendFailed) as failed:
        channel.send(house())
    assert failed.value.permanent == permanent
    assert str(answer[0]) in failed.value.reason
    assert "<" not in failed.value.reason
    assert len(there.requests) == 1  # and no redirect was followed


def test_it_refuses_by_its_own_rules_and_sends_nothing(there: Gateway, channel: Channel) -> None:
    with pytest.raises(SendFailed) as failed:
        channel.send(house(prefix="", city="X", postcode="6270"))
    assert failed.value.permanent
    assert [part.split()[0] for part in failed.value.reason.split("; ")] == [
        "Prefix",
        "City",
        "Zip",
    ]
    assert there.requests == []


def test_it_does_not_send_to_the_office_of_another_district(
    there: Gateway, channel: Channel
) -> None:
    with pytest.raises(SendFailed, match="MemberOffice"):
        channel.send(house(cwc_office="HIL12"))
    assert there.requests == []


def test_it_says_what_it_left_out(there: Gateway, channel: Channel) -> None:
    words = channel.send(house(body="Please vote \x0byes, do.\x00", phone="+44 20 7946 0958")).words
    assert "2 control characters left out" in words
    assert "phone left out" in words
    (xml,) = there.messages.values()
    assert said(xml, "Message/OrganizationStatement") == "Please vote yes, do."


def test_it_brings_any_text_through_unchanged(there: Gateway, channel: Channel) -> None:
    body = "a < b && c > d ]]> \"quoted\" 'so' &amp; <script>\n\nՍևանա 河川 \U0001f30a é\u0301"
    channel.send(house(body=body, subject="Rivers <&> bridges"))
    (xml,) = there.messages.values()
    assert said(xml, "Message/OrganizationStatement") == body
    assert said(xml, "Message/Subject") == "Rivers <&> bridges"


def test_it_writes_number_and_zip_as_they_want_them(there: Gateway, channel: Channel) -> None:
    channel.send(house(phone="+1 (217) 555-0123", postcode="62701 1234"))
    (xml,) = there.messages.values()
    assert said(xml, "Constituent/Phone") == "217-555-0123"
    assert said(xml, "Constituent/Zip") == "62701-1234"


def test_it_asks_for_the_list_of_offices_once(there: Gateway, channel: Channel) -> None:
    channel.send(letter(cwc_office="SIL02"))
    with pytest.raises(SendFailed, match="SIL01 is not on the list") as failed:
        channel.send(letter(cwc_office="SIL01"))
    assert failed.value.permanent
    assert there.lists_asked == 1
    assert offices.takes("SIL02")
    assert not offices.takes("SIL01")
    assert offices.takes("HIL13")  # the House has no list
    assert not offices.takes("nobody")


def test_it_waits_when_the_list_cannot_be_had(
    there: Gateway, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.office_answer = 500
    with pytest.raises(SendFailed) as failed:
        channel.send(letter(cwc_office="SIL02"))
    assert not failed.value.permanent
    assert there.messages == {}
    assert offices.takes("SIL01")  # nobody can say no, so it waits for them
    there.office_answer = 200
    monkeypatch.setattr(offices, "SHARED", offices.Offices())
    channel.send(letter(cwc_office="SIL02"))
    assert there.lists_asked == 2


def test_it_is_off_until_it_is_set_up(
    there: Gateway, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert registry.is_on("cwc")
    use(monkeypatch)
    assert not registry.is_on("cwc")
    assert not offices.takes("HIL13")
    with pytest.raises(ServerDown, match="switched off"):
        channel.send(house())
    assert there.requests == []


def test_it_goes_on_with_one_chamber_while_the_other_is_off(
    there: Gateway, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = env.load()
    use(
        monkeypatch,
        CWC_HOUSE_URL=settings.cwc_house_url,
        CWC_HOUSE_KEY=KEY,
        CWC_CONTACT=settings.cwc_contact,
        DELIVERY_ALLOW="127.0.0.0/8",
    )
    with pytest.raises(SendFailed, match="switched off") as failed:
        channel.send(letter(cwc_office="SIL02"))
    assert not failed.value.permanent
    channel.send(house())


@pytest.mark.parametrize(
    ("now", "closed"),
    [
        ("2026-11-22T02:59+00:00", False),  # Saturday, 21:59 in Washington
        ("2026-11-22T03:00+00:00", True),
        ("2026-11-22T06:59+00:00", True),
        ("2026-11-22T07:00+00:00", False),
        ("2026-11-24T10:15+00:00", True),
        ("2026-07-14T09:15+00:00", True),  # in summer time
        ("2026-11-25T10:15+00:00", False),
    ],
)
def test_it_keeps_their_hours(
    there: Gateway, channel: Channel, monkeypatch: pytest.MonkeyPatch, now: str, closed: bool
) -> None:
    at = datetime.fromisoformat(now)
    monkeypatch.setattr(clock, "now", lambda: at)
    quiet = {"CWC_QUIET": "Sat 22:00-02:00, Tue 05:00-05:30"}
    use(monkeypatch, **quiet)
    assert gateway.quiet() == closed
    if closed:
        house_only = {"CWC_HOUSE_URL": there.url, "CWC_HOUSE_KEY": KEY}
        contact = {"CWC_CONTACT": "Robin Example <robin@example.org> 202-555-0123"}
        use(monkeypatch, **quiet, **house_only, **contact)
        with pytest.raises(ServerDown):
            channel.send(house())


def test_it_sends_no_faster_than_they_allow(there: Gateway, channel: Channel) -> None:
    letters = [house(key=type(house().key)(int=number)) for number in range(1, 11)]
    threads = [threading.Thread(target=channel.send, args=(one,)) for one in letters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = sorted(at for at, _path in there.requests)
    assert len(times) == 10
    # By the gateway's own clock: any six in a row take a second, but for the way there.
    assert min(last - first for first, last in zip(times, times[5:], strict=False)) > 0.9


def test_it_gives_up_on_an_answer_that_only_drips(
    there: Gateway, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "SECONDS", 0.5)
    there.drip = True
    began = time.monotonic()
    with pytest.raises(SendFailed, match="time-out"):
        channel.send(house())
    assert time.monotonic() - began < 15


def test_it_believes_an_answer_that_is_cut_short_after_its_status(
    there: Gateway, channel: Channel
) -> None:
    there.answer, there.cut = (200, "<Success>"), 100
    assert channel.send(house()).reference


def test_it_believes_no_list_that_is_cut_short(there: Gateway, channel: Channel) -> None:
    there.cut = 100
    with pytest.raises(SendFailed, match="list") as failed:
        channel.send(letter(cwc_office="SIL01"))
    assert not failed.value.permanent


def test_it_never_says_the_key_or_who_writes(
    there: Gateway,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = f"for {KEY} ALEX SAMPLE, 12 Elm Street, Apt. 4, alex@example.org"
    there.answer = (400, f"<Error>bad request {echo}</Error>")
    said_there = [_reason(channel)]
    there.answer = (500, echo)
    said_there.append(_reason(channel, key=type(house().key)(int=5)))
    use_url = f"http://127.0.0.1:1/{{key}}?{KEY}"
    use(
        monkeypatch,
        CWC_HOUSE_URL=use_url,
        CWC_HOUSE_KEY=KEY,
        CWC_CONTACT="Robin Example <robin@example.org> 202-555-0123",
        DELIVERY_ALLOW="127.0.0.0/8",
    )
    said_there.append(_reason(channel))
    for words in (*said_there, caplog.text):
        assert KEY not in words
        assert "k%2Fe" not in words
        for personal in ("Sample", "SAMPLE", "Elm", "alex@"):
            assert personal not in words


def _reason(channel: Channel, **fields: object) -> str:
    with pytest.raises(SendFailed) as failed:
        channel.send(house(**fields))
    return failed.value.reason


def test_it_dates_the_message(
    there: Gateway, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    channel.send(house())
    (xml,) = there.messages.values()
    assert said(xml, "Delivery/DeliveryDate") == "20261122"
