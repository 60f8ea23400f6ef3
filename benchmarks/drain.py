"""How fast core drains into SQLite and into PostgreSQL: `python -m benchmarks.drain [NUMBER]`.

Beside it, in the same run, a yardstick that opens, seals and counts nothing: it puts ready rows
into the same table by the same statement, which is what a database gives at best. Memory is the
highest the process ever had, benchmark's own records included.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from groundswell.base import keyring
from tests.support.postgres import cluster


def main(number: int) -> None:
    print("| into | what | a second | CPU ms each | memory MiB |")
    print("|---|---|---|---|---|", flush=True)
    measure("sqlite", number)
    with cluster() as url:
        measure(url, number)


def measure(database: str, number: int) -> None:
    """One database, in a process of its own: Django is set up once in a process."""
    folder = Path(tempfile.mkdtemp(prefix="groundswell-bench-"))
    try:
        keyring.init(folder / "keys")
        environ = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "groundswell.studio.settings",
            "GROUNDSWELL_VAR": str(folder),
            "GROUNDSWELL_DATABASE": database,
        }
        command = [sys.executable, "-m", "benchmarks.drain_child", str(number)]
        subprocess.run(command, env=environ, check=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
