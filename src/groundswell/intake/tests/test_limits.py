"""Buckets per network: a crowd is slowed before it is asked to wait, and nobody is remembered."""

import pytest

from groundswell.intake import limits as limits_module
from groundswell.intake.limits import Limits, peer_address, prefix


class Watch:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def test_it_slows_then_shuts_then_opens_again() -> None:
    watch = Watch()
    limits = Limits(burst=9, per_second=2.0, clock=watch)
    lanes = [limits.take("192.0.2.1") for _ in range(13)]
    assert [lane for lane, _ in lanes] == ["open"] * 9 + ["slow"] * 3 + ["shut"]
    assert lanes[-1][1] == 1
    assert limits.take("192.0.3.1")[0] == "open"
    watch.time += 1.0
    assert [limits.take("192.0.2.200")[0] for _ in range(3)] == ["slow", "slow", "shut"]
    watch.time += 60
    assert limits.take("192.0.2.1")[0] == "open"


def test_it_does_not_count_who_is_refused() -> None:
    watch = Watch()
    limits = Limits(burst=3, per_second=1.0, clock=watch)
    for _ in range(1000):
        limits.take("192.0.2.1")
    watch.time += 1.0
    assert limits.take("192.0.2.1")[0] == "slow"


def test_it_lets_an_exempt_network_through() -> None:
    limits = Limits(burst=1, per_second=0.01, exempt="198.51.100.0/24, 2001:db8::/32")
    for address in ("198.51.100.7", "::ffff:198.51.100.7", "2001:db8::1"):
        assert {limits.take(address)[0] for _ in range(50)} == {"open"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1:100::1", "2001:db8:1:1ff::9", True),
        ("2001:db8:1:100::1", "2001:db8:1:200::1", False),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
    ],
)
def test_it_groups_by_network(one: str, other: str, same: bool) -> None:
    assert (prefix(one) == prefix(other)) is same


@pytest.mark.parametrize(
    ("peer", "forwarded", "sender"),
    [
        ("192.0.2.1", "6.6.6.6", "192.0.2.1"),
        ("10.0.0.1", "6.6.6.6, 192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "6.6.6.6, 192.0.2.7, 10.0.0.9", "192.0.2.7"),
        ("10.0.0.1", "6.6.6.6, nonsense", "10.0.0.1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_it_finds_who_sent_it(peer: str, forwarded: str | None, sender: str) -> None:
    limits = Limits(burst=1, per_second=1, proxies="10.0.0.0/8")
    assert limits.sender(peer, forwarded) == sender


def test_it_reads_granians_peer() -> None:
    assert peer_address("127.0.0.1:80") == "127.0.0.1"
    assert peer_address("[2001:db8::1]:80") == "2001:db8::1"


def test_it_keeps_a_bounded_number_of_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_module, "MAX_BUCKETS", 100)
    limits = Limits(burst=1, per_second=0.001)
    for number in range(1000):
        limits.take(f"10.{number // 250}.{number % 250}.1")
    assert len(limits._fresh) + len(limits._older) <= 200
    assert not any(b"10." in bucket for bucket in limits._fresh)
