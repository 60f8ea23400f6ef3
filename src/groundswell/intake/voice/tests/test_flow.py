"""The voice's side of a call: what is said and dialled at each step, and what is noted."""

from pathlib import Path
from urllib.parse import urlencode

import msgspec
import pytest
from lxml import etree

from groundswell.base import clock, tickets
from groundswell.base.env import Settings
from groundswell.base.tests.test_tickets import SECRET, TICKET
from groundswell.intake.voice import flow, signature
from groundswell.intake.voice.server import App, Unwelcome

URL = "https://act.example.org"
TWO = msgspec.structs.replace(
    TICKET,
    lang="en",
    until=clock.now_ms() + 3_600_000,
    said=tickets.Said("Hello <b> & welcome\x00", "Again", "To {name}", "Bye"),
    callees=(
        tickets.Callee("test/mayor", "Ada </Say><Hangup/> {name}", "+442079460958"),
        tickets.Callee("test/harbour", "Harbour", "+442079460001"),
    ),
)
TOKEN = tickets.sign(TWO, secret=SECRET)


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(Settings(var=str(tmp_path), public_url=URL, twilio_auth_token=SECRET))


def hear(app: App, step: str, *, token: str = TOKEN, signed: str = "", **form: str) -> flow.Turn:
    path = f"/voice/{token}/{step}"
    signed = signed or signature.sign(URL + path, form.items(), token=SECRET)
    return app.hear(path, "", urlencode(form).encode(), signed)


def verbs(turn: flow.Turn) -> list[str]:
    return [str(one.tag) for one in etree.fromstring(turn.twiml)]


def test_it_greets_and_waits_for_a_key(app: App) -> None:
    turn = hear(app, "start/0")
    root = etree.fromstring(turn.twiml)
    gather = root.find("Gather")
    assert gather is not None
    assert gather.get("numDigits") == "1"
    assert gather.get("action") == f"/voice/{TOKEN}/pressed/0"
    assert gather.findtext("Say") == "Hello <b> & welcome "
    assert root.findtext("Redirect") == f"/voice/{TOKEN}/start/1"
    assert turn.submission is None


def test_it_hangs_up_on_a_voicemail(app: App) -> None:
    assert verbs(hear(app, "start/1")) == ["Gather", "Say", "Hangup"]
    assert verbs(hear(app, "pressed/1", Digits="5")) == ["Say", "Hangup"]
    assert verbs(hear(app, "pressed/0", Digits="5"))[0] == "Gather"


def test_it_connects_one_after_the_other(app: App) -> None:
    dial = etree.fromstring(hear(app, "pressed/0", Digits="1").twiml).find("Dial")
    assert dial is not None
    assert dial.get("hangupOnStar") == "true"
    assert dial.get("callerId") == TICKET.number
    assert dial.findtext("Number") == "+442079460958"
    turn = hear(app, "next/0", DialCallStatus="completed", DialCallDuration="61")
    assert etree.fromstring(turn.twiml).findtext("Dial/Number") == "+442079460001"
    assert verbs(hear(app, "next/1", DialCallStatus="busy")) == ["Say", "Hangup"]


def test_it_says_a_name_as_text(app: App) -> None:
    root = etree.fromstring(hear(app, "pressed/0", Digits="1").twiml)
    assert root.findtext("Say") == "To Ada </Say><Hangup/> {name}"
    assert [one.tag for one in root] == ["Say", "Dial"]


def test_it_notes_each_step_under_one_name(app: App) -> None:
    first = hear(app, "next/0", DialCallStatus="completed", DialCallDuration="61").submission
    again = hear(app, "next/0", DialCallStatus="failed").submission
    other = hear(app, "next/1", DialCallStatus="busy", DialCallDuration="١").submission
    assert first
    assert again
    assert other
    assert first.id == again.id != other.id
    assert first.verb == "rang"
    assert first.fields == {
        "bridge": TICKET.bridge.hex(), "step": "next/0", "target": "test/mayor",
        "status": "completed", "seconds": "61",
    }  # fmt: skip
    assert other.fields["seconds"] == "0"


def test_it_notes_the_end_and_no_word_between(app: App) -> None:
    assert hear(app, "status/0", CallStatus="ringing").submission is None
    end = hear(app, "status/0", CallStatus="no-answer").submission
    assert end
    assert end.fields["step"] == flow.END
    assert "target" not in end.fields


@pytest.mark.parametrize(
    "step", ["start/2", "next/2", "next/9", "status/1", "other/0", "pressed/2"]
)
def test_it_knows_no_other_step(app: App, step: str) -> None:
    with pytest.raises(Unwelcome, match="404"):
        hear(app, step, DialCallStatus="busy", CallStatus="completed")


def test_it_hears_nobody_but_twilio(app: App) -> None:
    with pytest.raises(Unwelcome, match="403"):
        hear(app, "next/0", signed="forged", DialCallStatus="completed")
    with pytest.raises(Unwelcome, match="403"):
        app.hear(f"/voice/{TOKEN}/next/0", "", b"DialCallStatus=completed", "")


def test_it_takes_no_ticket_but_ours(app: App) -> None:
    over = tickets.sign(msgspec.structs.replace(TWO, until=1), secret=SECRET)
    for token in (over, tickets.sign(TWO, secret="another"), "x"):
        with pytest.raises(Unwelcome, match="403"):
            hear(app, "start/0", token=token)


@pytest.mark.parametrize("path", ["/", "/voice/", "/voice/x", "/voice/x/start", "/voice/x/start/٣"])
def test_it_has_no_other_address(app: App, path: str) -> None:
    signed = signature.sign(URL + path, [], token=SECRET)
    with pytest.raises(Unwelcome, match="404"):
        app.hear(path, "", b"", signed)
