"""What is left in the data folder: for whom, and for the next start."""

import stat
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.people import log_in, numbers, sign_by_script
from tests.journeys.test_faults import stored
from tests.support.stack import Stack, wait

# What the public door and a web server, under accounts of their own, must be able to read.
SHARED = ("keys/public", "site/generation", "site/public", "site/specs")
# Where anything may be open; the folder of the keys is only passed through.
PUBLIC = ("keys/public", "site")


def open_to_others(folder: Path) -> set[str]:
    """Whatever another account that may enter this folder could read, write or enter in it."""
    found = set()
    for path in folder.iterdir():
        if path.stat().st_mode & stat.S_IRWXO:
            found.add(path)
            # What lies in a closed folder is closed, whatever its own mode.
            found |= {path / name for name in open_to_others(path)} if path.is_dir() else set()
    return {str(path.relative_to(folder)) for path in found}


def test_it_keeps_data_and_password_when_the_demo_is_started_again(
    lonely: Stack, desk: Page
) -> None:
    answer = sign_by_script(lonely, email="before@example.org")
    wait(lambda: answer["id"] in stored(lonely), seconds=20, what="a row")
    wait(lambda: lonely.mails("before@example.org"), seconds=20, what="the mail")
    rows, password = stored(lonely), lonely.password
    pages = {path.name for path in (lonely.folder / "site/specs").iterdir()}
    lonely.stop()
    lonely.start("demo")
    assert f"organiser: demo {password}" in lonely.log[-20:]
    assert stored(lonely) == rows
    assert {path.name for path in (lonely.folder / "site/specs").iterdir()} == pages
    assert numbers(lonely)["collected"] >= 1
    assert lonely.mails("before@example.org")
    log_in(desk, lonely)


def test_it_closes_to_other_accounts_what_is_not_public(lonely: Stack) -> None:
    sign_by_script(lonely, email="shy@example.org")
    assert lonely.mail("shy@example.org")
    assert (lonely.folder / "db.sqlite3-wal").exists()
    found = open_to_others(lonely.folder)
    assert {name for name in found if not name.startswith(PUBLIC)} == {"keys"}
    for name in SHARED:
        for path in [lonely.folder / name, *(lonely.folder / name).rglob("*")]:
            assert str(path.relative_to(lonely.folder)) in found


def test_it_would_see_an_open_database(tmp_path: Path) -> None:
    (tmp_path / "db.sqlite3").touch(mode=0o644)
    (tmp_path / "keys").mkdir(mode=0o700)
    (tmp_path / "keys/seal.json").touch(mode=0o644)
    assert open_to_others(tmp_path) == {"db.sqlite3"}
