"""Backing up and restoring by the commands an operator types."""

import fcntl
import json
import os
import shutil
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import apsw
import pytest

from groundswell.base import env
from groundswell.base.errors import Trouble
from groundswell.ops.backup import command, draft, dump, journal, manifest, place, sqlite
from groundswell.people.tests import journal as people
from tests.support import databases
from tests.support.installation import Installation, prepared

DATABASE: Final = "database.sqlite3" if databases.is_sqlite() else "database.dump"
PASSPHRASE: Final = "seven sorry seals sit still"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with three signatures stored and two waiting in the journal."""
    folder = tmp_path_factory.mktemp("home")
    with prepared(folder) as made:
        made.run("drain", module="tests.support.installation_child")
        made.run("journal", module="tests.support.installation_child")
        (folder / "media/images").mkdir()
        (folder / "media/images/river.jpg").write_bytes(b"picture" * 1000)
        yield made


@pytest.fixture(scope="module")
def backup(home: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it, with its keys sealed beside it."""
    destination = tmp_path_factory.mktemp("backups")
    said = home.run("backup", str(destination))
    assert "3 participations" in said
    assert "2 in the journal" in said
    (destination / "passphrase").write_text(PASSPHRASE)
    home.run("backup", "keys", str(destination / "keys"), "--passphrase", passphrase(destination))
    return next(destination.glob("groundswell-*"))


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    """A host on which nothing is."""
    with databases.empty() as url:
        yield Installation(tmp_path / "new", url)


def passphrase(destination: Path) -> str:
    return str(destination / "passphrase")


def with_keys(backup: Path) -> list[str]:
    return ["--keys", str(backup.parent / "keys"), "--passphrase", passphrase(backup.parent)]


def test_it_holds_all_but_the_keys_and_is_closed_to_others(
    home: Installation, backup: Path
) -> None:
    files = {str(path.relative_to(backup)) for path in backup.rglob("*") if path.is_file()}
    assert {DATABASE, "manifest.json", "media.tar", "site-manifest.json"} <= files
    assert any(name.startswith("journal/") for name in files)
    assert all(path.stat().st_mode & 0o077 == 0 for path in [backup, *backup.rglob("*")])
    secrets = [
        key["key"].encode()
        for path in (home.folder / "keys").rglob("*.json")
        if path.parent.name != "public"
        for key in json.loads(path.read_bytes())["keys"]
    ]
    content = b"".join(path.read_bytes() for path in backup.parent.rglob("*") if path.is_file())
    assert not [secret for secret in secrets if secret in content]
    assert home.run("backup", str(backup), "--check").startswith(f"Checking {backup.name}")


def test_it_restores_to_an_empty_host(backup: Path, empty: Installation) -> None:
    said = empty.run("restore", str(backup), *with_keys(backup))
    assert "2 records were taken from the journal." in said
    assert "Restored: 5 participations" in said
    assert empty.ask("SELECT count(*) FROM people_participation") == [(5,)]
    assert (empty.folder / "media/images/river.jpg").read_bytes() == b"picture" * 1000
    if databases.is_sqlite():
        assert (empty.folder / "db.sqlite3").stat().st_mode & 0o777 == 0o600
    assert "Every sum is what the rows add up to." in empty.run("recount")
    assert "The quarantine is empty." in empty.run("quarantine")
    assert "is not empty" in empty.refused("restore", str(backup), *with_keys(backup))


def test_it_moves_aside_what_is_there(backup: Path, empty: Installation) -> None:
    empty.run("restore", str(backup), *with_keys(backup))
    (empty.folder / "journal").chmod(0o2770)
    again = empty.run("restore", str(backup), "--replace")
    assert "What was here is now in" in again
    (aside,) = empty.folder.glob("before-restore-*")
    assert {"media", "site"} <= {path.name for path in aside.iterdir()}
    assert (aside / "db.sqlite3").exists() == databases.is_sqlite()
    assert empty.ask("SELECT count(*) FROM people_participation") == [(5,)]
    assert (empty.folder / "journal").stat().st_mode & 0o7777 == 0o2770


def test_it_takes_the_journal_along_that_it_moves_aside(backup: Path, empty: Installation) -> None:
    empty.run("restore", str(backup), *with_keys(backup))
    empty.run("journal", module="tests.support.installation_child")
    folder = str(empty.folder / "journal")
    said = empty.run("restore", str(backup), "--replace", "--journal", folder)
    assert "4 records were taken from the journal." in said
    assert empty.ask("SELECT count(*) FROM people_participation") == [(7,)]


def test_it_restores_nothing_without_the_keys(backup: Path, empty: Installation) -> None:
    assert "keys are missing" in empty.refused("restore", str(backup))
    assert not (empty.folder / "site").exists()
    said = empty.run("restore", str(backup), "--keyless")
    assert "no name in it can be read" in said
    assert empty.ask("SELECT count(*) FROM people_participation") == [(3,)]


@pytest.fixture
def copy(backup: Path, tmp_path: Path) -> Path:
    """A backup of which something may go wrong."""
    shutil.copytree(backup, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.parametrize("part", [DATABASE, "media.tar"])
@pytest.mark.parametrize("how", ["flipped", "cut", "gone"])
def test_it_sees_damage(copy: Path, part: str, how: str) -> None:
    file = copy / part
    data = bytearray(file.read_bytes())
    if how == "gone":
        file.unlink()
    elif how == "cut":
        file.write_bytes(data[:-1])
    else:
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    with pytest.raises(Trouble, match=part):
        manifest.check(copy, lambda _done, _all: None)


def test_it_restores_nothing_that_is_damaged(copy: Path, empty: Installation) -> None:
    (copy / "media.tar").write_bytes(b"")
    assert "media.tar" in empty.refused("restore", str(copy), *with_keys(copy.parent))
    assert not empty.folder.exists()


def test_it_compares_the_counts(copy: Path) -> None:
    found = json.loads((copy / "manifest.json").read_bytes())
    found["counts"]["participations"] += 1
    (copy / "manifest.json").write_text(json.dumps(found))
    with pytest.raises(Trouble, match="holds 3 participations"):
        manifest.check(copy, lambda _done, _all: None)


def test_it_keeps_so_many_and_overwrites_none(home: Installation, tmp_path: Path) -> None:
    for year in (2024, 2025):
        old = tmp_path / f"groundswell-{year}0101T000000Z"
        old.mkdir()
        (old / "manifest.json").write_text("{}")
    (tmp_path / "groundswell-notes").mkdir()  # no backup, so none of our business
    (tmp_path / ".groundswell-20260101T000000Z.draft").mkdir()  # of one that was killed
    said = home.run("backup", str(tmp_path), "--keep", "2")
    assert "groundswell-20240101T000000Z has gone" in said
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 4 + 1
    assert names[:2] == [".lock", "groundswell-20250101T000000Z"]
    assert names[3:] == ["groundswell-notes", "leaving.log"]


def test_it_says_why_it_cannot(home: Installation, tmp_path: Path) -> None:
    assert "inside the data folder" in home.refused("backup", str(home.folder / "backups"))
    (tmp_path / "file").write_text("")
    assert "nothing was kept" in home.refused("backup", str(tmp_path / "file"))
    assert "no backup" in home.refused("restore", str(tmp_path))
    assert "no terminal" in home.refused("backup", "keys", str(tmp_path / "keys"))


def test_it_leaves_nothing_of_a_backup_that_did_not_fit(home: Installation, tmp_path: Path) -> None:
    said = home.command("backup", str(tmp_path), module="tests.support.installation_child")
    assert said.returncode == 2
    assert f"{tmp_path} is full" in said.stderr
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_it_does_not_restore_to_another_kind_of_database(backup: Path, empty: Installation) -> None:
    other = "postgresql://me:pw@127.0.0.1:1/gw" if databases.is_sqlite() else "sqlite"
    empty.environ["GROUNDSWELL_DATABASE"] = other
    assert "can only be restored to it" in empty.refused("restore", str(backup))


def test_it_opens_the_keys_with_their_passphrase_alone(
    backup: Path, empty: Installation, tmp_path: Path
) -> None:
    keys = str(backup.parent / "keys")
    (tmp_path / "wrong").write_text("correct horse battery")
    assert "does not open" in empty.refused(
        "restore", "keys", keys, "--passphrase", str(tmp_path / "wrong")
    )
    empty.run("restore", "keys", keys, "--passphrase", passphrase(backup.parent))
    assert (empty.folder / "keys/core/seal.json").stat().st_mode & 0o777 == 0o600
    assert (empty.folder / "keys/core").stat().st_mode & 0o777 == 0o700
    other = empty.folder / "keys/core/link.json"
    other.write_bytes(other.read_bytes().replace(b"link", b"links"))
    assert "is another key" in empty.refused(
        "restore", "keys", keys, "--passphrase", passphrase(backup.parent)
    )


def test_it_copies_a_database_that_is_never_still(tmp_path: Path) -> None:
    source = tmp_path / "busy.sqlite3"
    made = apsw.Connection(str(source))
    made.execute("PRAGMA journal_mode=WAL")
    made.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB)")
    with made:
        for _ in range(2000):
            made.execute("INSERT INTO t(b) VALUES(randomblob(8000))")
    stop, steps = threading.Event(), []

    def write() -> None:
        writer = apsw.Connection(str(source))
        writer.set_busy_timeout(20_000)
        while not stop.is_set():
            writer.execute("INSERT INTO t(b) VALUES(randomblob(10))")
        writer.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        sqlite.copy(source, tmp_path / "copy", lambda done, total: steps.append((done, total)))
    finally:
        stop.set()
        thread.join()
    # Each step went forwards: no writer made the copy begin again.
    assert [done for done, _ in steps] == sorted({done for done, _ in steps})
    assert len(steps) > 1
    assert sqlite.counts(tmp_path / "copy", {"rows": "t"})["rows"] >= 2000


def test_it_copies_whole_groups_of_a_journal_file(tmp_path: Path) -> None:
    reader = people.write(tmp_path / "journal", [people.sign() for _ in range(5)])
    (name,) = reader.files()
    journal.copy(reader.folder / name, tmp_path / name)
    assert journal.submissions(tmp_path / name) == 5
    with (reader.folder / name).open("ab") as file:
        file.write(b"\x8bgwj\r\n\x1a\xf2 the beginning of another group")
    journal.copy(reader.folder / name, tmp_path / "half.journal")
    assert b"another" not in (tmp_path / "half.journal").read_bytes()


def test_it_joins_lists_of_leavers(tmp_path: Path) -> None:
    target, newer = tmp_path / "leaving.log", tmp_path / "newer"
    target.write_bytes(b"erase 01 1\nerase 02 2\n")
    newer.write_bytes(b"erase 01 1\nerase 03 3\nerase 04")
    command.leavers_into(target, newer, tmp_path / "missing")
    assert target.read_bytes() == b"erase 01 1\nerase 02 2\nerase 03 3\n"
    assert target.stat().st_mode & 0o777 == 0o600


def test_it_refuses_another_account_than_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = env.read({"GROUNDSWELL_VAR": str(tmp_path)})
    place.must_be_ours(settings)
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    with pytest.raises(Trouble, match="run this as that account"):
        place.must_be_ours(settings)


def test_it_refuses_to_restore_under_a_running_core(tmp_path: Path) -> None:
    settings = env.read({"GROUNDSWELL_VAR": str(tmp_path)})
    with (tmp_path / "core.lock").open("w") as lock:
        place.must_be_still(settings)
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Trouble, match="stop intake, core and studio first"):
            place.must_be_still(settings)


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "a/../../outside"])
def test_it_unpacks_nothing_outside_its_folder(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo(name))
    with pytest.raises(Trouble, match="no backup of ours"):
        draft.unpack(tmp_path / "evil.tar", tmp_path / "media")
    assert [path.name for path in tmp_path.iterdir()] == ["evil.tar"]


def test_it_unpacks_no_link(tmp_path: Path) -> None:
    link = tarfile.TarInfo("link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.addfile(link)
    with pytest.raises(Trouble, match="no backup of ours"):
        draft.unpack(tmp_path / "evil.tar", tmp_path / "media")


def test_it_names_a_program_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Trouble, match="postgresql-client"):
        dump.program("pg_dump_of_nowhere")
