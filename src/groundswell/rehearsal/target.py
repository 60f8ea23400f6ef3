"""Where a rehearsal may go: only to addresses on the operator's list, checked after resolving."""

import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

import msgspec

from groundswell.base.errors import Trouble

_PORTS: Final = {"http": 80, "https": 443}


class Target(msgspec.Struct, frozen=True):
    """An installation's front: connect to `address`, speak of `authority` (the Host header)."""

    scheme: str
    authority: str
    port: int
    address: str

    @property
    def host(self) -> str:
        """The name that its certificate must be for."""
        return urlsplit(f"//{self.authority}").hostname or ""

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def is_here(self) -> bool:
        """Whether it is this machine, whose load can be looked at."""
        return ipaddress.ip_address(self.address).is_loopback


def resolve(url: str, *, allowed: str) -> Target:
    """The target at a URL. Raises Trouble unless every address it has is on the list.

    The connection goes to the very address that was checked: a name that changes its mind in
    between leads nowhere else.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Trouble(f"{url} is no address to rehearse against, such as https://act.example.org")
    port = parts.port or _PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Trouble(f"{parts.hostname} cannot be resolved: {error.strerror}") from error
    addresses = sorted({str(one[4][0]).partition("%")[0] for one in found})
    check(parts.hostname, addresses, allowed=allowed)
    return Target(parts.scheme, parts.netloc.rpartition("@")[2], port, _reachable(addresses, port))


def here(*, host: str, port: int, public_url: str) -> Target:
    """This machine's own door, asked for by the name it goes by in public. Raises Trouble."""
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not bound
    try:
        found = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Trouble(f"{host} cannot be resolved: {error.strerror}") from error
    return Target("http", urlsplit(public_url).netloc, port, str(found[0][4][0]))


def check(name: str, addresses: list[str], *, allowed: str) -> None:
    """Raises Trouble that names the first address that is not on the list."""
    networks = [
        ipaddress.ip_network(one, strict=False) for one in allowed.replace(",", " ").split()
    ]
    for address in addresses:
        if not any(_plain(address) in network for network in networks):
            raise Trouble(
                f"{name} is {address}, which is not on the list of what may be rehearsed against; "
                "if it is yours, add it to GROUNDSWELL_REHEARSE_ALLOW"
            )


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    parsed = ipaddress.ip_address(address)
    return (isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped) or parsed


def _reachable(addresses: list[str], port: int) -> str:
    """The first address that answers, as browsers choose; the first of all if none does."""
    for address in addresses:
        try:
            with socket.create_connection((address, port), timeout=3):
                return address
        except OSError:
            continue
    return addresses[0]
