"""Ports: a taken one is named, with the setting that moves it."""

import asyncio
import socket
from collections.abc import Iterator

import msgspec
import pytest

from groundswell.base import env
from groundswell.base.errors import Trouble
from groundswell.ops import ports, up
from tests.support.ports import free_port

SETTINGS = env.read({})


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    "setting", ["public_port", "studio_port", "metrics_port", "smtp_port", "mailbox_port"]
)
def test_it_names_a_taken_port_and_its_setting(taken: int, setting: str) -> None:
    free = {name: 0 for name, _host, _port in _all()}
    settings = msgspec.structs.replace(SETTINGS, **{**free, setting: taken})
    with pytest.raises(Trouble, match=rf"port {taken} .* GROUNDSWELL_{setting.upper()}"):
        ports.check(settings, sink=True)


def test_it_is_content_with_free_ports() -> None:
    settings = msgspec.structs.replace(SETTINGS, **{name: 0 for name, _host, _port in _all()})
    ports.check(settings, sink=True)


def test_it_names_an_address_that_is_not_ours() -> None:
    with pytest.raises(Trouble, match=r"cannot listen on 192\.0\.2\.1"):
        ports.is_free("192.0.2.1", 8000)


def test_it_sees_that_nobody_answers() -> None:
    assert asyncio.run(ports.answers("127.0.0.1", free_port(), "/")) is False


def _all() -> list[tuple[str, str, int]]:
    return ports.wanted(SETTINGS) + ports.wanted_by_sink(SETTINGS)


def test_it_asks_for_the_voice_only_where_supporters_are_rung(taken: int) -> None:
    closed = {name: 0 for name, _host, _port in _all()}
    settings = msgspec.structs.replace(SETTINGS, **closed, voice_port=taken)
    ports.check(settings, sink=True)
    assert [child.name for child in up.children(settings, sink=False)] == [
        "intake", "core", "studio",
    ]  # fmt: skip
    account = {"twilio_account_sid": "AC" + "0" * 32, "twilio_number": "+442079460000"}
    rings = msgspec.structs.replace(settings, twilio_auth_token="x", **account)
    assert up.children(rings, sink=False)[-1].name == "voice"
    with pytest.raises(Trouble, match="GROUNDSWELL_VOICE_PORT"):
        ports.check(rings, sink=True)
