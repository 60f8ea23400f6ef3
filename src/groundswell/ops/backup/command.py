"""`groundswell backup`: everything but the keys, while everything runs.

The order is what makes it whole: the journal first, the database after it. What core drains in
between is in both, which is harmless, since a submission has one row; the other way round it would
be in neither. Pictures come after the database that speaks of them, the list of leavers last.
"""

import importlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any, Literal, get_args

from groundswell.base import clock, env, keyring, mark
from groundswell.base.errors import Trouble
from groundswell.intake.journal_reader import DAMAGED, JournalReader
from groundswell.ops import django
from groundswell.ops.backup import draft, dump, journal, manifest, place, sqlite
from groundswell.ops.progress import Progress


def run(*, destination: str, keep: int, check: bool) -> None:
    """Make a backup in a folder of backups; with `check`, only compare one with its manifest."""
    if check:
        _check(Path(destination))
        return
    if keep < 0:
        raise Trouble("--keep should be 1 or more, or 0 for all")
    settings = env.load()
    place.must_be_ours(settings)
    folder = _outside(Path(destination).absolute(), settings.path())
    django.prepared()
    with draft.drafted(folder, clock.now()) as (made, final):
        whole = _make(made, settings)
        made.close(whole)
    mark.write(settings, mark.LastBackup(clock.now(), str(final)))
    _keep_leavers(folder)
    print(f"{final}: {_said(whole)}.")
    print("The keys are not in it: `groundswell backup keys FILE` seals them into a file apart.")
    for old in draft.backups(folder)[:-keep] if keep else []:
        shutil.rmtree(old)
        print(f"{old.name} has gone: --keep {keep}")


def leavers_into(target: Path, *others: Path) -> None:
    """Write a list of leavers that has every line of others and of the one that was there."""
    lines: dict[bytes, None] = {}
    for file in (target, *others):
        with suppress(FileNotFoundError):
            lines |= dict.fromkeys(
                line for line in file.read_bytes().splitlines(keepends=True) if line[-1:] == b"\n"
            )
    new = target.with_name(f".{target.name}.new")
    new.write_bytes(b"".join(lines))
    new.chmod(0o600)
    draft.sync(new)
    new.rename(target)
    draft.sync(target.parent)


def _make(made: draft.Draft, settings: env.Settings) -> manifest.Manifest:
    at = clock.now().isoformat(timespec="seconds")
    _journal(made, settings.path("journal"))
    kind, counts = _database(made, settings)
    media = settings.path("media")
    if media.is_dir():
        _step("Pictures", lambda shown: made.add(
            manifest.MEDIA, lambda path: draft.pack(media, path, shown)))  # fmt: skip
    for name, source in (
        (manifest.SITE, settings.path("site", "manifest.json")),
        (manifest.LEAVING, settings.path(manifest.LEAVING)),
    ):
        if source.exists():
            made.add(name, _copier(source))
    counts["in the journal"] = sum(
        journal.submissions(file)
        for file in sorted((made.folder / manifest.JOURNAL).glob("*.journal"))
    )
    return manifest.Manifest(
        version=metadata.version("groundswell"),
        at=at,
        database=kind,
        counts=counts,
        keys=_key_ids(settings.path("keys")),
        parts=made.parts,
    )


def _journal(made: draft.Draft, folder: Path) -> None:
    reader = JournalReader(folder)
    (made.folder / manifest.JOURNAL).mkdir()
    for file in reader.files():
        name = f"{manifest.JOURNAL}/{file}"
        # One that has gone since we looked was drained: it is in the database, copied after this.
        with suppress(FileNotFoundError):
            made.add(name, partial(journal.copy, folder / file))
    for file in reader.damaged():
        made.add(f"{manifest.JOURNAL}/{DAMAGED}/{file}", _copier(folder / DAMAGED / file))


def _database(
    made: draft.Draft, settings: env.Settings
) -> tuple[Literal["sqlite", "postgresql"], dict[str, int]]:
    if settings.database != "sqlite":
        return "postgresql", _postgresql(made)
    source = settings.path("db.sqlite3")
    _room(made.folder, source.stat().st_size)
    name = manifest.DATABASE["sqlite"]
    _step("The database", lambda shown: made.add(
        name, lambda path: sqlite.copy(source, path, shown)))  # fmt: skip
    return "sqlite", sqlite.counts(made.folder / name, manifest.TABLES)


def _postgresql(made: draft.Draft) -> dict[str, int]:
    from django.db import connection, transaction  # noqa: PLC0415  after Django is set up

    dump.program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        # What is counted and what is dumped are one and the same moment.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = str(cursor.fetchone()[0])
        _step("The database", lambda _: made.add(
            manifest.DATABASE["postgresql"],
            lambda path: dump.save(connection.settings_dict, snapshot, path)))  # fmt: skip
        return {name: _count(cursor, table) for name, table in manifest.TABLES.items()}


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  our own names
    return int(cursor.fetchone()[0])


def _key_ids(folder: Path) -> dict[str, list[str]]:
    return {
        purpose: [key.id for key in keyring.load(folder, purpose).keys]
        for purpose in get_args(keyring.Purpose)
    }


def _outside(destination: Path, var: Path) -> Path:
    if destination.resolve().is_relative_to(var.resolve()):
        raise Trouble(f"{destination} is inside the data folder: a backup would be lost with it")
    return destination


def _room(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise Trouble(
            f"{folder.parent} has {free >> 20} MiB left, and the database alone is {wanted >> 20}"
        )


def _keep_leavers(folder: Path) -> None:
    """Beside the backups lies the newest list of leavers, whichever of them is restored."""
    leavers_into(folder / manifest.LEAVING, _leaving().path())


def _leaving() -> Any:
    return importlib.import_module("groundswell.people.leaving")


def _check(folder: Path) -> None:
    progress = Progress(f"Checking {folder.name}")
    whole = manifest.check(folder, progress.show)
    progress.done()
    print(f"{folder} is whole: {_said(whole)}, of {whole.at} by Groundswell {whole.version}.")


def _said(whole: manifest.Manifest) -> str:
    counts = ", ".join(f"{number} {name}" for name, number in whole.counts.items() if number)
    return f"{counts or 'nothing yet'}; {whole.size / (1 << 20):.1f} MiB"


def _step(text: str, do: Callable[[Callable[[int, int], None]], None]) -> None:
    progress = Progress(text)
    do(progress.show)
    progress.done()


def _copier(source: Path) -> Callable[[Path], None]:
    def copy(target: Path) -> None:
        shutil.copyfile(source, target)

    return copy
