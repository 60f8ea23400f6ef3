"""Where our own requests may go. Who gives us an address must not make us knock inside our network.

A name is resolved once, every address it has is looked at, and the connection is made to an address
that was looked at: a name that changes its mind in between leads nowhere new.
"""

import ipaddress
import socket
import ssl
from collections.abc import Iterable
from http.client import HTTPConnection, HTTPSConnection
from typing import Final
from urllib.parse import SplitResult, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# IPv6 addresses that lead to the IPv4 address in their last four bytes.
_LAST_FOUR: Final = (
    ipaddress.IPv6Network("64:ff9b::/96"),
    ipaddress.IPv6Network("64:ff9b:1::/48"),
    ipaddress.IPv6Network("::/96"),
)


class Blocked(Exception):
    """We do not send a request there. The message says why, without the address's credentials."""


def networks(text: str) -> tuple[Network, ...]:
    """The networks a setting names. Raises ValueError."""
    parts = text.replace(",", " ").split()
    return tuple(ipaddress.ip_network(part, strict=False) for part in parts)


def is_public(address: Address) -> bool:
    """Whether the address is one anybody on the internet could reach, whatever it is wrapped in."""
    inside = _wrapped(address)
    if inside is not None:
        return is_public(inside)
    return address.is_global and not address.is_multicast and not address.is_reserved


def checked_url(url: str, *, allow: Iterable[Network] = ()) -> SplitResult:
    """The parts of an address we may send to. Raises Blocked.

    HTTPS on its own port, and nothing else; where `allow` names networks, any port and HTTP too,
    for `connection` will see to it that only those networks are met that way.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Blocked("the address cannot be read") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Blocked("only https:// addresses can be used")
    if parts.username is not None or parts.password is not None:
        raise Blocked("a name and password in the address are not used")
    if not tuple(allow) and (parts.scheme != "https" or port not in {None, 443}):
        raise Blocked("only https:// on port 443 can be used")
    return parts


def resolve(host: str, port: int, *, allow: Iterable[Network] = ()) -> list[Address]:
    """The host's addresses, all of them looked at. Raises Blocked, or OSError if it has none."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # an empty or endless label
        raise Blocked("the address cannot be read") from error
    found = list(dict.fromkeys(ipaddress.ip_address(row[4][0]) for row in rows))
    allowed = tuple(allow)
    for address in found:
        if not is_public(address) and not _inside(address, allowed):
            raise Blocked(f"{host} leads to {address}, which is not on the public internet")
    return found


def connection(
    url: str, *, timeout: float, allow: Iterable[Network] = ()
) -> HTTPConnection | HTTPSConnection:
    """An HTTP connection to the URL's host, pinned to an address that was looked at.

    Raises Blocked, or OSError. It is not open yet. Follows no redirect: http.client never does.
    """
    allowed = tuple(allow)
    parts = checked_url(url, allow=allowed)
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    addresses = resolve(host, port, allow=allowed)
    if parts.scheme == "http" or port != 443:
        for address in addresses:
            if not _inside(address, allowed):
                raise Blocked("only https:// on port 443 can be used")
    if parts.scheme == "http":
        return _Pinned(host, port, addresses=addresses, timeout=timeout)
    return _PinnedTls(host, port, addresses=addresses, timeout=timeout)


class _Pinned(HTTPConnection):
    """HTTP to one of the addresses given, whatever the name says by now."""

    def __init__(self, host: str, port: int, *, addresses: list[Address], timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._addresses = addresses

    def connect(self) -> None:
        self.sock = _open(self._addresses, self.port, self.timeout)


class _PinnedTls(HTTPSConnection):
    """The same over TLS; the certificate must be for the name."""

    def __init__(self, host: str, port: int, *, addresses: list[Address], timeout: float) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=timeout, context=self._tls)
        self._addresses = addresses

    def connect(self) -> None:
        plain = _open(self._addresses, self.port, self.timeout)
        try:
            # In two steps, so that whoever watches the time can end a handshake that drips.
            self.sock = self._tls.wrap_socket(
                plain, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()
        except BaseException:
            self.close()
            plain.close()
            raise


def _open(addresses: list[Address], port: int, timeout: float | None) -> socket.socket:
    last: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((str(address), port), timeout)
        except OSError as error:
            last = error
    raise last or OSError("the name has no address")


def _inside(address: Address, allowed: tuple[Network, ...]) -> bool:
    return any(address in network for network in allowed)


def _wrapped(address: Address) -> Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    inside = address.ipv4_mapped or address.sixtofour
    if inside is None and address.teredo is not None:
        inside = address.teredo[1]
    if inside is None and any(address in network for network in _LAST_FOUR):
        inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inside
