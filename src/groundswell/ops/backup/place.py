"""The place a backup is restored to: is it free, and how is what is there moved aside?"""

import os
import pwd
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from groundswell.base import env
from groundswell.base.errors import Trouble
from groundswell.intake.journal_reader import is_locked
from groundswell.ops.backup import dump

# What a restore brings. Keys, the list of leavers, logs and caught mail stay where they are.
FOLDERS: Final = ("journal", "media", "site")
_SQLITE: Final = ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm")


def must_be_ours(settings: env.Settings) -> None:
    """Raises Trouble for another account than core's: what it wrote, core could not read."""
    folder = settings.path()
    if folder.is_dir() and (owner := folder.stat().st_uid) != os.geteuid():
        raise Trouble(f"{folder} belongs to {_name(owner)}: run this as that account")


def must_be_still(settings: env.Settings) -> None:
    """Raises Trouble while a process of this installation runs, as far as its locks tell."""
    locks = [settings.path("running.lock"), settings.path("core.lock")]
    locks += sorted(settings.path("journal").glob("*.lock"))
    for lock in locks:
        if is_locked(lock):
            raise Trouble(f"{lock} is held: stop intake, core and studio first")


def occupied(settings: env.Settings) -> str:
    """What of an installation is there already; empty when nothing is."""
    for name in FOLDERS:
        folder = settings.path(name)
        if any(path.is_file() and path.suffix != ".lock" for path in folder.rglob("*")):
            return str(folder)
    if settings.database == "sqlite":
        file = settings.path(_SQLITE[0])
        return str(file) if file.exists() and file.stat().st_size else ""
    return "the PostgreSQL database" if _has_tables() else ""


def move_aside(settings: env.Settings, at: datetime) -> Path:
    """Move what is there out of the way, deleting nothing; returns the folder it is in now."""
    stamp = f"{at:%Y%m%dT%H%M%SZ}"
    aside = settings.path(f"before-restore-{stamp}")
    aside.mkdir(mode=0o700)
    for name in FOLDERS:
        # The folders themselves stay: they have their modes, and may be disks of their own.
        for path in sorted(settings.path(name).glob("*")):
            if path.suffix != ".lock":
                (aside / name).mkdir(exist_ok=True)
                shutil.move(path, aside / name / path.name)
    if settings.database == "sqlite":
        for name in _SQLITE:
            if settings.path(name).exists():
                settings.path(name).rename(aside / name)
    else:
        schema = f"{dump.ASIDE}_{stamp.lower()}"
        _rename_schema(schema)
        print(f"The database's tables that were here are now in its schema {schema}.")
    print(f"What was here is now in {aside}.")
    return aside


def database_settings() -> dict[str, Any]:
    """Django's settings of the database."""
    from django.db import connection  # noqa: PLC0415  after Django is set up

    return dict(connection.settings_dict)


def hang_up() -> None:
    """Close Django's connections, before a file or a schema changes under them."""
    from django.db import connections  # noqa: PLC0415

    connections.close_all()


def _has_tables() -> bool:
    from django.db import OperationalError, connection  # noqa: PLC0415

    try:
        return bool(connection.introspection.table_names())
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise Trouble(f"the database of {env.PREFIX}DATABASE does not answer: {reason}") from error


def _rename_schema(name: str) -> None:
    from django.db import connection, transaction  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA public RENAME TO {name}")
        cursor.execute("CREATE SCHEMA public")


def _name(account: int) -> str:
    try:
        return pwd.getpwuid(account).pw_name
    except KeyError:
        return f"account {account}"
