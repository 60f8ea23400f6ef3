"""A mail server that is far away or has little room, and counts who speaks with it at once."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from groundswell.delivery.tests import mailserver
from tests.support.ports import free_port

AWAY_SECONDS: Final = 0.03  # each command takes so long
PATIENCE: Final = 15.0  # less than our own connections have


class SlowServer(mailserver.MailServer):
    """`most`: how many mails were under way at once. `held` mails wait until it says no more.

    The first mail is never held: before it is taken nobody opens a second connection.
    """

    def __init__(self) -> None:
        super().__init__()
        self.most = 0
        self.refused = 0
        self.held: Callable[[], bool] = lambda: False
        self.welcome: Callable[[object], bool] = lambda _session: True
        self.under_way: set[object] = set()

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        await asyncio.sleep(AWAY_SECONDS)
        if not self.welcome(session.peer):
            self.refused += 1
            return "421 4.7.0 too many connections"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        await asyncio.sleep(AWAY_SECONDS)
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.under_way.add(session.peer)
        self.most = max(self.most, len(self.under_way))
        await asyncio.sleep(AWAY_SECONDS)
        if self.mails:
            await self._hold()
        self.under_way.discard(session.peer)
        return await super().handle_DATA(server, session, envelope)

    async def _hold(self) -> None:
        left = PATIENCE
        while self.held() and left > 0:
            await asyncio.sleep(0.01)
            left -= 0.01
        if left <= 0:
            self.held = lambda: False  # what it waits for does not come; the test will say so


class NarrowController(Controller):
    """Lets in `room` connections at a time; further ones hear `words` and are cut."""

    def __init__(self, handler: SlowServer, *, room: int, words: bytes, **where: Any) -> None:
        super().__init__(handler, **where)
        self.open: set[object] = set()
        self.room = room
        self.words = words
        self.armed = False  # aiosmtpd tries its own door first

    def factory(self) -> Any:
        if self.armed and len(self.open) >= self.room:
            self.handler.refused += 1
            return _Refusal(self.words)
        return _Counted(self.open if self.armed else set(), self.handler, **self.SMTP_kwargs)


class _Counted(SMTP):
    def __init__(self, among: set[object], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._among = among
        among.add(self)  # here: several may be accepted before the first is made

    def connection_lost(self, error: Exception | None) -> None:
        self._among.discard(self)
        super().connection_lost(error)


class _Refusal(asyncio.Protocol):
    def __init__(self, words: bytes) -> None:
        self._words = words

    def connection_made(self, transport: Any) -> None:
        transport.write(self._words)
        transport.close()


@contextlib.contextmanager
def slow(
    monkeypatch: pytest.MonkeyPatch, *, room: int = 1000, words: bytes = b""
) -> Iterator[SlowServer]:
    """A server that takes its time; no more than `room` connections may be open."""
    server = SlowServer()
    controller = NarrowController(
        server, room=room, words=words, hostname="127.0.0.1", port=free_port()
    )
    with mailserver.started(controller, monkeypatch):
        controller.armed = True
        yield server
