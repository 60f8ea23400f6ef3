"""A part of a benchmark in a process of its own: Django is set up once in a process."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from groundswell.base import keyring


def run(module: str, number: int, *words: str, database: str, **settings: str) -> None:
    """Run a module of this folder with a fresh data folder; `settings` are Groundswell's own."""
    with installation(database=database, **settings) as environ:
        start(module, str(number), *words, environ=environ)


@contextmanager
def installation(*, database: str, **settings: str) -> Iterator[Mapping[str, str]]:
    """A fresh data folder with keys, for as long as it is needed; yields the environment."""
    folder = Path(tempfile.mkdtemp(prefix="groundswell-bench-"))
    try:
        keyring.init(folder / "keys")
        named = {"var": str(folder), "database": database, **settings}
        yield {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "groundswell.studio.settings",
            **{f"GROUNDSWELL_{name.upper()}": value for name, value in named.items()},
        }
    finally:
        shutil.rmtree(folder)


def start(module: str, *words: str, environ: Mapping[str, str]) -> None:
    """Run a module of this folder to its end. Whoever ends us ends it, too."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *words]
    with subprocess.Popen(command, env=environ) as process:
        try:
            code = process.wait()
        except BaseException:
            process.terminate()
            raise
    if code:
        sys.exit(code)
