"""Fetching over TLS: the certificate must be good, and for the name that was asked for."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.base import netguard
from groundswell.directory.fetching.client import Client, Limits
from groundswell.directory.fetching.connection import FetchFailed
from groundswell.directory.fetching.tests.names import named
from tests.support.certificate import certificate
from tests.support.ports import free_port


def client() -> Client:
    allow = netguard.networks("127.0.0.1/32")
    return Client(agent="Test", allow=allow, sleep=lambda _seconds: None)


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server that speaks TLS, with a certificate for 127.0.0.1 that nobody vouches for."""
    file = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", free_port())) as listener:
        thread = threading.Thread(target=_speak, args=(listener, context, stop))
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/", file
        stop.set()
        thread.join()


def _speak(listener: socket.socket, context: ssl.SSLContext, stop: threading.Event) -> None:
    listener.settimeout(0.05)
    while not stop.is_set():
        with contextlib.suppress(OSError):
            raw, _ = listener.accept()
            raw.settimeout(5)
            with raw, context.wrap_socket(raw, server_side=True) as link:
                link.recv(65_536)
                link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsealed")


def test_it_checks_the_certificate(secure: tuple[str, Path]) -> None:
    url, _ = secure
    with pytest.raises(FetchFailed, match="no good certificate"):
        client().get(url)


def test_it_checks_it_against_the_name_not_the_address(
    secure: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, file = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert client().get(url) == b"sealed"
    monkeypatch.setattr(socket, "getaddrinfo", named({"other.test": ["127.0.0.1"]}))
    with pytest.raises(FetchFailed, match="no good certificate"):
        client().get(url.replace("127.0.0.1", "other.test"))


def test_it_waits_no_longer_than_agreed_for_a_handshake_that_drips() -> None:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", free_port())) as listener:
        thread = threading.Thread(target=_drip, args=(listener, over))
        thread.start()
        try:
            with pytest.raises(FetchFailed, match="took longer"):
                client().get(
                    f"https://127.0.0.1:{listener.getsockname()[1]}/",
                    limits=Limits(quiet=10, total=0.5),
                )
        finally:
            over.set()
            thread.join()


def _drip(listener: socket.socket, over: threading.Event) -> None:
    """The head of a long TLS record, and then its bytes one by one."""
    listener.settimeout(0.1)
    links = []
    while not over.wait(0.05):
        with contextlib.suppress(OSError):
            link = listener.accept()[0]
            link.sendall(bytes((22, 3, 3, 64, 0)))
            links.append(link)
        for link in links:
            with contextlib.suppress(OSError):
                link.sendall(b"x")
    for link in links:
        link.close()
