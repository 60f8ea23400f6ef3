"""Letters to an address of the operator's: a CRM, a fax gateway, a print shop."""

import hashlib
from typing import Final

from groundswell.base import clock, env
from groundswell.base.errors import SendFailed
from groundswell.base.letter import Letter
from groundswell.delivery import outgoing
from groundswell.delivery.channels.channel import Accepted
from groundswell.delivery.channels.webhook import payload, signing
from groundswell.delivery.outgoing import Reply
from groundswell.delivery.post import ServerDown

CONNECTIONS: Final = 4
# The other side's load, or a thing of ours: the letter itself is in order.
_PASSING: Final = frozenset({401, 403, 404, 405, 407, 408, 425, 429})


class Webhook:
    """The channel. The parcel's key is the event's id, by which the other side knows a repeat."""

    name = "webhook"
    repeats = True
    paced = False

    def connections(self) -> int:
        """A few: the other side may be small."""
        return CONNECTIONS

    def send(self, letter: Letter) -> Accepted:
        """One signed POST. Any 2xx is accepted; 410 switches the channel off."""
        settings = env.load()
        if not is_on():
            raise ServerDown("the webhook is switched off: its address or key is not set")
        if settings.path(_off(settings.webhook_url)).exists():
            raise _gone(settings.webhook_url)
        now = clock.now()
        body = payload.of(letter, at=now)
        signed = signing.headers(
            settings.webhook_secrets.split(), identity=letter.key.hex, at=now, body=body
        )
        kind = {"Content-Type": "application/json", "User-Agent": "Groundswell"}
        reply = outgoing.ask("POST", settings.webhook_url, body=body, headers=kind | signed)
        return _understood(reply, letter, settings.webhook_url)

    def close(self) -> None:
        """Each letter has a connection of its own."""


def is_on() -> bool:
    """Whether an address and a key are set."""
    settings = env.load()
    return bool(settings.webhook_url and settings.webhook_secrets)


def _understood(reply: Reply, letter: Letter, url: str) -> Accepted:
    if 200 <= reply.status < 300:
        return Accepted(letter.key.hex, str(reply.status))
    if reply.status == 410:
        path = env.load().path(_off(url))
        path.write_text("The webhook answered 410 Gone. Remove this file to try it again.\n")
        raise _gone(url)
    # Their words may quote the letter, so only the number is kept.
    passing = reply.status in _PASSING or reply.status < 400 or reply.status >= 500
    raise SendFailed(f"they answered {reply.status}", permanent=not passing)


def _gone(url: str) -> ServerDown:
    return ServerDown(f"their address has answered 410; {_off(url)} says so")


def _off(url: str) -> str:
    """The file that says that this very address is gone; another address is not."""
    return f"webhook-{hashlib.sha256(url.encode()).hexdigest()[:12]}.off"
