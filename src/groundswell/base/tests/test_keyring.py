"""Key files: who may read them, how they rotate, what a crash leaves."""

import os
from pathlib import Path
from typing import get_args

import pytest

from groundswell.base import keyring, passes
from groundswell.base.keyring import KeyFileError, Purpose
from groundswell.base.sealing import CannotOpen

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


def modes(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.stat().st_mode & 0o777 for path in folder.rglob("*")
    }


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_it_lets_nobody_else_read_a_private_key(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        keyring.init(tmp_path / "keys")
    finally:
        os.umask(before)
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o755
    found = modes(tmp_path / "keys")
    assert found.pop("public") == 0o755
    assert found.pop("public/seal.json") == found.pop("public/rehearsal.json") == 0o644
    assert found
    assert {name: mode for name, mode in found.items() if mode not in {0o600, 0o700}} == {}


def test_it_makes_each_key_once(tmp_path: Path) -> None:
    assert set(keyring.init(tmp_path)) == set(PURPOSES)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    assert keyring.init(tmp_path) == []
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*.json")}


def test_it_makes_what_is_missing_and_nothing_else(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    kept = (tmp_path / "data/data.json").read_bytes()
    (tmp_path / "core/link.json").unlink()
    assert keyring.init(tmp_path) == ["link"]
    assert (tmp_path / "data/data.json").read_bytes() == kept


def test_it_still_opens_what_an_older_key_sealed(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    group = keyring.sealing_key(tmp_path).seal(b"Suzie", info=b"i")
    field = keyring.field_cipher(tmp_path).seal(b"Suzie", context=b"c")
    for purpose in ("seal", "data"):
        keyring.rotate(tmp_path, purpose)
    assert keyring.opening_keys(tmp_path).open(group, info=b"i") == b"Suzie"
    assert keyring.field_cipher(tmp_path).open(field, context=b"c") == b"Suzie"


def test_it_seals_with_the_fresh_key_after_a_rotation(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    old = keyring.sealing_key(tmp_path).id
    fresh = keyring.rotate(tmp_path, "seal")
    assert keyring.sealing_key(tmp_path).id == bytes.fromhex(fresh.id) != old


def test_it_no_longer_opens_what_a_retired_key_sealed(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    field = keyring.field_cipher(tmp_path).seal(b"Suzie", context=b"c")
    keyring.rotate(tmp_path, "data")
    assert keyring.retire(tmp_path, "data") == 1
    with pytest.raises(CannotOpen):
        keyring.field_cipher(tmp_path).open(field, context=b"c")


def test_it_keeps_the_old_file_when_it_dies_while_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.init(tmp_path)
    before = keyring.load(tmp_path, "data")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", die)
        with pytest.raises(KeyboardInterrupt):
            keyring.rotate(tmp_path, "data")
    assert keyring.load(tmp_path, "data") == before
    assert len(keyring.rotate(tmp_path, "data").id) == 16


def test_it_mends_a_public_key_that_fell_behind(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    stale = (tmp_path / "public/seal.json").read_bytes()
    keyring.rotate(tmp_path, "seal")
    # As after a crash between the two files.
    (tmp_path / "public/seal.json").write_bytes(stale)
    keyring.init(tmp_path)
    assert keyring.sealing_key(tmp_path).id.hex() == keyring.load(tmp_path, "seal").keys[0].id


def test_it_checks_passes_with_the_public_half_alone(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    one = passes.Pass("run", 1)
    old = passes.sign(one, seed=keyring.secret(tmp_path, "rehearsal"))
    assert passes.read(old, public=keyring.rehearsal_public(tmp_path)) == one
    keyring.rotate(tmp_path, "rehearsal")
    assert passes.read(old, public=keyring.rehearsal_public(tmp_path)) is None


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "keys init"), (b"{", "cannot be read"), (b'{"purpose":"link","keys":[]}', "backup")],
)
def test_it_names_the_file_and_the_remedy(tmp_path: Path, content: bytes | None, said: str) -> None:
    keyring.init(tmp_path)
    file = tmp_path / "core/link.json"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    with pytest.raises(KeyFileError, match=said) as refused:
        keyring.secret(tmp_path, "link")
    assert str(file) in str(refused.value)


def test_it_refuses_a_private_key_that_everybody_may_read(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    file = tmp_path / "data/data.json"
    file.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        keyring.field_cipher(tmp_path)
    file.chmod(0o640)  # an operator may give it to a group, such as one for back-ups
    keyring.field_cipher(tmp_path)


def test_it_tells_a_lost_key_from_one_that_never_was(tmp_path: Path) -> None:
    assert keyring.lost(tmp_path) is None
    keyring.init(tmp_path)
    assert keyring.lost(tmp_path) is None
    (tmp_path / "data/data.json").unlink()
    assert keyring.lost(tmp_path) == tmp_path / "data/data.json"
