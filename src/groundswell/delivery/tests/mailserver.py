"""A real SMTP server for tests, with the moods that real ones have."""

import contextlib
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest
from aiosmtpd.controller import Controller

from groundswell.base import env
from tests.support.ports import free_port


class MailServer:
    """What arrived, and how to answer: `mood` gets a recipient and says a reply, or nothing."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.sessions: set[object] = set()
        self.mood: Callable[[str], str | None] = lambda _recipient: None
        self.data_mood: Callable[[], str | None] = lambda: None

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        answer = self.mood(address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.sessions.add(session.peer)
        answer = self.data_mood()
        if answer:
            return answer
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@contextlib.contextmanager
def running(monkeypatch: pytest.MonkeyPatch, **settings: object) -> Iterator[MailServer]:
    """The server on a free port, with our settings pointing at it."""
    server = MailServer()
    with started(Controller(server, hostname="127.0.0.1", port=free_port()), monkeypatch):
        use_settings(monkeypatch, **settings)
        yield server


@contextlib.contextmanager
def started(controller: Controller, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that runs, with our settings pointing at it."""
    controller.start()
    try:
        use_settings(monkeypatch, smtp_port=controller.port, mail_per_second=1e6)
        yield
    finally:
        controller.stop()


def use_settings(monkeypatch: pytest.MonkeyPatch, **changes: object) -> env.Settings:
    """The installation's settings with some changed, for everybody who calls `env.load`."""
    changed = msgspec.structs.replace(env.load(), **changes)
    monkeypatch.setattr(env, "load", lambda: changed)
    return changed
