"""A rehearsal goes nowhere that the operator has not named."""

import socket

import pytest

from groundswell.base.errors import Trouble
from groundswell.rehearsal import target

LOOPBACK = "127.0.0.0/8 ::1/128"


def resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def answer(host: str, port: int, **_: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(target, "_reachable", lambda found, _port: found[0])


def test_it_takes_loopback_as_it_is() -> None:
    found = target.resolve("http://127.0.0.1:8000", allowed=LOOPBACK)
    assert (found.address, found.port, found.origin) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert found.is_here


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7", "0.0.0.0"])
def test_it_refuses_what_is_not_on_the_list(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolves_to(monkeypatch, address)
    with pytest.raises(Trouble, match="REHEARSE_ALLOW"):
        target.resolve("https://act.example.org", allowed=LOOPBACK)


def test_it_refuses_a_name_with_one_address_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    resolves_to(monkeypatch, "127.0.0.1", "192.0.2.7")
    with pytest.raises(Trouble, match=r"192\.0\.2\.7"):
        target.resolve("https://act.example.org", allowed=LOOPBACK)


def test_it_keeps_the_address_it_has_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    resolves_to(monkeypatch, "192.0.2.7")
    found = target.resolve("https://act.example.org/x", allowed="192.0.2.0/24")
    assert (found.address, found.port) == ("192.0.2.7", 443)
    assert (found.host, found.authority) == ("act.example.org", "act.example.org")
    assert not found.is_here


@pytest.mark.parametrize("url", ["act.example.org", "ftp://127.0.0.1", "http://", "file:///etc"])
def test_it_takes_nothing_that_is_no_address(url: str) -> None:
    with pytest.raises(Trouble, match="no address"):
        target.resolve(url, allowed="0.0.0.0/0 ::/0")


def test_it_asks_its_own_door_by_its_public_name() -> None:
    found = target.here(host="0.0.0.0", port=8000, public_url="https://act.example.org")
    assert (found.scheme, found.address, found.port) == ("http", "127.0.0.1", 8000)
    assert found.authority == "act.example.org"
    assert target.here(host="localhost", port=8000, public_url="http://localhost:8000").is_here
