"""What a backup says about itself, so that it can be checked years later and elsewhere."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import msgspec

from groundswell.base.errors import Trouble
from groundswell.ops.backup import dump, journal, sqlite

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
DATABASE: Final = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
JOURNAL: Final = "journal"
MEDIA: Final = "media.tar"
SITE: Final = "site-manifest.json"
LEAVING: Final = "leaving.log"
# What is counted in both kinds of database, by the words a person reads.
TABLES: Final = {
    "participations": "people_participation",
    "in quarantine": "people_quarantine",
    "pages": "wagtailcore_page",
    "organisers": "auth_user",
}
_BLOCK: Final = 1 << 20

Shown = Callable[[int, int], None]


class Part(msgspec.Struct, frozen=True):
    """One file of a backup."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A whole backup. `keys` names the keys, by their ids, without which it cannot be read."""

    format: int = FORMAT
    version: str
    at: str
    database: Literal["sqlite", "postgresql"]
    counts: dict[str, int]
    keys: dict[str, list[str]]
    parts: list[Part]

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(part.size for part in self.parts)


def measure(folder: Path, name: str, seen: Callable[[int], None] = lambda _: None) -> Part:
    """A file's size and digest; `seen` hears how many bytes were read."""
    digest, size = hashlib.sha256(), 0
    with (folder / name).open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
            seen(len(block))
    return Part(name, size, digest.hexdigest())


def read(folder: Path) -> Manifest:
    """A backup's manifest. Raises Trouble."""
    try:
        found = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise Trouble(f"{folder} is no backup: it has no {MANIFEST}") from error
    except NotADirectoryError as error:
        raise Trouble(f"{folder} is no backup: name the folder that has a {MANIFEST}") from error
    except (OSError, msgspec.MsgspecError) as error:
        raise Trouble(f"{folder / MANIFEST} cannot be read: {error}") from error
    if found.format > FORMAT:
        raise Trouble(f"{folder} was made by a newer Groundswell ({found.version}): install that")
    return found


def check(folder: Path, shown: Shown) -> Manifest:
    """Read a whole backup and compare it with its manifest; returns that. Raises Trouble.

    Sizes and digests first; then the database and the journal are opened and their rows counted.
    """
    manifest, done = read(folder), 0

    def seen(number: int) -> None:
        nonlocal done
        done += number
        shown(done >> 20, manifest.size >> 20)

    for part in manifest.parts:
        _check_part(folder, part, seen)
    counted = counts(folder, manifest.database)
    for name, number in manifest.counts.items():
        if counted.get(name) != number:
            raise Trouble(f"{folder} holds {counted.get(name)} {name}; its manifest says {number}")
    return manifest


def counts(folder: Path, database: str) -> dict[str, int]:
    """What is in a backup's database and journal, counted there. Raises Trouble."""
    file = folder / DATABASE[database]
    found = sqlite.counts(file, TABLES) if database == "sqlite" else dump.counts(file, TABLES)
    found["in the journal"] = sum(
        journal.submissions(path) for path in sorted((folder / JOURNAL).glob("*.journal"))
    )
    return found


def _check_part(folder: Path, part: Part, seen: Callable[[int], None]) -> None:
    try:
        found = measure(folder, part.name, seen)
    except OSError as error:
        raise Trouble(f"{folder / part.name} cannot be read: {error.strerror}") from error
    if found != part:
        what = "is cut short or changed" if found.size != part.size else "is damaged"
        raise Trouble(f"{folder / part.name} {what}: use another backup")
