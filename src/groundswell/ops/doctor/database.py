"""What only the database knows: whether it fits, and what core and the dashboard say."""

import importlib
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from groundswell.base import clock
from groundswell.base.errors import Trouble
from groundswell.base.keyring import KeyFileError
from groundswell.intake.journal_reader import JournalReader
from groundswell.ops import django
from groundswell.ops.doctor import clocks, site
from groundswell.ops.doctor.finding import Finding, Host, Level

SUBJECT: Final = "database"
_LATE: Final = 60.0
_LEVELS: Final[dict[str, Level]] = {"good": "ok", "look": "note", "bad": "wrong"}


def check(host: Host) -> Iterator[Finding]:
    """It answers and is prepared; then what depends on it."""
    try:
        django.prepared()
    except (Trouble, KeyFileError) as error:
        what, _, mend = str(error).partition(": ")
        yield Finding("wrong", SUBJECT, what, mend)
        return
    yield Finding("ok", SUBJECT, "it answers and is prepared")
    yield from _settings()
    yield from _clock()
    yield from _durability()
    yield from _site(host)
    yield from _journal(host)
    yield from _dashboard()
    yield from _restored()


def _settings() -> Iterator[Finding]:
    """What Django's checks and ours say about the settings."""
    checks = importlib.import_module("django.core.checks")
    for message in checks.run_checks():
        if message.level >= checks.WARNING:
            level: Level = "wrong" if message.is_serious() else "note"
            yield Finding(level, "settings", str(message.msg), str(message.hint or ""))


def _clock() -> Iterator[Finding]:
    apart = ahead()
    if abs(apart) > clocks.MOST:
        yield Finding(
            "wrong",
            clocks.SUBJECT,
            f"the database server's clock differs by {apart:+.0f} s from this machine's",
            "synchronise both with the same time servers",
        )


def ahead() -> float:
    """By how many seconds the database server's clock is ahead of ours."""
    from django.db import connection  # noqa: PLC0415  after Django is set up

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        row = cursor.fetchone()
    return float(row[0]) - time.time() if row else 0.0


def _durability() -> Iterator[Finding]:
    """Core deletes from the journal what the database has: it must have it on its disk."""
    for name in switched_off():
        yield Finding(
            "wrong",
            SUBJECT,
            f"the server runs with {name} = off: a power cut loses what it has confirmed",
            f"set {name} = on in postgresql.conf and reload it",
        )


def switched_off() -> list[str]:
    """The database server's guards against a power cut that somebody has switched off."""
    from django.db import connection  # noqa: PLC0415  after Django is set up

    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings"
            " WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off' ORDER BY name"
        )
        return [str(row[0]) for row in cursor.fetchall()]


def _site(host: Host) -> Iterator[Finding]:
    newest = _last_published()
    generation = host.settings.path("site", "generation")
    if newest is None or not generation.exists():
        return
    late = newest.timestamp() - generation.stat().st_mtime
    if late > _LATE:
        yield Finding(
            "wrong",
            site.SUBJECT,
            f"they are {late / 60:.0f} minutes older than the newest page in the database",
            site.MEND,
        )


def _last_published() -> datetime | None:
    from django.db.models import Max  # noqa: PLC0415

    live = _module("campaigns.models").Campaign.objects.live()
    newest: datetime | None = live.aggregate(newest=Max("last_published_at"))["newest"]
    return newest


def _journal(host: Host) -> Iterator[Finding]:
    damaged = JournalReader(host.settings.path("journal")).damaged()
    if damaged:
        yield Finding(
            "wrong",
            "journal",
            f"{len(damaged)} journal files were damaged on the disk: {', '.join(damaged[:3])}",
            "look at the disk's health; keep the files in journal/damaged, and see"
            " `groundswell quarantine`",
        )


def _dashboard() -> Iterator[Finding]:
    """The notices of the studio's home: core, publishing, mail, quarantine, backup."""
    for notice in _module("studio.home.health").notices(now=clock.now()):
        yield Finding(_LEVELS[notice.level], "core", notice.title, notice.text)


def _module(name: str) -> Any:
    return importlib.import_module(f"groundswell.{name}")


def _restored() -> Iterator[Finding]:
    held = importlib.import_module("groundswell.people.letters_restored").held()
    if held:
        yield Finding(
            "note",
            "letters",
            f"{held} letters came back with a backup and are held: they may have been sent already",
            "`groundswell letters go` sends them, `groundswell letters drop` gives them up",
        )
