"""`groundswell voice`: what Twilio asks during a call. Nothing is answered before it is durable.

Its own process: it holds Twilio's auth token, and the public door holds no secret at all.
"""

import asyncio
import logging
import re
from typing import Any, Final
from urllib.parse import parse_qsl

from groundswell.base import clock, keyring, tickets, wire
from groundswell.base.env import Settings
from groundswell.base.errors import Busy
from groundswell.intake import bugs
from groundswell.intake.journal import Entry, Journal
from groundswell.intake.journal_files import SegmentDisk
from groundswell.intake.metrics import Metrics
from groundswell.intake.server import keep_to_itself, serve
from groundswell.intake.voice import flow, signature

MAX_BODY: Final = 16 << 10
SECONDS: Final = 10.0
_HEADERS: Final = [("cache-control", "no-store"), ("x-content-type-options", "nosniff")]
_PATH: Final = re.compile(r"/voice/([\w-]+)/([a-z]+)/(\d{1,3})", re.ASCII)
log = logging.getLogger("groundswell.intake.voice")


class Unwelcome(Exception):
    """Not from Twilio, not about a call of ours, or not to be read. Carries the status."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; then commit what was handed over, and return."""
    serve(load, settings, name="voice", port=settings.voice_port, workers=1)


def load(settings: Settings, parent: int) -> "App":
    """The worker's application. Runs in the worker process."""
    keep_to_itself(parent)
    return App(settings)


class App:
    """The RSGI application, and the journal it writes."""

    journal: Journal

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._token = settings.twilio_auth_token
        self._url = settings.public_url.rstrip("/")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        settings = self._settings
        self.journal = Journal(
            disk=SegmentDisk(settings.path("journal"), settings.journal_name),
            key=keyring.sealing_key(settings.path("keys")),
            loop=loop,
            metrics=Metrics(),
            limit=settings.journal_queue,
            reserve=settings.journal_reserve_mb << 20,
        )
        self.journal.start()

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.journal.close()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        status, kind, body = 200, "text/xml; charset=utf-8", b""
        try:
            if scope.path == "/healthz":
                fault = self.journal.fault
                status, kind, body = 503 if fault else 200, "text/plain", fault.encode()
            else:
                body = await self._answer(scope, proto)
        except Unwelcome as error:
            status = error.status
        except Busy:
            status = 503
        except Exception as error:  # noqa: BLE001  a bug is logged loudly, never shown
            log.critical("bug: %s", bugs.describe(error))
            status = 500
        proto.response_bytes(status, [("content-type", kind), *_HEADERS], body)

    async def _answer(self, scope: Any, proto: Any) -> bytes:
        """The TwiML for a request of Twilio's. Raises Unwelcome, and Busy."""
        if scope.method != "POST":
            raise Unwelcome(405)
        if int(scope.headers.get("content-length") or 0) > MAX_BODY:
            raise Unwelcome(413)
        turn = self.hear(
            scope.path,
            scope.query_string,
            await _body(proto),
            scope.headers.get(signature.HEADER) or "",
        )
        if turn.submission is not None:
            await self._keep(turn.submission)
        return turn.twiml

    def hear(self, path: str, query: str, body: bytes, signed: str) -> flow.Turn:
        """What a request leads to. Raises Unwelcome; then nothing came of it."""
        pairs = _pairs(body)
        url = f"{self._url}{path}" + (f"?{query}" if query else "")
        if not signature.is_genuine(signed, url, pairs, token=self._token):
            raise Unwelcome(403)
        token, step, number = _place(path)
        now = clock.now_ms()
        ticket = tickets.read(token, secret=self._token, now=now)
        if ticket is None:
            raise Unwelcome(403)
        turn = flow.take(flow.Asked(ticket, token, step, number, dict(pairs), now))
        if turn is None:
            raise Unwelcome(404)
        return turn

    async def _keep(self, submission: wire.Submission) -> None:
        """Come back when it would survive a power cut. Raises Busy."""
        # Read afresh: the key may have been rotated, and a call says little enough.
        self.journal.key = keyring.sealing_key(self._settings.path("keys"))
        entry = Entry(submission=submission.id, key=b"", record=wire.encode(submission))
        self.journal.put(entry)
        await entry.wait(self.journal.loop)


def _place(path: str) -> tuple[str, str, int]:
    """Token, step and number of `/voice/<token>/<step>/<number>`. Raises Unwelcome."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise Unwelcome(404)
    return found[1], found[2], int(found[3])


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise Unwelcome(400) from None


async def _body(proto: Any) -> bytes:
    parts: list[bytes] = []
    try:
        async with asyncio.timeout(SECONDS):
            async for part in proto:
                parts.append(bytes(part))
                if sum(map(len, parts)) > MAX_BODY:
                    raise Unwelcome(413)
    except TimeoutError:
        raise Unwelcome(408) from None
    return b"".join(parts)
