from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse

from groundswell.base import env
from groundswell.studio import bootstrap, roles
from groundswell.studio.tests.conftest import PASSWORD

HOME = "wagtailadmin_home"


@pytest.fixture
def required(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GROUNDSWELL_REQUIRE_TWO_FACTOR", "true")
    env.load.cache_clear()
    yield
    monkeypatch.undo()
    env.load.cache_clear()


@pytest.fixture
def dora(home: object) -> Client:
    """Dora has a password and no second factor, and is not logged in."""
    bootstrap.make_organiser(
        username="dora", email="dora@example.org", password=PASSWORD, role=roles.CAMPAIGNERS
    )
    return Client()


def _log_in(client: Client, password: str = PASSWORD) -> str:
    answer = client.post(reverse("account_login"), {"login": "dora", "password": password})
    return str(answer.headers.get("Location", ""))


def test_it_lets_a_password_do_where_no_second_factor_is_asked(dora: Client) -> None:
    assert _log_in(dora) == "/"
    assert dora.get(reverse(HOME)).status_code == 200


@pytest.mark.usefixtures("required")
def test_it_sends_an_organiser_without_a_second_factor_to_set_one_up(dora: Client) -> None:
    _log_in(dora)
    answer = dora.get(reverse(HOME))
    assert answer.headers["Location"] == reverse("mfa_index")
    shown = dora.get(reverse("mfa_index"))
    assert shown.status_code == 200
    assert "Before you go on" in shown.content.decode()


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("address", ["/pages/", "/images/", "/media/x.jpg", "/account/"])
def test_it_opens_nothing_else_until_then(dora: Client, address: str) -> None:
    _log_in(dora)
    assert dora.get(address).headers["Location"] == reverse("mfa_index")


@pytest.mark.usefixtures("required")
def test_it_asks_for_the_code_and_lets_in(dora: Client) -> None:
    secret = generate_totp_secret()
    TOTP.activate(get_user_model().objects.get(username="dora"), secret)
    assert _log_in(dora) == reverse("mfa_authenticate")
    assert dora.get(reverse(HOME)).headers["Location"].startswith("/login/")
    wrong = dora.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert dora.get(reverse(HOME)).status_code == 302
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    dora.post(reverse("mfa_authenticate"), {"code": code})
    assert dora.get(reverse(HOME)).status_code == 200


def test_it_offers_a_passkey_at_the_login(home: object) -> None:
    shown = Client().get(reverse("account_login"))
    assert "passkey" in shown.content.decode()
    assert "unsafe-inline" not in shown.headers["Content-Security-Policy"]


def test_it_has_no_sign_up(home: object) -> None:
    assert Client().get("/signup/").headers["Location"].startswith("/login/")
    assert "sign up" not in Client().get(reverse("account_login")).content.decode().lower()


def test_it_slows_down_who_guesses_passwords(dora: Client) -> None:
    for _ in range(12):
        answer = dora.post(reverse("account_login"), {"login": "dora", "password": "guess"})
    assert "Too many" in answer.content.decode()
    assert _log_in(dora) == ""


def test_it_mails_a_link_for_a_forgotten_password(dora: Client) -> None:
    dora.post(reverse("account_reset_password"), {"email": "dora@example.org"})
    [message] = mail.outbox
    assert message.to == ["dora@example.org"]
    assert "/password/reset/key/" in message.body


def test_it_says_the_same_for_an_address_it_does_not_know(dora: Client) -> None:
    known = dora.post(reverse("account_reset_password"), {"email": "dora@example.org"})
    unknown = dora.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert known.headers["Location"] == unknown.headers["Location"]
