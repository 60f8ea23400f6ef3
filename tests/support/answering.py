"""An HTTP server on this machine that answers as a test says, and remembers what it was asked."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.ports import free_port

Speak = Callable[[BaseHTTPRequestHandler], None]
Route = bytes | Path | Speak


class Asked:
    """One request as it came."""

    def __init__(self, path: str, headers: Mapping[str, str]) -> None:
        self.path = path
        self.headers = headers


class Web:
    """A server's address and its memory. `routes` may be changed while it runs.

    A route is the whole path with its query, or without it for any query.
    """

    def __init__(self, url: str, routes: dict[str, Route]) -> None:
        self.url = url
        self.host = urlsplit(url).netloc
        self.routes = routes
        self.asked: list[Asked] = []


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    web: Web

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hangs up in the middle has reasons of their own."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        web = self.server.web
        web.asked.append(Asked(self.path, dict(self.headers.items())))
        route = web.routes.get(self.path) or web.routes.get(urlsplit(self.path).path)
        if callable(route):
            route(self)
        elif route is None:
            self.send_error(404)
        else:
            answer(self, route if isinstance(route, bytes) else route.read_bytes())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
        """A test's own assertions say what happened."""


def answer(
    to: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, **headers: str | int
) -> None:
    """Send a whole answer; an underscore in a header's name stands for a hyphen."""
    to.send_response(status)
    for name, value in {"Content-Length": len(body), **_hyphened(headers)}.items():
        to.send_header(name, str(value))
    to.end_headers()
    to.wfile.write(body)


def moved(target: str, status: int = 302) -> Speak:
    """A route that sends its visitor on."""
    return lambda to: answer(to, b"", status=status, Location=target)


@contextlib.contextmanager
def answering(routes: Mapping[str, Route] | None = None, host: str = "127.0.0.1") -> Iterator[Web]:
    """A running server. All of 127.0.0.0/8 is this machine, for a test that wants two networks."""
    port = free_port()
    server = _Server((host, port), _Handler)
    server.web = Web(f"http://{host}:{port}", dict(routes or {}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _hyphened(headers: Mapping[str, str | int]) -> dict[str, str | int]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
