"""Programs with known faults, or missing."""

import importlib
import sys
from collections.abc import Iterator
from typing import Any, Final

import apsw

from groundswell.base.errors import Trouble
from groundswell.ops.backup import dump
from groundswell.ops.doctor.finding import Finding, Host

SUBJECT: Final = "versions"
# Decision record 2: before it, a reset of the write-ahead log may lose a commit.
SQLITE: Final = (3, 51, 3)
PYTHON: Final = (3, 11)
_MEND: Final = "run `make env`, which installs the locked versions"


def check(host: Host) -> Iterator[Finding]:
    """Python, SQLite and PostgreSQL's tools."""
    found = [*_python(), *_sqlite("apsw", apsw.sqlite_lib_version())]
    if host.has("core", "studio"):
        # By name: an intake host has no use for it.
        driver: Any = importlib.import_module("pysqlite3")
        found += _sqlite("pysqlite3", driver.sqlite_version)
        found += _tools(host)
    yield from found or [Finding("ok", SUBJECT, f"Python {_dotted(sys.version_info[:3])}")]


def _python() -> Iterator[Finding]:
    if sys.version_info[:3] < PYTHON:
        yield Finding(
            "wrong", SUBJECT, f"Python {_dotted(sys.version_info[:3])} is too old",
            f"install {_dotted(PYTHON)} or newer",
        )  # fmt: skip


def _sqlite(driver: str, version: str) -> Iterator[Finding]:
    if tuple(map(int, version.split("."))) < SQLITE:
        yield Finding(
            "wrong", SUBJECT, f"{driver} brings SQLite {version}, which may lose a commit", _MEND
        )


def _tools(host: Host) -> Iterator[Finding]:
    if host.settings.database == "sqlite":
        return
    try:
        dump.program("pg_dump")
    except Trouble as error:
        what, _, mend = str(error).partition(": ")
        yield Finding("wrong", SUBJECT, f"{what}, so no backup can be made", mend)


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
