"""The ferry: hands this machine's journal to a core on another one, over a private network.

    GET    /files                   what is there
    GET    /files/NAME?after=SEQ    the groups that follow; all up to SEQ are on core's disk
    DELETE /files/NAME?after=SEQ    core has the whole file: it may go
    GET    /metrics                 how far behind core is, for Prometheus

Core asks and this machine answers, so that nothing here needs a way into the private network.
The groups are sealed; the token keeps others from deleting them. docs/formats/ferry.md says more.
"""

import hmac
import logging
import re
import signal
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from groundswell.base.env import Settings
from groundswell.base.errors import Trouble
from groundswell.intake.journal_copy import Row
from groundswell.intake.journal_files import parse_name
from groundswell.intake.journal_reader import JournalReader

ANSWER_BYTES: Final = 1 << 20  # one more group may follow, and a group has at most about 4 MiB
MAX_CONNECTIONS: Final = 16
SOCKET_SECONDS: Final = 30.0
MIN_TOKEN: Final = 20
_FILE: Final = re.compile(r"/files/([0-9A-Za-z-]+\.journal)")
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
log = logging.getLogger("groundswell.ferry")


class Listed(msgspec.Struct, array_like=True, frozen=True):
    """A journal file and whether anything may still be added to it."""

    name: str
    closed: bool


class Part(msgspec.Struct, array_like=True, frozen=True):
    """Groups of one file, in order. None of them and `closed`: that was all there will ever be."""

    closed: bool
    rows: list[Row]


class Refusal(Exception):
    """What was asked cannot be done: a status and a word that says why."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.status = status


class Shore:
    """The journal folder as the ferry shows it, and how far core has come with each file."""

    def __init__(self, journal: JournalReader) -> None:
        self._journal = journal
        self._fetched: dict[str, int] = {}
        self._asked = 0.0

    def files(self) -> list[Listed]:
        """What is there, each writer's files in order."""
        self._asked = time.time()
        return [Listed(name, self._journal.is_closed(name)) for name in self._journal.files()]

    def part(self, file: str, after: int) -> Part:
        """The groups after `after`, about ANSWER_BYTES of them. Raises OSError, Refusal."""
        self._must_have(file)
        self._fetched[file] = after
        closed = self._journal.is_closed(file)  # before the rows are read: see `drained`
        rows: list[Row] = []
        size = 0
        while size < ANSWER_BYTES:
            groups = self._journal.read(file, after=after, limit=1)
            if not groups:
                break
            group = groups[0]
            sealed = b"" if group.wrong else group.sealed
            rows.append((group.seq, group.at, group.n, sealed))
            size, after = size + len(sealed), group.seq
        return Part(closed, rows)

    def remove(self, file: str, after: int) -> None:
        """Delete a file that core has up to `after`. Raises Refusal while it holds more."""
        self._must_have(file)
        if not self._journal.drained(file, after=after):
            raise Refusal(409, "there is more in it")
        self._journal.remove(file)
        self._fetched.pop(file, None)

    def _must_have(self, file: str) -> None:
        if parse_name(file) is None or file not in self._journal.files():
            raise Refusal(404, "no such file")

    def metrics(self) -> str:
        """How far behind core is, in Prometheus' text format."""
        files = self._journal.files()
        oldest = [at for file in files if (at := self._oldest_unfetched(file))]
        behind = max(0.0, time.time() - min(oldest) / 1000) if oldest else 0.0
        numbers = {
            "ferry_files": float(len(files)),
            "ferry_behind_seconds": behind,
            "ferry_last_asked_seconds": self._asked,
        }
        return "".join(f"groundswell_{name} {value:.3f}\n" for name, value in numbers.items())

    def _oldest_unfetched(self, file: str) -> int:
        try:
            groups = self._journal.read(file, after=self._fetched.get(file, 0), limit=1)
        except OSError:
            return 0  # whoever fetches it says so
        return groups[0].at if groups else 0


class FerryServer(ThreadingHTTPServer):
    """One thread per connection, and not many of them: there is one core."""

    daemon_threads = True
    request_queue_size = 32

    def __init__(
        self, address: tuple[str, int], shore: Shore, *, token: str, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(address, _Handler)
        self.shore = shore
        self.token = token.encode()
        self._tls = tls
        self._free = threading.BoundedSemaphore(MAX_CONNECTIONS)

    def get_request(self) -> tuple[socket.socket, Any]:
        link, address = super().get_request()
        if self._tls is None:
            return link, address
        # The handshake comes with the first read, in the connection's own thread and time.
        return self._tls.wrap_socket(link, server_side=True, do_handshake_on_connect=False), address

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke off is no news; whoever was there asks again."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SOCKET_SECONDS
    server: FerryServer

    def do_GET(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        try:
            body = self._do()
        except Refusal as refusal:
            self._send(refusal.status, str(refusal).encode())
        except OSError as error:
            log.error("%s: %s", self.path.partition("?")[0], type(error).__name__)
            self._send(500, type(error).__name__.encode())
        else:
            self._send(200, body)

    def _do(self) -> bytes:
        shore = self.server.shore
        parts = urlsplit(self.path)
        if self.command == "GET" and parts.path == "/metrics":
            return shore.metrics().encode()
        said = self.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(said, b"Bearer " + self.server.token):
            raise Refusal(401, "wrong token")
        if self.command == "GET" and parts.path == "/files":
            return msgspec.msgpack.encode(shore.files())
        found = _FILE.fullmatch(parts.path)
        after = parse_qs(parts.query).get("after", [""])[0]
        if not found or not _NUMBER.fullmatch(after):
            raise Refusal(404, "nothing here")
        if self.command == "GET":
            return msgspec.msgpack.encode(shore.part(found[1], int(after)))
        shore.remove(found[1], int(after))
        return b""

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/octet-stream")
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        return "groundswell"

    def log_message(self, *_: Any) -> None:
        pass


def server(settings: Settings) -> FerryServer:
    """The ferry of this data folder, bound and not yet serving. Raises Trouble."""
    token = checked_token(settings)
    address = (settings.ferry_host, settings.ferry_port)
    try:
        tls = _tls(settings.ferry_certificate)
        return FerryServer(
            address, Shore(JournalReader(settings.path("journal"))), token=token, tls=tls
        )
    except OSError as error:
        raise Trouble(f"the ferry cannot listen on {address[0]}:{address[1]}: {error}") from error


def checked_token(settings: Settings) -> str:
    """The token of this installation's ferries. Raises Trouble for one that could be guessed."""
    if len(settings.ferry_token) < MIN_TOKEN:
        raise Trouble(
            f"GROUNDSWELL_FERRY_TOKEN needs at least {MIN_TOKEN} characters, the same on both "
            "sides: `openssl rand -hex 32` makes a good one"
        )
    return settings.ferry_token


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    made = server(settings)

    def stop(_number: int, _frame: FrameType | None) -> None:
        # From another thread: `shutdown` waits for the loop that this one is in.
        threading.Thread(target=made.shutdown).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    log.info("on %s port %d", *made.server_address[:2])
    with made:
        made.serve_forever(poll_interval=0.2)


def _tls(certificate: str) -> ssl.SSLContext | None:
    if not certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context
