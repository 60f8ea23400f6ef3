"""`groundswell restore`: an installation as a backup holds it, and none of those who left since.

Nothing is written before the backup has been read and compared with its digests, the keys fit and
the place is free. Then: database, journal, pictures; what `prepare` does; then the journal is
drained here, and only after that the leavers are taken out again, so that nobody comes back by it.
"""

import importlib
import shutil
from importlib import metadata
from pathlib import Path
from typing import Any, Final, get_args

from groundswell.base import clock, env, keyring
from groundswell.base.errors import Trouble
from groundswell.intake import journal_notes
from groundswell.intake.journal_reader import DAMAGED, JournalReader
from groundswell.ops import django, prepare
from groundswell.ops.backup import draft, dump, keyfile, manifest, place
from groundswell.ops.backup.command import leavers_into
from groundswell.ops.progress import Progress

_SECRETS: Final = ("seal", "data", "index")  # without these, rows stay shut


def run(
    *,
    backup: str,
    keys: str,
    passphrase: str,
    journal: str,
    leavers: str,
    replace: bool,
    keyless: bool,
) -> None:
    """Restore a backup where nothing is; with `replace`, move what is there aside first."""
    settings, source = env.load(), Path(backup)
    place.must_be_ours(settings)
    whole = _checked(source, settings)
    place.must_be_still(settings)
    _keys(settings, whole, Path(keys) if keys else None, passphrase, keyless=keyless)
    django.setup()
    taken = place.occupied(settings)
    if taken and not replace:
        raise Trouble(f"{taken} is not empty: say --replace to move it aside first")
    left = Path(journal) if journal else None
    if taken:
        place.hang_up()
        aside = place.move_aside(settings, clock.now())
        if left and left.absolute() == settings.path("journal"):
            left = aside / "journal"
    lists = [source / manifest.LEAVING, source.absolute().parent / manifest.LEAVING]
    leavers_into(settings.path(manifest.LEAVING), *lists, *([Path(leavers)] if leavers else []))
    _put_back(settings, whole, source, left)
    prepare.run()
    _settle(settings)
    _report(whole, keyless=keyless)


def _checked(source: Path, settings: env.Settings) -> manifest.Manifest:
    progress = Progress(f"Checking {source.name}")
    whole = manifest.check(source, progress.show)
    progress.done()
    here = "sqlite" if settings.database == "sqlite" else "postgresql"
    if whole.database != here:
        raise Trouble(
            f"{source} was made with {_NAMES[whole.database]} and can only be restored to it, but"
            f" {env.PREFIX}DATABASE names {_NAMES[here]}"
        )
    return whole


_NAMES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


# Keys -------------------------------------------------------------------------------------------


def _keys(
    settings: env.Settings,
    whole: manifest.Manifest,
    file: Path | None,
    passphrase: str,
    *,
    keyless: bool,
) -> None:
    """See to it that the backup's keys are in their place, before anything else is written."""
    folder = settings.path("keys")
    if file:
        keyfile.put_back(file, folder, passphrase)
    missing = [purpose for purpose in get_args(keyring.Purpose) if _lacks(folder, whole, purpose)]
    needed = [purpose for purpose in missing if purpose in _SECRETS]
    if needed and not keyless:
        raise Trouble(
            f"the backup's keys are missing from {folder} ({', '.join(needed)}): put that folder"
            " back, or name your sealed copy with --keys. With --keyless it is restored without:"
            " pages, numbers and organisers, and no name, for ever"
        )
    keyring.init(folder)
    if "link" in missing:
        print("The key for links is another one: links in mails sent so far do not work any more.")


def _lacks(folder: Path, whole: manifest.Manifest, purpose: keyring.Purpose) -> bool:
    wanted = whole.keys.get(purpose, [])
    try:
        held = {key.id for key in keyring.load(folder, purpose).keys}
    except keyring.KeyFileError:
        return True
    return not held.issuperset(wanted)


# Files ------------------------------------------------------------------------------------------


def _put_back(
    settings: env.Settings, whole: manifest.Manifest, source: Path, journal: Path | None
) -> None:
    file = source / manifest.DATABASE[whole.database]
    if whole.database == "sqlite":
        _copy(file, settings.path("db.sqlite3"))
    else:
        print("Restoring the database…", flush=True)
        dump.load(place.database_settings(), file)
    _journal(settings.path("journal"), source / manifest.JOURNAL)
    if journal:
        _journal(settings.path("journal"), journal)
    if (source / manifest.MEDIA).exists():
        draft.unpack(source / manifest.MEDIA, settings.path("media"))
    if (source / manifest.SITE).exists():
        settings.path("site").mkdir(exist_ok=True)
        _copy(source / manifest.SITE, settings.path("site", "manifest.json"))


def _journal(folder: Path, source: Path) -> None:
    """Put journal files back. A later copy of a file replaces it: it holds the same and more.

    Lock files stay away: numbers then begin afresh, above all that came before. Where there is one,
    what it knows of files is true of those that were here, which may go further than the copies.
    """
    folder.mkdir(exist_ok=True)
    for lock in folder.glob("*.lock"):
        journal_notes.forget(lock)
    for path in sorted((source / DAMAGED).glob("*.journal")):
        (folder / DAMAGED).mkdir(exist_ok=True)
        _copy(path, folder / DAMAGED / path.name)
    for path in sorted(source.glob("*.journal")):
        for suffix in ("-wal", "-shm"):
            Path(f"{folder / path.name}{suffix}").unlink(missing_ok=True)
        for part in (path, Path(f"{path}-wal")):
            if part.exists():
                _copy(part, folder / part.name)


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    target.chmod(0o600)
    draft.sync(target)


# Rows -------------------------------------------------------------------------------------------


def _settle(settings: env.Settings) -> None:
    """Drain what the journal holds, keep out who has left, and count."""
    journal = JournalReader(settings.path("journal"))
    number = _module("people.drain").Drain(journal).step()
    print(f"{number} records were taken from the journal.")
    # Before anything can send: what waited then may have gone out since.
    _module("people.letters_restored").hold()
    for file in journal.files():
        print(f"{settings.path('journal', file)} could not be read to its end; it stays there.")
    again = _module("people.leaving").replay()
    print(f"{again} who had left since the backup were taken out again.")
    _module("people.retention").keep_promises()
    counting = _module("people.recount")
    wrong = [one for key in counting.pages() for one in counting.repair(page_key=key)]
    if wrong:
        print(f"{len(wrong)} sums were set right.")
    _module("campaigns.publish").publish_site()


def _report(whole: manifest.Manifest, *, keyless: bool) -> None:
    models = _module("people.models")
    number = models.Participation.objects.count()
    stuck = models.Quarantine.objects.count()
    print(f"Restored: {number} participations; the backup, of {whole.at}, held "
          f"{whole.counts.get('participations', 0)} and {whole.counts.get('in the journal', 0)} in "
          "its journal.")  # fmt: skip
    if whole.version != metadata.version("groundswell"):
        print(f"It was made by {whole.version} and is brought up to this version.")
    if stuck:
        print(f"{stuck} are in quarantine; `groundswell quarantine` says why.")
    _module("ops.letters").tell_restored()
    if keyless:
        print("Its keys are missing: no name in it can be read.")
    print("Settings and passwords are not in a backup. `groundswell doctor` looks at the rest;")
    print("then `groundswell up`.")


def _module(name: str) -> Any:
    return importlib.import_module(f"groundswell.{name}")
