"""Only Twilio's own signature opens; the oracle is Twilio's own package."""

import pytest
from twilio.request_validator import RequestValidator

from groundswell.intake.voice import signature

TOKEN = "5ca1ab1e" * 4
URLS = [
    "https://act.example.org/voice/abc/start/0",
    "https://act.example.org/voice/abc/start/0?x=1&y=%C3%BC",
    "https://act.example.org:8443/voice/abc/start/0",
    "http://localhost:8000/voice/abc/next/3",
]
FORMS: list[dict[str, str]] = [
    {},
    {"CallSid": "CA1", "Digits": "1", "To": "+447700900123"},
    {"Name": "Zoë Łaska", "City": "مدينة", "Empty": "", "a": "1", "B": "2"},
]


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("form", FORMS)
def test_it_signs_as_twilio_does(url: str, form: dict[str, str]) -> None:
    theirs = RequestValidator(TOKEN).compute_signature(url, form)
    assert signature.sign(url, form.items(), token=TOKEN) == theirs
    assert signature.is_genuine(theirs, url, form.items(), token=TOKEN)


@pytest.mark.parametrize(
    ("signed", "asked"),
    [
        ("https://act.example.org:443/voice/a", "https://act.example.org/voice/a"),
        ("https://act.example.org/voice/a", "https://act.example.org:443/voice/a"),
    ],
)
def test_it_takes_the_usual_port_for_none(signed: str, asked: str) -> None:
    theirs = RequestValidator(TOKEN).compute_signature(signed, {"a": "b"})
    assert signature.is_genuine(theirs, asked, [("a", "b")], token=TOKEN)


@pytest.mark.parametrize("wrong", ["", "x", "ü", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="])
def test_it_refuses_any_other(wrong: str) -> None:
    assert not signature.is_genuine(wrong, URLS[0], [("a", "b")], token=TOKEN)


def test_it_sees_what_was_changed() -> None:
    theirs = signature.sign(URLS[0], [("Digits", "1")], token=TOKEN)
    for url, pairs, token in (
        (URLS[0], [("Digits", "2")], TOKEN),
        (URLS[0], [("Digits", "1"), ("To", "x")], TOKEN),
        (URLS[1], [("Digits", "1")], TOKEN),
        (URLS[0], [("Digits", "1")], "another"),
    ):
        assert not signature.is_genuine(theirs, url, pairs, token=token)
