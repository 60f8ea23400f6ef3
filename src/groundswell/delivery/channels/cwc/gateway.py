"""The two gateways: where they are, when they are closed, how fast, and what their answers mean."""

import html
import re
import threading
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo

from groundswell.base import clock, env
from groundswell.base.errors import SendFailed
from groundswell.delivery.channels.channel import Accepted
from groundswell.delivery.outgoing import Reply

WASHINGTON: Final = ZoneInfo("America/New_York")
# Not about this message: our key, our address, their pace, their path.
_OURS: Final = frozenset({401, 402, 403, 404, 405, 407, 408, 425, 429})
_KNOWN_ID: Final = re.compile(
    r"(?is)delivery\s?id.{0,80}(duplicate|already|exists|repeated|been used)"
    r"|(duplicate|already|repeated).{0,80}delivery\s?id"
)
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Gateway(NamedTuple):
    """One chamber's, as the settings say. `offices` may be empty."""

    chamber: str
    url: str
    key: str
    offices: str

    def message_url(self) -> str:
        return self.url.replace("{key}", quote(self.key, safe=""))

    def offices_url(self) -> str:
        return self.offices.replace("{key}", quote(self.key, safe=""))


def of(office: str) -> Gateway | None:
    """The gateway of an office's chamber; None while it is off."""
    settings = env.load()
    if office.startswith("H"):
        found = Gateway(
            "House", settings.cwc_house_url, settings.cwc_house_key, settings.cwc_house_offices
        )
    else:
        found = Gateway(
            "Senate", settings.cwc_senate_url, settings.cwc_senate_key, settings.cwc_senate_offices
        )
    is_on = found.url and found.key and settings.cwc_contact
    return found if is_on else None


def quiet(now: datetime | None = None) -> bool:
    """Whether the gateways are closed just now, by the settings."""
    local = (now or clock.now()).astimezone(WASHINGTON)
    return any(_within(window.strip(), local) for window in env.load().cwc_quiet.split(","))


def understood(reply: Reply, *, secrets: Iterable[str], reference: str) -> Accepted:
    """What a gateway's answer means for the message. `secrets` are never in its words.

    Raises SendFailed, permanent when they refuse this very message.
    """
    words = _plain(reply.body, secrets)
    if 200 <= reply.status < 300:
        return Accepted(reference, words)
    if 400 <= reply.status < 500 and _KNOWN_ID.search(words):
        return Accepted(reference, f"they had it already: {words}")
    said = f"{reply.status} {words}".strip()
    passing = reply.status in _OURS or reply.status < 400 or reply.status >= 500
    raise SendFailed(said, permanent=not passing)


class Pace:
    """Lets threads through one after the other, so many a second. A waiting thread sleeps."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Return when it is this thread's turn."""
        gap = 1.0 / env.load().cwc_per_second
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + gap
        time.sleep(max(0.0, turn - now))


def _within(window: str, local: datetime) -> bool:
    if not window:
        return False
    day, _, hours = window.partition(" ")
    begins, ends = (_minutes(time) for time in hours.split("-"))
    today = _DAYS[local.weekday()]
    yesterday = _DAYS[(local - timedelta(days=1)).weekday()]
    minute = local.hour * 60 + local.minute
    if begins < ends:
        return day == today and begins <= minute < ends
    # Over midnight.
    return (day == today and minute >= begins) or (day == yesterday and minute < ends)


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _plain(body: str, secrets: Iterable[str]) -> str:
    text = html.unescape(re.sub(r"<[^>]{0,200}>", " ", body[:20_000]))
    for secret in secrets:
        if len(secret) > 2:
            text = re.sub(re.escape(secret), "…", text, flags=re.IGNORECASE)
    return " ".join(text.split())
