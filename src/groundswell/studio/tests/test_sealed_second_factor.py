"""A copy of the database holds no secret that opens an organiser's account."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth import get_user_model

from groundswell.base import env, keyring, sealing
from groundswell.studio import second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora() -> Any:
    return get_user_model().objects.create_user("dora")


@pytest.fixture
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keys that a test may rotate and retire."""
    monkeypatch.setenv("GROUNDSWELL_VAR", str(tmp_path))
    env.load.cache_clear()
    keyring.init(tmp_path / "keys")
    yield tmp_path / "keys"
    monkeypatch.undo()
    env.load.cache_clear()


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_it_stores_neither_secret_nor_seed_in_clear(dora: Any) -> None:
    secret = generate_totp_secret()
    TOTP.activate(dora, secret)
    codes = RecoveryCodes.activate(dora).get_unused_codes()
    stored = [one.data for one in Authenticator.objects.all()]
    assert secret not in json.dumps(stored)
    assert all(
        value.startswith(second_factor.MARK)
        for data in stored
        for name, value in data.items()
        if name in second_factor.FIELDS
    )
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).validate_code(codes[0])


def test_it_goes_on_with_what_was_stored_in_clear_and_seals_it(dora: Any) -> None:
    secret = generate_totp_secret()
    old = Authenticator.objects.create(user=dora, type="totp", data={"secret": secret})
    assert TOTP(old).validate_code(_code(secret))
    assert second_factor.reseal() == 1
    old.refresh_from_db()
    assert secret not in json.dumps(old.data)
    assert second_factor.SealedSecrets().decrypt(old.data["secret"]) == secret
    assert second_factor.reseal() == 0


def test_it_opens_after_the_old_key_is_gone(dora: Any, own_keys: Path) -> None:
    secret = generate_totp_secret()
    TOTP.activate(dora, secret)
    keyring.rotate(own_keys, "data")
    assert second_factor.reseal() == 1
    keyring.retire(own_keys, "data")
    stored = Authenticator.objects.get().data["secret"]
    assert second_factor.SealedSecrets().decrypt(stored) == secret


def test_it_would_not_open_without_resealing(dora: Any, own_keys: Path) -> None:
    TOTP.activate(dora, generate_totp_secret())
    keyring.rotate(own_keys, "data")
    keyring.retire(own_keys, "data")
    with pytest.raises(sealing.CannotOpen):
        second_factor.SealedSecrets().decrypt(Authenticator.objects.get().data["secret"])
