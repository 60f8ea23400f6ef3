"""A stand-in for a gateway: real HTTP, and a schema that shares nothing with the code it judges."""

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from lxml import etree

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("schema.rng")))
KEY = "k/e&y 1"


def faults(xml: bytes) -> list[str]:
    """What the schema has against the message, each with the element's name."""
    tree = etree.fromstring(xml)
    if SCHEMA.validate(tree):
        return []
    return [error.message for error in SCHEMA.error_log] or ["invalid"]


class Gateway:
    """Answers as told in `answer` (status, body), or else as it judges; keeps what it was sent."""

    def __init__(self) -> None:
        self.url = ""
        self.offices = ["HIL13", "SIL02", "SIL03"]
        self.office_answer = 200
        self.messages: dict[str, bytes] = {}
        self.requests: list[tuple[float, str]] = []
        self.lists_asked = 0
        self.answer: tuple[int, str] | None = None
        self.hang_up = False
        self.drip = False
        self.cut = 0  # bytes promised and not sent

    def take(self, path: str, xml: bytes) -> tuple[int, str]:
        self.requests.append((time.monotonic(), path))
        if parse_qs(urlsplit(path).query).get("apikey") != [KEY]:
            return 403, "<Error>unknown key</Error>"
        wrong = faults(xml)
        if wrong:
            return 400, "<Errors>" + "".join(f"<Error>{one}</Error>" for one in wrong) + "</Errors>"
        name = str(etree.fromstring(xml).findtext("Delivery/DeliveryId"))
        if name in self.messages:
            return 400, "<Errors><Error>DeliveryId has already been received</Error></Errors>"
        self.messages[name] = xml
        return self.answer or (200, "<Success/>")


class Handler(BaseHTTPRequestHandler):
    """Its HTTP, with the ways to answer badly."""

    gateway: Gateway

    def do_POST(self) -> None:
        xml = self.rfile.read(int(self.headers["Content-Length"]))
        status, body = self.gateway.take(self.path, xml)
        self.close_connection = True
        if not self.gateway.hang_up:
            self._say(status, body)

    def do_GET(self) -> None:
        self.gateway.lists_asked += 1
        codes = [{"office": code} for code in self.gateway.offices]
        self._say(self.gateway.office_answer, str(codes))

    def _say(self, status: int, body: str) -> None:
        data = body.encode()
        if self.gateway.drip:
            for one in b"HTTP/1.1 200 OK and so on":
                self.wfile.write(bytes([one]))
                time.sleep(0.1)
        self.send_response(status)
        self.send_header("Content-Length", str(len(data) + self.gateway.cut))
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextlib.contextmanager
def running() -> Iterator[Gateway]:
    """A gateway on a port of its own."""
    gateway = Gateway()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Handler,), {"gateway": gateway}))
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
