"""The doctor says when supporters cannot be rung though somebody wants it."""

from typing import Any

import msgspec
import pytest

from groundswell.base import env
from groundswell.ops.doctor import ringing
from groundswell.ops.doctor.finding import Host

ACCOUNT = {
    "twilio_account_sid": "AC" + "0" * 32,
    "twilio_auth_token": "x",
    "twilio_number": "+442079460000",
    "public_url": "https://act.example.org",
}


def found(**changes: Any) -> list[str]:
    settings = msgspec.structs.replace(env.read({}), **changes)
    host = Host(settings, ("core",))
    return [one.level for one in ringing.check(host)]


def test_it_says_nothing_where_nobody_wants_it() -> None:
    assert found() == []


def test_it_is_content_with_an_account() -> None:
    assert found(**ACCOUNT) == ["ok"]


@pytest.mark.parametrize("name", ["twilio_account_sid", "twilio_auth_token", "twilio_number"])
def test_it_misses_a_part(name: str) -> None:
    assert found(**ACCOUNT | {name: ""}) == ["wrong"]


def test_it_wants_tls() -> None:
    assert found(**ACCOUNT | {"public_url": "http://act.example.org"}) == ["wrong"]
