"""A part of a benchmark in a process of its own: Django is set up once in a process."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from groundswell.base import keyring


def run(module: str, number: int, *, database: str, **settings: str) -> None:
    """Run a module of this folder with a fresh data folder; `settings` are Groundswell's own."""
    folder = Path(tempfile.mkdtemp(prefix="groundswell-bench-"))
    try:
        keyring.init(folder / "keys")
        named = {"var": str(folder), "database": database, **settings}
        environ = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "groundswell.studio.settings",
            **{f"GROUNDSWELL_{name.upper()}": value for name, value in named.items()},
        }
        command = [sys.executable, "-m", f"benchmarks.{module}", str(number)]
        subprocess.run(command, env=environ, check=True)
    finally:
        shutil.rmtree(folder)
