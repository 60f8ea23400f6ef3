"""One worker's parts, put together and taken apart: site, journal, limits, logs, metrics."""

import asyncio
import gc
import logging
import time
from importlib import resources
from typing import Final
from urllib.parse import urlsplit

import msgspec

from groundswell.base import keyring
from groundswell.base.env import Settings
from groundswell.base.errors import Busy, Refused
from groundswell.intake import bugs
from groundswell.intake.accept import Door
from groundswell.intake.accesslog import AccessLog
from groundswell.intake.answers import Answer
from groundswell.intake.bodyclock import BodyClock
from groundswell.intake.journal import Journal
from groundswell.intake.journal_files import SegmentDisk
from groundswell.intake.limits import Limits
from groundswell.intake.lookup import Lookups
from groundswell.intake.memory import MAX_KEYS, Memory
from groundswell.intake.metrics import Metrics, MetricsServer
from groundswell.intake.overload import Overload
from groundswell.intake.rehearsal import Passes
from groundswell.intake.site import Site, is_https
from groundswell.intake.tracked import PREFIX, Tracked
from groundswell.intake.visits import Visits

BODY_SECONDS: Final = 15.0
log = logging.getLogger("groundswell.intake")


class House:
    """Everything a worker holds. Made before the loop runs; `open` and `close` frame its life."""

    door: Door
    journal: Journal
    accesslog: AccessLog
    visits: Visits

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.site = Site(
            settings.path("site"),
            languages=tuple(settings.language_codes),
            https=is_https(settings.public_url),
        )
        parts = urlsplit(settings.public_url)
        name = parts.hostname or ""
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self._hosts = {name, parts.netloc.lower(), f"{name}:{settings.public_port}"}
        self.body_clock = BodyClock(seconds=BODY_SECONDS)
        self.overload = Overload(self.site)
        self.tracked = Tracked(self.site, country_header=settings.country_header)
        self._metrics_server: MetricsServer | None = None
        self._keys = settings.path("keys")
        self._key_seen = 0.0
        self.passes = Passes(self._keys)
        self.openapi = self._openapi()

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take a journal place, load the site, start the threads."""
        settings = self.settings
        memory = Memory()
        disk = SegmentDisk(settings.path("journal"), settings.journal_name)
        self.accesslog = AccessLog(settings.path("log", f"access-{disk.worker}.log"))
        memory.restore(disk.recent_tags(MAX_KEYS))
        self._key_seen = self._key_time()
        self.journal = Journal(
            disk=disk,
            key=keyring.sealing_key(self._keys),
            loop=loop,
            metrics=self.metrics,
            limit=settings.journal_queue,
            reserve=settings.journal_reserve_mb << 20,
            settled=memory.settled,
        )
        lookups = Lookups(lambda: self.site.snapshot.assets, self.metrics.lookups)
        self.door = Door(
            journal=self.journal, limits=self._limits(), memory=memory, lookups=lookups
        )
        self.visits = Visits(self.journal, loop)
        self.tracked.open(self.visits, self.door.limits)
        self.body_clock.start(loop)
        self.journal.start()
        self.site.start(self.accesslog.flush, self._watch_key)
        _calm_the_collector()
        self._serve_metrics(disk.place)

    def close(self, loop: asyncio.AbstractEventLoop) -> None:
        """Commit what was handed over, let its answers go out, and close."""
        self.body_clock.stop()
        self.visits.close()
        self.journal.close()
        tasks = asyncio.all_tasks(loop)
        if tasks:
            loop.run_until_complete(asyncio.wait(tasks, timeout=3))
        self.site.close()
        self.accesslog.flush()
        if self._metrics_server:
            self._metrics_server.close()

    def health(self) -> Answer:
        """200 while submissions can be stored, else 503: pages are still served then."""
        fault = self.journal.fault
        body = {
            "status": "ok" if not fault else "cannot store",
            "reason": fault,
            "waiting": self.journal.waiting,
            "disk_low": self.journal.runs_low,
            "disk_free_mb": self.metrics.disk_free >> 20,
            "pages": len(self.site.snapshot.forms),
        }
        headers = [("content-type", "application/json"), ("cache-control", "no-store")]
        if fault:
            headers.append(("retry-after", "5"))
        status = 503 if fault else 200
        return Answer(status, [*headers, *self.site.security], msgspec.json.encode(body))

    @property
    def is_overrun(self) -> bool:
        """Whether as much is on its way to the disk as may wait for it."""
        coming = self.journal.waiting + self.body_clock.begun
        return coming >= self.settings.journal_queue

    def is_our_host(self, host: str | None, path: str) -> bool:
        """Whether a request was meant for us. Only asked in production, never of /healthz."""
        if not self.settings.production or path == "/healthz":
            return True
        return (host or "").lower() in self._hosts

    def count(self, verb: str, error: Refused | Busy | None) -> None:
        """Count the answer to a submission."""
        code = "stored" if error is None else error.code if isinstance(error, Refused) else "busy"
        self.metrics.answers[(verb, code)] += 1

    def note(self, method: str, path: str, status: int, seconds: float, size: int) -> None:
        """Count and log an answer, without anything a visitor typed."""
        self.metrics.requests[status] += 1
        snapshot = self.site.snapshot
        if path not in snapshot.assets and path not in _OWN_PATHS:
            path = f"{PREFIX}?" if path.startswith(PREFIX) else "?"
        if method not in _METHODS:
            method = "?"
        self.accesslog.add(method, path, status, seconds, size)

    def bug(self, error: Exception) -> None:
        """Be loud about an unexpected error, without quoting anybody."""
        self.metrics.last_error = f"bug: {type(error).__name__}"
        log.critical("bug: %s", bugs.describe(error))

    def _limits(self) -> Limits:
        settings = self.settings
        return Limits(
            burst=settings.rate_burst,
            per_second=settings.rate_per_second,
            exempt=settings.rate_exempt,
            proxies=settings.trusted_proxies,
        )

    def _serve_metrics(self, worker: int) -> None:
        self.metrics.gauges = {
            "journal_waiting": lambda: float(self.journal.waiting),
            "site_loaded_seconds": lambda: self.site.loaded,
            "site_pages": lambda: float(len(self.site.snapshot.assets)),
            "journal_disk_reserve_bytes": lambda: float(self.settings.journal_reserve_mb << 20),
            "journal_disk_low": lambda: float(self.journal.runs_low),
            "can_store": lambda: float(not self.journal.fault),
            "cpu_seconds": time.process_time,
            "turned_away_total": lambda: float(self.overload.turned_away),
            "bodies_begun": lambda: float(self.body_clock.begun),
            "link_visits_total": lambda: float(self.visits.totals["visits"]),
            "link_previews_total": lambda: float(self.visits.totals["previews"]),
            "link_visits_lost_total": lambda: float(self.visits.totals["lost"]),
            "link_counts_waiting": lambda: float(self.visits.kept),
        }
        if not self.settings.metrics_port:
            return
        port = self.settings.metrics_port + worker
        try:
            self._metrics_server = MetricsServer(self.metrics, host="127.0.0.1", port=port)
        except OSError as error:
            # Being looked at must not be what keeps the door shut.
            log.error("no metrics on port %d: %s", port, error.strerror)
            return
        self._metrics_server.start()

    def _openapi(self) -> Answer:
        text = resources.files("groundswell.intake").joinpath("openapi.json").read_bytes()
        headers = [
            ("content-type", "application/json"),
            ("cache-control", "public, max-age=300"),
            *self.site.security,
        ]
        return Answer(200, headers, text)

    def _key_time(self) -> float:
        return (self._keys / "public" / "seal.json").stat().st_mtime

    def _watch_key(self) -> None:
        """Seal with the new key as soon as it was rotated."""
        try:
            changed = self._key_time()
            if changed != self._key_seen:
                self.journal.key = keyring.sealing_key(self._keys)
                self._key_seen = changed
                log.warning("sealing with the new public key from now on")
        except (OSError, keyring.KeyFileError) as error:
            log.error("the public sealing key cannot be read: %s", type(error).__name__)


def _calm_the_collector() -> None:
    """Look for cycles among what is new, and seldom: the site in memory makes none.

    By default Python looks through it all every few thousand requests: a tenth of all CPU time. A
    submission on its way is about 25 objects, so thousands of them are still below the threshold.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


_OWN_PATHS = frozenset({"/", "/healthz", "/api/v1/submissions", "/api/v1/openapi.json"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
