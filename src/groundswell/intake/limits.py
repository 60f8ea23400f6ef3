"""Token buckets per network: a crowd behind one address is slowed before it is asked to wait.

Kept in memory only and lost on restart by design. No address is kept: a bucket is found by a
keyed hash of its network (/24 for IPv4, /56 for IPv6) under a key that dies with the process.
"""

import ipaddress
import secrets
import time
from collections.abc import Callable
from hashlib import blake2b
from socket import AF_INET, AF_INET6, inet_pton
from typing import Final, Literal

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Lane = Literal["open", "slow", "shut"]

MAX_BUCKETS: Final = 16_384  # twice this many at most, about 7 MB
_SLOW_SHARE: Final = 3
_MAPPED: Final = b"\x00" * 10 + b"\xff\xff"  # an IPv4 address written as an IPv6 one


class Limits:
    """Who may send, at which pace. Not thread-safe: it belongs to the event loop."""

    def __init__(
        self,
        *,
        burst: int,
        per_second: float,
        exempt: str = "",
        proxies: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = float(burst)
        self._rate = per_second
        self._debt = -self._burst / _SLOW_SHARE
        self._exempt = Networks(exempt)
        self._proxies = Networks(proxies)
        self._clock = clock
        self._keyed = blake2b(digest_size=8, key=secrets.token_bytes(16))
        self._fresh: dict[bytes, tuple[float, float]] = {}
        self._older: dict[bytes, tuple[float, float]] = {}

    def take(self, address: str) -> tuple[Lane, int]:
        """Count one submission from an address: its lane, and seconds to wait when it is shut.

        "slow" is the stretch between an empty bucket and a third of a burst below it.
        """
        if self._exempt and address in self._exempt:
            return "open", 0
        now = self._clock()
        digest = self._keyed.copy()
        digest.update(prefix(address))
        bucket = digest.digest()
        left, seen = self._fresh.get(bucket) or self._older.get(bucket) or (self._burst, now)
        left = min(self._burst, left + (now - seen) * self._rate)
        if left - 1 < self._debt:
            return "shut", max(1, round((self._debt + 1 - left) / max(self._rate, 0.01)))
        self._remember(bucket, left - 1, now)
        return ("open" if left >= 1 else "slow"), 0

    def sender(self, peer: str, forwarded: str | None) -> str:
        """The address a request comes from: the peer's, or what a trusted proxy says of it."""
        if not self._proxies or not forwarded or peer not in self._proxies:
            return peer
        for hop in reversed([part.strip() for part in forwarded.split(",")]):
            if not _is_address(hop):
                break
            if hop not in self._proxies:
                return hop
        return peer

    def is_proxy(self, peer: str) -> bool:
        """Whether a peer is one whose word we take."""
        return peer in self._proxies

    def _remember(self, bucket: bytes, left: float, now: float) -> None:
        if len(self._fresh) >= MAX_BUCKETS:
            self._older, self._fresh = self._fresh, {}
        self._fresh[bucket] = (left, now)


class Networks:
    """Networks from a setting, separated by spaces or commas. Raises ValueError.

    `address in networks` is asked for each submission behind a proxy: with the standard library's
    own objects that was 2 µs and a fifteenth of everything before the journal.
    """

    def __init__(self, text: str) -> None:
        parsed = [
            ipaddress.ip_network(part, strict=False) for part in text.replace(",", " ").split()
        ]
        self._v4 = [_masked(network) for network in parsed if network.version == 4]
        self._v6 = [_masked(network) for network in parsed if network.version == 6]

    def __bool__(self) -> bool:
        return bool(self._v4 or self._v6)

    def __contains__(self, address: str) -> bool:
        try:
            if ":" not in address:
                number = int.from_bytes(inet_pton(AF_INET, address), "big")
                return any(number & mask == start for start, mask in self._v4)
            packed = inet_pton(AF_INET6, address.partition("%")[0])
        except (OSError, ValueError):
            return False
        if packed.startswith(_MAPPED):
            number = int.from_bytes(packed[12:], "big")
            return any(number & mask == start for start, mask in self._v4)
        number = int.from_bytes(packed, "big")
        return any(number & mask == start for start, mask in self._v6)


def prefix(address: str) -> bytes:
    """The network whose members share a bucket: an IPv4 /24, an IPv6 /56."""
    if ":" not in address:
        return address.rpartition(".")[0].encode()
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return b"?"
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped).rpartition(".")[0].encode()
    return parsed.packed[:7]


def peer_address(client: str) -> str:
    """The address of Granian's `host:port`."""
    return client.rpartition(":")[0].strip("[]")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _masked(network: Network) -> tuple[int, int]:
    return int(network.network_address), int(network.netmask)
