"""Ports that tests give to servers: nobody's, and none that the kernel gives to a connection."""

import socket
from pathlib import Path

import pytest

from tests.support import ports


def test_it_stays_below_those_that_connections_take() -> None:
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    if lowest < ports.BEYOND:
        pytest.skip(f"this machine gives connections ports from {lowest}")
    assert all(ports.FIRST <= ports.free_port() < lowest for _ in range(50))


def test_it_passes_over_one_that_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", ports.free_port())) as server:
        taken = server.getsockname()[1]
        monkeypatch.setattr(ports, "FIRST", taken)
        monkeypatch.setattr(ports, "BEYOND", taken + 2)
        assert ports.free_port() == taken + 1
