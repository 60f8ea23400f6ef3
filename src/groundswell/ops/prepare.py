"""`groundswell prepare`: the data folder, the keys and the database, made or brought up to date."""

import importlib
import itertools
from typing import Any, Final

from groundswell.base import env, keyring, modes
from groundswell.base.errors import Trouble
from groundswell.ops import django
from groundswell.ops.progress import Progress

SHARED: Final = ("site/public", "site/specs")
# Drafts' pictures and lists of supporters: only core and the studio have business there.
CLOSED: Final = ("media", "export")


def run() -> int:
    """Do whatever is still missing; safe to repeat."""
    settings = env.load()
    for folder in SHARED:
        modes.make_shared_folder(settings.path(folder))
    for folder in (*CLOSED, "journal"):
        settings.path(folder).mkdir(exist_ok=True)
    close_to_others(settings)
    make_keys(settings)
    importlib.import_module("groundswell.studio.catalogue").compile()
    django.setup()
    migrate()
    # By name: these modules can only be loaded after Django is.
    importlib.import_module("groundswell.studio.bootstrap").furnish()
    importlib.import_module("groundswell.campaigns.publish").publish_site()
    return 0


def make_keys(settings: env.Settings) -> None:
    """Make the keys of a new installation. Raises Trouble when one of an older one is lost."""
    lost = keyring.lost(settings.path("keys"))
    if lost:
        raise Trouble(
            f"{lost} is lost: restore it from your backup. Without one, `groundswell keys init` "
            "makes a new key, and what was sealed to the old one stays closed for ever"
        )
    made = keyring.init(settings.path("keys"))
    if made:
        print(f"Made the keys for {', '.join(made)} in {settings.path('keys')}", flush=True)


def close_to_others(settings: env.Settings) -> None:
    """Let only the owner read what other accounts of this machine have no business with.

    An SQLite database holds organisers' sessions; whoever can read one is logged in. The files
    that SQLite puts beside it take over its mode.
    """
    for folder in CLOSED:
        settings.path(folder).chmod(0o700)
    if settings.database == "sqlite":
        file = settings.path("db.sqlite3")
        file.touch(mode=0o600)
        file.chmod(0o600)


def migrate() -> None:
    """Bring the database up to date and say how far it is."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    total = django.plan_length()
    if total:
        progress = Progress("Preparing the database")
        done = itertools.count(1)

        def migrated(action: str, *_rest: Any) -> None:
            if action == "apply_success":
                progress.show(next(done), total)

        executor = MigrationExecutor(connection, progress_callback=migrated)
        executor.migrate(executor.loader.graph.leaf_nodes())
        progress.done()
    # Also makes permissions and content types, and is quick when nothing is left to migrate.
    call_command("migrate", verbosity=0, interactive=False)
