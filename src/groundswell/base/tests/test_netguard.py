"""Our own requests stay outside private networks, whatever the address is dressed up as."""

import ipaddress
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from groundswell.base import netguard
from groundswell.base.netguard import Blocked

INSIDE = (
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:db8::1",
)


@pytest.mark.parametrize("text", INSIDE)
def test_it_knows_what_is_inside(text: str) -> None:
    assert not netguard.is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["1.1.1.1", "2606:4700::1111", "64:ff9b::101:101"])
def test_it_knows_what_is_public(text: str) -> None:
    assert netguard.is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://example.org:22/",
        "file:///etc/passwd",
        "https:///nowhere",
        "https://me:word@example.org/",
        "https://example.org:99999/",
        "gopher://example.org/",
    ],
)
def test_it_refuses_other_ways_in(url: str) -> None:
    with pytest.raises(Blocked):
        netguard.checked_url(url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001", "169.254.169.254"]
)
def test_it_refuses_a_name_that_leads_inside(host: str) -> None:
    with pytest.raises((Blocked, OSError)):
        netguard.connection(f"https://{host}/", timeout=1)


def test_it_refuses_a_host_of_which_one_address_is_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    _answer(monkeypatch, lambda: ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(Blocked, match=r"10\.0\.0\.1"):
        netguard.connection("https://example.org/", timeout=1)


def test_it_meets_a_network_that_is_allowed_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    allow = netguard.networks("10.0.0.0/8")
    _answer(monkeypatch, lambda: ["10.0.0.1"])
    netguard.connection("http://crm.example.org:8080/", timeout=1, allow=allow)
    _answer(monkeypatch, lambda: ["192.168.0.1"])
    with pytest.raises(Blocked):
        netguard.connection("http://crm.example.org:8080/", timeout=1, allow=allow)
    _answer(monkeypatch, lambda: ["1.1.1.1"])
    with pytest.raises(Blocked, match="https"):
        netguard.connection("http://crm.example.org:8080/", timeout=1, allow=allow)


class Quiet(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def test_it_goes_where_it_looked_though_the_name_has_moved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = HTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    asked = []

    def answers() -> list[str]:
        asked.append(1)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.255.255.1"]

    _answer(monkeypatch, answers)
    try:
        allow = netguard.networks("127.0.0.0/8")
        url = f"http://moving.example.org:{server.server_port}/"
        connection = netguard.connection(url, timeout=5, allow=allow)
        connection.request("GET", "/")
        assert connection.getresponse().status == 204
        connection.close()
    finally:
        server.shutdown()
        server.server_close()
    assert len(asked) == 1


def _answer(monkeypatch: pytest.MonkeyPatch, addresses: Callable[[], list[str]]) -> None:
    real = socket.getaddrinfo

    def looked_up(host: str, port: int, *rest: object, **named: object) -> list[object]:
        if not str(host).endswith("example.org"):
            return real(host, port, *rest, **named)  # type: ignore[arg-type,return-value]
        family = socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (text, port)) for text in addresses()]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
