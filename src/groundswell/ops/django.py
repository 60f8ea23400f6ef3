"""Django for commands that need it, with an operator's words when the database is not there."""

import importlib
import os

from groundswell.base import env
from groundswell.base.errors import Trouble


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
    """How many migrations are waiting. Raises Trouble when the database does not answer."""
    from django.db import OperationalError, connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise Trouble(f"the database of {env.PREFIX}DATABASE does not answer: {reason}") from error
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
