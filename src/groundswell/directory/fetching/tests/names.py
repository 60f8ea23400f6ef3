"""Names that mean what a test wants them to mean."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any


def named(*meanings: dict[str, list[str]]) -> Callable[..., object]:
    """getaddrinfo with names of ours: the first time they mean this, then that."""
    real, times = socket.getaddrinfo, iter([*meanings, *meanings[-1:] * 9])

    def asked(host: str, port: int, *rest: Any, **more: Any) -> object:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            found = next(times)[host]
            return [row for one in found for row in real(one, port, *rest, **more)]
        return real(host, port, *rest, **more)

    return asked
