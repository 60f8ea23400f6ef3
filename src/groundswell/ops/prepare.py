"""`groundswell prepare`: the data folder, the keys and the database, made or brought up to date."""

import importlib
import sys
import time
from typing import Any, Final

from groundswell.base import env, keyring
from groundswell.ops import django

FOLDERS: Final = ("journal", "site/public", "site/specs", "media", "export")


def run() -> int:
    """Do whatever is still missing; safe to repeat."""
    settings = env.load()
    for folder in FOLDERS:
        settings.path(folder).mkdir(parents=True, exist_ok=True)
    made = keyring.init(settings.path("keys"))
    if made:
        print(f"Made the keys for {', '.join(made)} in {settings.path('keys')}", flush=True)
    django.setup()
    migrate()
    # By name: these modules can only be loaded after Django is.
    importlib.import_module("groundswell.studio.bootstrap").furnish()
    importlib.import_module("groundswell.campaigns.publish").publish_site()
    return 0


def migrate() -> None:
    """Bring the database up to date and say how far it is."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    steps = django.plan_length()
    if steps:
        progress = Progress("Preparing the database", steps)
        executor = MigrationExecutor(connection, progress_callback=progress.migrated)
        executor.migrate(executor.loader.graph.leaf_nodes())
        progress.done()
    # Also makes permissions and content types, and is quick when nothing is left to migrate.
    call_command("migrate", verbosity=0, interactive=False)


class Progress:
    """A line that counts: rewritten in place on a terminal, now and then in a log."""

    def __init__(self, text: str, total: int) -> None:
        self.text, self.total, self.count = text, total, 0
        self._began = self._printed = time.monotonic()
        print(f"{text}… {total} steps", flush=True)

    def migrated(self, action: str, *_rest: Any) -> None:
        """Django's callback; a migration that was already there under another name counts too."""
        if action == "apply_success":
            self.step()

    def step(self) -> None:
        self.count += 1
        now = time.monotonic()
        if sys.stdout.isatty():
            print(f"\r{self.text}… {self.count} of {self.total}", end="", flush=True)
        elif now - self._printed > 2:
            self._printed = now
            print(f"{self.text}… {self.count} of {self.total}", flush=True)

    def done(self) -> None:
        took = time.monotonic() - self._began
        start = "\r" if sys.stdout.isatty() else ""
        print(f"{start}{self.text}… done in {took:.0f} s        ".rstrip(), flush=True)
