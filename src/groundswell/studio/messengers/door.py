"""How the public door is while a post is fresh: asked on this machine, and honest where it cannot
be asked. It answers from memory, twice a second at most, whoever is watching.
"""

import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec

from groundswell.base import env

PATIENCE: Final = 0.4
FRESH_SECONDS: Final = 0.9
SLOW_SECONDS: Final = 0.25
_ANY: Final = {"0.0.0.0", "::", ""}  # noqa: S104  where a server listens, not where it is asked
_LINE: Final = re.compile(r'groundswell_(\w+)(?:\{(?:status|le)="([^"]+)"\})? (\S+)$')


@dataclass(frozen=True)
class Door:
    """What was seen. None: it could not be seen from here.

    `seconds`: how long /healthz took. `rate`, `refused`: answers a second since the last look, and
    those of them that were 5xx. `waiting`: submissions on their way to the disk. `lost`: visits
    that could not be counted since it started.
    """

    state: Literal["good", "slow", "cannot_store", "unseen"]
    seconds: float | None = None
    reason: str = ""
    rate: float | None = None
    refused: float | None = None
    waiting: int | None = None
    disk_free_mb: int | None = None
    lost: int | None = None
    workers: int = 0


class Health(msgspec.Struct):
    """The part of /healthz that is shown."""

    status: str = ""
    reason: str = ""
    waiting: int = 0
    disk_free_mb: int = 0


@dataclass
class _Last:
    """The last look, so that several who watch cost one, and rates have a beginning."""

    door: Door | None = None
    at: float = 0.0
    answers: float | None = None
    failed: float = 0.0
    counted_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


_last: Final = _Last()


def look() -> Door:
    """The door as it is now, or was a moment ago. Never waits longer than a second or two."""
    with _last.lock:
        now = time.monotonic()
        if _last.door is None or now - _last.at > FRESH_SECONDS:
            _last.door, _last.at = _look(env.load(), now), now
        return _last.door


def forget() -> None:
    """Ask anew at the next look; for tests."""
    with _last.lock:
        _last.door, _last.answers = None, None


def _look(settings: env.Settings, now: float) -> Door:
    host = "127.0.0.1" if settings.host in _ANY else settings.host
    began = time.monotonic()
    body = _get(host, settings.public_port, "/healthz")
    seconds = time.monotonic() - began
    if body is None:
        return Door("unseen")
    try:
        health = msgspec.json.decode(body, type=Health)
    except msgspec.MsgspecError:
        return Door("unseen", reason="something else answers on that port")
    rate, refused, lost, workers = _counted(settings, now)
    state: Literal["good", "slow", "cannot_store"] = (
        ("slow" if seconds > SLOW_SECONDS else "good") if health.status == "ok" else "cannot_store"
    )
    return Door(
        state,
        seconds=seconds,
        reason=health.reason,
        rate=rate,
        refused=refused,
        waiting=health.waiting,
        disk_free_mb=health.disk_free_mb,
        lost=lost,
        workers=workers,
    )


def _counted(
    settings: env.Settings, now: float
) -> tuple[float | None, float | None, int | None, int]:
    """Answers and failures a second, visits lost, and how many workers said so."""
    ports = range(settings.metrics_port, settings.metrics_port + settings.intake_workers)
    texts = [_get("127.0.0.1", port, "/metrics") for port in ports] if settings.metrics_port else []
    seen = [text.decode("utf-8", "replace") for text in texts if text]
    if not seen:
        _last.answers = None
        return None, None, None, 0
    answers, failed, lost = _sums(seen)
    rates: tuple[float | None, float | None] = (None, None)
    took = now - _last.counted_at
    if _last.answers is not None and answers >= _last.answers and took > 0:
        rates = ((answers - _last.answers) / took, max(0.0, failed - _last.failed) / took)
    _last.answers, _last.failed, _last.counted_at = answers, failed, now
    return (*rates, int(lost), len(seen))


def _sums(texts: list[str]) -> tuple[float, float, float]:
    answers = failed = lost = 0.0
    for line in "\n".join(texts).splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        name, status, value = found[1], found[2], float(found[3])
        if name == "requests_total":
            answers += value
            failed += value if status and status.startswith("5") else 0
        elif name == "link_visits_lost_total":
            lost += value
    return answers, failed, lost


def _get(host: str, port: int, path: str) -> bytes | None:
    """The answer's body, also of a 503; None when nobody answers."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().read(1 << 20)
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
