"""Settings: typed, named when wrong, secret when secret."""

from pathlib import Path

import pytest

from groundswell.base import env


def test_it_needs_no_setting_at_all() -> None:
    assert env.read({}).public_url == "http://localhost:8000"


def test_it_lets_the_addresses_follow_the_ports() -> None:
    read = env.read({"GROUNDSWELL_PUBLIC_PORT": "9100", "GROUNDSWELL_STUDIO_PORT": "9101"})
    assert (read.public_url, read.studio_url) == ("http://localhost:9100", "http://localhost:9101")


def test_it_reads_each_in_its_type() -> None:
    read = env.read(
        {
            "GROUNDSWELL_PRODUCTION": "true",
            "GROUNDSWELL_RATE_PER_SECOND": "0.5",
            "GROUNDSWELL_LANGUAGES": "fr ar",
            "HOME": "/root",
        }
    )
    assert read.production is True
    assert read.rate_per_second == 0.5
    assert read.language_codes == ["fr", "ar"]


@pytest.mark.parametrize(
    ("settings", "two_factor"),
    [
        ({}, False),
        ({"GROUNDSWELL_PRODUCTION": "true"}, True),
        ({"GROUNDSWELL_PRODUCTION": "true", "GROUNDSWELL_REQUIRE_TWO_FACTOR": "false"}, False),
        ({"GROUNDSWELL_REQUIRE_TWO_FACTOR": "true"}, True),
    ],
)
def test_it_asks_for_two_factors_in_production(settings: dict[str, str], two_factor: bool) -> None:
    assert env.read(settings).two_factor is two_factor


@pytest.mark.parametrize(
    ("name", "value"),
    [("GROUNDSWELL_PUBLIC_PORT", "80a"), ("GROUNDSWELL_PRODUCTION", "perhaps")],
)
def test_it_names_a_setting_with_a_wrong_value(name: str, value: str) -> None:
    with pytest.raises(env.SettingError, match=name):
        env.read({name: value})


def test_it_refuses_a_name_it_does_not_know() -> None:
    with pytest.raises(env.SettingError, match="GROUNDSWELL_PUBLICPORT is not a setting"):
        env.read({"GROUNDSWELL_PUBLICPORT": "80"})


def test_it_reads_a_secret_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("correct horse\n")
    assert env.read({"GROUNDSWELL_SMTP_PASSWORD_FILE": str(file)}).smtp_password == "correct horse"


def test_it_names_a_secrets_file_that_is_not_there() -> None:
    with pytest.raises(env.SettingError, match="GROUNDSWELL_SMTP_PASSWORD_FILE names /nowhere"):
        env.read({"GROUNDSWELL_SMTP_PASSWORD_FILE": "/nowhere"})


def test_it_describes_every_setting() -> None:
    rows = env.describe()
    assert len(rows) == len(env.Settings.__struct_fields__)
    assert all(text.endswith(".") for _name, _default, text, _secret in rows)
    assert {name for name, _, _, secret in rows if secret} == {
        "GROUNDSWELL_CWC_HOUSE_KEY",
        "GROUNDSWELL_CWC_SENATE_KEY",
        "GROUNDSWELL_DATABASE",
        "GROUNDSWELL_FERRY_TOKEN",
        "GROUNDSWELL_LETTERS_INBOX_PASSWORD",
        "GROUNDSWELL_SMTP_PASSWORD",
        "GROUNDSWELL_TWILIO_AUTH_TOKEN",
        "GROUNDSWELL_WEBHOOK_SECRETS",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VAR", ""),
        ("PUBLIC_URL", "act.example.org"),
        ("PUBLIC_PORT", "99999"),
        ("METRICS_PORT", "-1"),
        ("INTAKE_WORKERS", "0"),
        ("DATABASE", "mysql://localhost/acts"),
        ("DATABASE", "postgresql://localhost"),
        ("LANGUAGES", ""),
        ("LANGUAGES", "English"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("TIME_ZONE", "../etc/passwd"),
        ("RATE_EXEMPT", "school"),
        ("TRUSTED_PROXIES", "192.0.2.1/99"),
        ("SMTP_TLS", "maybe"),
        ("MAIL_PER_SECOND", "0"),
        ("MAIL_CONNECTIONS", "0"),
        ("MAIL_CONNECTIONS", "101"),
        ("CONFIRM_DAYS", "-3"),
    ],
)
def test_it_names_a_setting_that_cannot_work(name: str, value: str) -> None:
    with pytest.raises(env.SettingError, match=rf"^GROUNDSWELL_{name} should be ."):
        env.read({f"GROUNDSWELL_{name}": value})


def test_it_never_shows_the_value_of_a_secret() -> None:
    with pytest.raises(env.SettingError) as caught:
        env.read({"GROUNDSWELL_DATABASE": "mysql://me:hush@localhost/acts"})
    assert "hush" not in str(caught.value)
