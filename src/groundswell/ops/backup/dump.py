"""PostgreSQL's own tools: pg_dump and pg_restore. The password goes through the environment."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from groundswell.base.errors import Trouble

# Where `restore --replace` puts what was there; never dumped again.
ASIDE: Final = "before_restore"
_VARIABLES: Final = {
    "HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD",
    "NAME": "PGDATABASE",
}  # fmt: skip


def save(settings: Mapping[str, Any], snapshot: str, target: Path) -> None:
    """Dump a database as a snapshot shows it. Raises Trouble."""
    _run(
        "pg_dump",
        ["--format=custom", "--no-password", f"--snapshot={snapshot}", f"--file={target}",
         "--no-owner", "--no-privileges", f"--exclude-schema={ASIDE}*"],
        settings,
    )  # fmt: skip


def load(settings: Mapping[str, Any], source: Path) -> None:
    """Restore a dump into an empty database, whole or not at all. Raises Trouble."""
    _run(
        "pg_restore",
        ["--no-password", "--no-owner", "--no-privileges", "--single-transaction",
         "--exit-on-error", f"--dbname={settings['NAME']}", str(source)],
        settings,
    )  # fmt: skip


def counts(file: Path, tables: Mapping[str, str]) -> dict[str, int]:
    """How many rows a dump has in some tables, read from it. Raises Trouble."""
    # The whole of it once, so that damage in any table is seen.
    _run("pg_restore", ["--file=/dev/null", str(file)], {})
    return {name: sum(1 for _ in _rows(file, table)) for name, table in tables.items()}


def program(name: str) -> str:
    """Where a program of PostgreSQL's is. Raises Trouble."""
    found = shutil.which(name)
    if found:
        return found
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    if not newest:
        raise Trouble(f"{name} is missing: install PostgreSQL's client (`postgresql-client`)")
    return str(newest[0])


def _rows(file: Path, table: str) -> Iterator[bytes]:
    command = [program("pg_restore"), "--data-only", f"--table={table}", "--file=-", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:  # noqa: S603
        inside = False
        for line in process.stdout or ():
            if inside and line != b"\\.\n":
                yield line
            elif line == b"\\.\n" or line.startswith(b"COPY "):
                inside = not inside
    if process.returncode:
        raise Trouble(f"{file} is damaged: pg_restore cannot read {table}")


def _run(name: str, arguments: Sequence[str], settings: Mapping[str, Any]) -> None:
    own = {
        variable: str(settings[key]) for key, variable in _VARIABLES.items() if settings.get(key)
    }
    done = subprocess.run(  # noqa: S603  our own words
        [program(name), *arguments],
        env=os.environ | own, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "error" in line] or [done.stderr]
        raise Trouble(f"{name} failed: {lines[0].strip()[:300]}")
