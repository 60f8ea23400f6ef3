"""core's hand on the telephone: asks Twilio to ring supporters, one request for each, once."""

import base64
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

import msgspec

from groundswell.base import clock, env
from groundswell.base.breath import breathe
from groundswell.delivery import bridges, outgoing
from groundswell.delivery.channels.channel import CannotTell
from groundswell.delivery.models_bridge import Bridge, Ring
from groundswell.delivery.post import ServerDown

AT_ONCE: Final = 10
RING_SECONDS: Final = 40
AGAIN: Final = timedelta(seconds=30)
# What Twilio has not taken, and says so: it did not ring.
_NOT_TAKEN: Final = frozenset({429, 503})
_UNSURE: Final = 500
_TAKEN: Final = range(200, 300)

log = logging.getLogger(__name__)


class CannotDial(Exception):
    """There is nothing to dial any more. The words say why, and name nobody."""


class Dialled(msgspec.Struct, frozen=True):
    """Whom to ring, and the ticket that leads through the call."""

    number: str
    token: str


class Answer(msgspec.Struct, frozen=True):
    """What we read of Twilio's JSON."""

    sid: str = ""
    code: int | None = None


class Ringer:
    """The loop that dials. `compose` opens a call's number: delivery itself cannot."""

    def __init__(self, compose: Callable[[Bridge], Dialled]) -> None:
        self._compose = compose

    def step(self) -> int:
        """Dial what waits; returns how many were dealt with."""
        now = clock.now()
        bridges.give_up(now=now)
        claimed = bridges.claim(now=now, limit=AT_ONCE)
        for row in claimed:
            self._dial(row)
            breathe()
        return len(claimed)

    def _dial(self, row: Bridge) -> None:
        try:
            dialled = self._compose(row)
        except CannotDial as error:
            bridges.settle(row, Ring.FAILED, words=str(error))
            return
        try:
            reply = _ask(dialled)
        except ServerDown as error:
            _later(row, f"Twilio was not reached: {error}")
        except CannotTell as error:
            words = f"{error}; the telephone may have rung; not tried again"
            bridges.settle(row, Ring.UNKNOWN, words=words)
        else:
            _settle(row, reply)


def _settle(row: Bridge, reply: outgoing.Reply) -> None:
    said = _read(reply.body)
    if reply.status in _TAKEN:
        bridges.settle(row, Ring.RINGING, reference=said.sid[:64])
    elif reply.status in _NOT_TAKEN:
        _later(row, f"Twilio said {reply.status}")
    elif reply.status >= _UNSURE:
        words = f"Twilio said {reply.status}; the telephone may have rung; not tried again"
        bridges.settle(row, Ring.UNKNOWN, words=words)
    else:
        # Its message may quote the number: only its own code for it is kept.
        bridges.settle(row, Ring.FAILED, words=f"Twilio said {reply.status}, code {said.code}")


def _later(row: Bridge, words: str) -> None:
    log.warning("a call waits: %s", words)
    bridges.settle(row, Ring.QUEUED, words=words, due_at=clock.now() + AGAIN)


def _ask(dialled: Dialled) -> outgoing.Reply:
    settings = env.load()
    sid = settings.twilio_account_sid
    voice = f"{settings.public_url.rstrip('/')}/voice/{dialled.token}"
    form = {
        "To": dialled.number,
        "From": settings.twilio_number,
        "Url": f"{voice}/start/0",
        "Method": "POST",
        "StatusCallback": f"{voice}/status/0",
        "StatusCallbackMethod": "POST",
        "StatusCallbackEvent": "completed",
        "Timeout": str(RING_SECONDS),
    }
    login = base64.b64encode(f"{sid}:{settings.twilio_auth_token}".encode()).decode()
    return outgoing.ask(
        "POST",
        f"{settings.twilio_url.rstrip('/')}/2010-04-01/Accounts/{sid}/Calls.json",
        body=urlencode(form).encode(),
        headers={
            "Authorization": f"Basic {login}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        },
    )


def _read(body: str) -> Answer:
    try:
        return msgspec.json.decode(body, type=Answer)
    except msgspec.MsgspecError:
        return Answer()
