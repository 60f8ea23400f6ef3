"""Settings of the gateways that letters go through are looked at before anything is sent."""

import pytest

from groundswell.base import env

KEY = "whsec_" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CWC_HOUSE_URL", "house.example.org"),
        ("CWC_CONTACT", "Robin Example, robin@example.org"),
        ("CWC_CONTACT", "Rob <rob@example.org> 202-555-0123"),
        ("CWC_PER_SECOND", "5.5"),
        ("CWC_PER_SECOND", "0"),
        ("CWC_QUIET", "Saturday night"),
        ("CWC_QUIET", "Sat 25:00-26:00"),
        ("WEBHOOK_URL", "file:///etc/passwd"),
        ("WEBHOOK_SECRETS", "secret"),
        ("WEBHOOK_SECRETS", "whsec_c2hvcnQ="),
        ("WEBHOOK_SECRETS", KEY + " QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"),
        ("DELIVERY_ALLOW", "the office"),
    ],
)
def test_it_refuses_what_could_not_work(name: str, value: str) -> None:
    with pytest.raises(env.SettingError, match=f"GROUNDSWELL_{name}"):
        env.read({f"GROUNDSWELL_{name}": value})


def test_it_takes_what_will() -> None:
    settings = env.read(
        {
            "GROUNDSWELL_CWC_HOUSE_URL": "https://gateway.example.org/message?apikey={key}",
            "GROUNDSWELL_CWC_CONTACT": "Robin Example <robin@example.org> 202-555-0123",
            "GROUNDSWELL_CWC_QUIET": "Sat 22:00-02:00, Tue 05:00-05:30",
            "GROUNDSWELL_WEBHOOK_SECRETS": f"{KEY} {KEY}",
        }
    )
    assert settings.cwc_quiet.startswith("Sat")


def test_it_never_shows_the_keys() -> None:
    secret = {name for name, _default, _help, hidden in env.describe() if hidden}
    for name in ("CWC_HOUSE_KEY", "CWC_SENATE_KEY", "WEBHOOK_SECRETS"):
        assert f"GROUNDSWELL_{name}" in secret
