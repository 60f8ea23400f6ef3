"""Ports that tests give to servers: each process its own, and none that connections take."""

import socket
from pathlib import Path

import pytest

from tests.support import ports


def test_it_stays_below_those_that_connections_take() -> None:
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    if lowest < ports.BEYOND:
        pytest.skip(f"this machine gives connections ports from {lowest}")
    assert all(ports.FIRST <= ports.free_port() < lowest for _ in range(50))


def test_it_gives_each_process_of_a_run_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", "3")
    shares = []
    for worker in ("gw0", "gw1", "gw2"):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)
        shares.append({ports.free_port() for _ in range(100)})
        assert len(shares[-1]) == 100  # and none twice
    assert len(set().union(*shares)) == 300


def test_it_passes_over_one_that_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"):
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", ports.free_port())) as server:
        taken = server.getsockname()[1]
        monkeypatch.setattr(ports, "FIRST", taken)
        monkeypatch.setattr(ports, "BEYOND", taken + 2)
        assert ports.free_port() == taken + 1
