import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.base import env
from groundswell.base.errors import Trouble
from groundswell.ops import prepare


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def _settings(folder: Path) -> env.Settings:
    for name in prepare.CLOSED:
        (folder / name).mkdir()
    return env.read({"GROUNDSWELL_VAR": str(folder)})


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_closes_a_new_database_to_other_accounts(tmp_path: Path, open_umask: None) -> None:
    prepare.close_to_others(_settings(tmp_path))
    assert _mode(tmp_path / "db.sqlite3") == 0o600
    assert _mode(tmp_path / "media") == 0o700
    assert _mode(tmp_path / "export") == 0o700


def test_it_closes_the_database_of_an_earlier_version(tmp_path: Path, open_umask: None) -> None:
    file = tmp_path / "db.sqlite3"
    file.write_bytes(b"rows")
    assert _mode(file) == 0o644
    prepare.close_to_others(_settings(tmp_path))
    assert _mode(file) == 0o600
    assert file.read_bytes() == b"rows"


def test_it_makes_no_file_when_the_database_is_elsewhere(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    elsewhere = env.read(
        {"GROUNDSWELL_VAR": settings.var, "GROUNDSWELL_DATABASE": "postgresql://a@b/c"}
    )
    prepare.close_to_others(elsewhere)
    assert not (tmp_path / "db.sqlite3").exists()


def test_it_never_replaces_a_lost_key_unasked(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    prepare.make_keys(settings)
    data = tmp_path / "keys/data/data.json"
    data.unlink()
    with pytest.raises(Trouble, match="restore it from your backup"):
        prepare.make_keys(settings)
    assert not data.exists()
