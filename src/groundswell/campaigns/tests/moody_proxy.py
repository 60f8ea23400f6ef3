"""A real proxy before a real door that refuses or cuts off the first forms, as a test says."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Literal

from groundswell.intake.tests.site_factory import Intake

Mood = Literal["busy", "crowded", "broken", "gateway", "cut", "cut after"]
_STATUS: Final = {"busy": 503, "crowded": 429, "broken": 500, "gateway": 502}
_DROPPED: Final = {"host", "connection", "transfer-encoding"}


class MoodyProxy(ThreadingHTTPServer):
    """`moods` are what happens to the next forms; `sent` is when each came, and its body."""

    daemon_threads = True

    def __init__(self, door: Intake, moods: list[Mood], retry_after: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.door = door
        self.moods = moods
        self.retry_after = retry_after
        self.sent: list[tuple[float, bytes]] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    # HTTP/1.0, one connection for each request: a browser by itself repeats what was cut off on a
    # connection that it had used before.
    server: MoodyProxy

    def do_GET(self) -> None:
        self._forward(b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.sent.append((time.monotonic(), body))
        mood = self.server.moods.pop(0) if self.server.moods else None
        if mood in _STATUS:
            self._refuse(_STATUS[mood])
        elif mood == "cut":
            self._cut()
        else:
            self._forward(body, cut=mood == "cut after")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base's name
        pass

    def _forward(self, body: bytes, *, cut: bool = False) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.server.door.port, timeout=20)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _DROPPED}
        link.request(self.command, self.path, body or None, headers)
        answer = link.getresponse()
        data = answer.read()
        link.close()
        if cut:
            self._cut()
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {*_DROPPED, "content-length", "date", "server"}:
                self.send_header(name, value)
        self._finish(data)

    def _refuse(self, status: int) -> None:
        codes = {503: "busy", 429: "too_many", 500: "internal"}
        error = {"code": codes.get(status, ""), "message": "The fault is ours.", "fields": []}
        self.send_response(status)
        if status in {429, 503}:
            self.send_header("Retry-After", str(self.server.retry_after))
        html = b"<h1>Bad gateway</h1>"
        self._finish(html if status == 502 else json.dumps({"error": error}).encode())

    def _finish(self, data: bytes) -> None:
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(2)


@contextmanager
def moody(door: Intake, *moods: Mood, retry_after: int = 1) -> Iterator[MoodyProxy]:
    """A running proxy that treats the next forms as the moods say, and then behaves."""
    proxy = MoodyProxy(door, list(moods), retry_after)
    thread = threading.Thread(target=proxy.serve_forever)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
