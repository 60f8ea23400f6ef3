"""The way visitors come in: addresses, proxies, open files, and who else can look in."""

import asyncio
import ipaddress
import resource
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from groundswell.base.env import Settings
from groundswell.ops import ports
from groundswell.ops.doctor.finding import Finding, Host, setting

SUBJECT: Final = "network"
SECONDS: Final = 10
FILES: Final = 16_384  # as many requests may be in flight in a worker
_LISTENING: Final = "0A"
_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))


def check(host: Host) -> Iterator[Finding]:
    """The public address answers; a proxy is believed; metrics and files are as they should be."""
    settings = host.settings
    found = [*_proxies(settings), *_metrics(settings), *_files(), *_door(settings)]
    if not found:
        found = [*_public(settings)]
    yield from found or [Finding("ok", SUBJECT, f"{settings.public_url} answers")]


def _door(settings: Settings) -> Iterator[Finding]:
    if not asyncio.run(ports.answers(settings.host, settings.public_port, "/healthz")):
        yield Finding(
            "wrong",
            SUBJECT,
            f"intake does not answer, or cannot store, at {settings.host} port"
            f" {settings.public_port}",
            "start `groundswell intake`, and look at its log",
        )


def _public(settings: Settings) -> Iterator[Finding]:
    url = f"{settings.public_url.rstrip('/')}/healthz"
    mend = f"look at the web server in front, at {setting('public_url')} and at its DNS record"
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310  http(s) alone
            if b'"status"' not in answer.read(1000):
                yield Finding("wrong", SUBJECT, f"{url} is answered by something else", mend)
    except urllib.error.HTTPError as error:
        with error:
            yield Finding("wrong", SUBJECT, f"{url} answers {error.code}", mend)
    except OSError as error:
        reason = getattr(error, "reason", error)
        yield Finding("wrong", SUBJECT, f"{url} does not answer: {reason}", mend)


def _proxies(settings: Settings) -> Iterator[Finding]:
    # Intake itself speaks no TLS, so a public address with https has a proxy in front.
    behind = urlsplit(settings.public_url).scheme == "https"
    if behind and not settings.trusted_proxies:
        yield Finding(
            "wrong",
            SUBJECT,
            "all visitors look like one, the proxy's, and are slowed together",
            f"set {setting('trusted_proxies')}, e.g. to 127.0.0.1/32",
        )
    if behind and not _is_loopback(settings.host):
        yield Finding(
            "note",
            SUBJECT,
            f"intake listens on {settings.host}: visitors may come in around the proxy",
            f"set {setting('host')} to 127.0.0.1, or let a firewall pass the proxy alone",
        )


def _metrics(settings: Settings) -> Iterator[Finding]:
    wanted = range(settings.metrics_port, settings.metrics_port + settings.intake_workers)
    for address, port in listeners() if settings.metrics_port else ():
        if port in wanted and not _is_loopback(address):
            yield Finding(
                "wrong",
                SUBJECT,
                f"the metrics on port {port} can be read from other machines ({address})",
                "close that port in the firewall, and see what else listens there",
            )


def _files() -> Iterator[Finding]:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES:
        yield Finding(
            "wrong",
            SUBJECT,
            f"a process may have {hard} files and connections open, fewer than a surge needs",
            f"set LimitNOFILE={4 * FILES} in intake's unit, or `ulimit -Hn {4 * FILES}`",
        )


def listeners() -> list[tuple[str, int]]:
    """(address, port) of every TCP socket that listens on this machine."""
    found = []
    for table in _TABLES:
        for line in table.read_text().splitlines()[1:] if table.exists() else ():
            words = line.split()
            if words[3] == _LISTENING:
                address, _, port = words[1].partition(":")
                found.append((_address(address), int(port, 16)))
    return found


def _address(text: str) -> str:
    # The kernel shows each 32-bit word in this machine's own order, which is little-endian.
    raw = bytes.fromhex(text)
    words = [raw[at : at + 4][::-1] for at in range(0, len(raw), 4)]
    return str(ipaddress.ip_address(b"".join(words)))


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
