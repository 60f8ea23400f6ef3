"""Django for commands that need it, with an operator's words when the database is not there."""

import importlib
import os
from collections.abc import Container, Iterable
from typing import Final

from groundswell.base import env
from groundswell.base.errors import Trouble

_OURS: Final = ("campaigns", "delivery", "directory", "people", "studio")


def setup() -> None:
    """Load Django with our settings. Raises SettingError or KeyFileError."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundswell.studio.settings")
    importlib.import_module("django").setup()


def prepared() -> None:
    """Load Django and make sure that the database is there and up to date. Raises Trouble."""
    setup()
    waiting = plan_length()
    if waiting:
        raise Trouble(
            f"the database is not prepared ({waiting} steps are waiting): run `groundswell prepare`"
        )


def plan_length() -> int:
    """How many migrations are waiting.

    Raises Trouble when the database does not answer, or a newer version than this has been at it.
    """
    from django.db import OperationalError, connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise Trouble(
            f"the database of {env.PREFIX}DATABASE does not answer ({reason}): start it, or mend "
            "the setting"
        ) from error
    _refuse_newer(executor.loader.applied_migrations, executor.loader.disk_migrations)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _refuse_newer(applied: Iterable[tuple[str, str]], known: Container[tuple[str, str]]) -> None:
    for app, name in sorted(applied):
        if app in _OURS and (app, name) not in known:
            raise Trouble(
                f"the database was prepared by a newer version (it has {app} {name}): install that"
                " version here too, or restore the backup from before the upgrade"
            )
