"""Key files: who may read which, and how they rotate.

    keys/public/seal.json   the public sealing key        intake
    keys/core/seal.json     the private sealing keys      core
    keys/core/link.json     for the links in our mails    core
    keys/data/data.json     for personal data at rest     core and studio
    keys/data/index.json    for the blind index           core and studio
    keys/studio/session.json  Django's secret             studio (and core, which runs Django)
    keys/operator/rehearsal.json  signs rehearsals' passes  whoever runs `groundswell rehearse`
    keys/public/rehearsal.json    checks them               intake

Each file lists its keys, the current one first. Folders and private files are closed to others.
"""

import base64
import os
import stat
from pathlib import Path
from typing import Final, Literal

import msgspec

from groundswell.base import clock, modes, passes, sealing

Purpose = Literal["seal", "link", "data", "index", "session", "rehearsal"]
_FOLDERS: Final[dict[Purpose, str]] = {
    "seal": "core",
    "link": "core",
    "data": "data",
    "index": "data",
    "session": "studio",
    "rehearsal": "operator",
}
# A fresh one in their place would shut out the journal, the names, the memory of who has signed.
_IRREPLACEABLE: Final[tuple[Purpose, ...]] = ("seal", "data", "index")


class KeyFileError(Exception):
    """A key file is missing, unreadable or damaged. The message names the file and the remedy."""


class StoredKey(msgspec.Struct, frozen=True):
    """One key of a key file. `key` is base64 of the raw bytes."""

    id: str
    made: str
    key: str

    def raw(self) -> bytes:
        return base64.b64decode(self.key)


class KeyFile(msgspec.Struct, frozen=True):
    """A key file: `keys` is never empty and its first is the current one."""

    purpose: str
    keys: list[StoredKey]
    format: int = 1


def init(folder: Path) -> list[Purpose]:
    """Make whatever key is missing, touch none that is there; returns the purposes made."""
    made = [purpose for purpose in _FOLDERS if not _path(folder, purpose).exists()]
    for purpose in made:
        _write(_path(folder, purpose), KeyFile(purpose, [_fresh(purpose)]))
    _publish_sealing_key(folder)
    _publish_rehearsal_key(folder)
    return made


def lost(folder: Path) -> Path | None:
    """A key file that is gone though others are there, and without which stored data stays shut."""
    if not any(_path(folder, purpose).exists() for purpose in _FOLDERS):
        return None
    needed = (_path(folder, purpose) for purpose in _IRREPLACEABLE)
    return next((path for path in needed if not path.exists()), None)


def rotate(folder: Path, purpose: Purpose) -> StoredKey:
    """Put a fresh key first and keep the old ones, so that what they sealed still opens."""
    old = load(folder, purpose)
    fresh = _fresh(purpose)
    _write(_path(folder, purpose), KeyFile(purpose, [fresh, *old.keys]))
    if purpose == "seal":
        _publish_sealing_key(folder)
    elif purpose == "rehearsal":
        _publish_rehearsal_key(folder)
    return fresh


def retire(folder: Path, purpose: Purpose) -> int:
    """Forget all keys but the current one; returns how many went. Re-seal before you call this."""
    old = load(folder, purpose)
    _write(_path(folder, purpose), KeyFile(purpose, old.keys[:1]))
    return len(old.keys) - 1


def load(folder: Path, purpose: Purpose) -> KeyFile:
    """A key file. Raises KeyFileError."""
    return _read(_path(folder, purpose))


def sealing_key(folder: Path) -> sealing.SealingKey:
    """The public key intake seals with. Raises KeyFileError."""
    return sealing.SealingKey(_read(folder / "public" / "seal.json").keys[0].raw())


def opening_keys(folder: Path) -> sealing.OpeningKeys:
    """Core's private sealing keys. Raises KeyFileError."""
    return sealing.OpeningKeys([sealing.OpeningKey(k.raw()) for k in load(folder, "seal").keys])


def field_cipher(folder: Path) -> sealing.FieldCipher:
    """The cipher for personal data at rest. Raises KeyFileError."""
    keys = load(folder, "data").keys
    return sealing.FieldCipher(
        {bytes.fromhex(k.id): k.raw() for k in keys}, current=bytes.fromhex(keys[0].id)
    )


def rehearsal_public(folder: Path) -> bytes:
    """What intake checks the passes of rehearsals with. Raises KeyFileError."""
    return _read(folder / "public" / "rehearsal.json").keys[0].raw()


def secret(folder: Path, purpose: Literal["link", "index", "session", "rehearsal"]) -> bytes:
    """The current 32-byte secret for a purpose. Raises KeyFileError."""
    return load(folder, purpose).keys[0].raw()


def _path(folder: Path, purpose: Purpose) -> Path:
    return folder / _FOLDERS[purpose] / f"{purpose}.json"


def _fresh(purpose: Purpose) -> StoredKey:
    if purpose == "seal":
        pair = sealing.OpeningKey.generate()
        return _stored(pair.id, pair.seed)
    return _stored(os.urandom(sealing.KEY_ID_BYTES), os.urandom(32))


def _stored(name: bytes, raw: bytes) -> StoredKey:
    return StoredKey(name.hex(), clock.now().isoformat(), base64.b64encode(raw).decode())


def _publish_sealing_key(folder: Path) -> None:
    current = load(folder, "seal").keys[0]
    pair = sealing.OpeningKey(current.raw())
    public = StoredKey(current.id, current.made, base64.b64encode(pair.public).decode())
    _write(
        folder / "public" / "seal.json", KeyFile("seal-public", [public]), mode=modes.SHARED_FILE
    )


def _publish_rehearsal_key(folder: Path) -> None:
    current = load(folder, "rehearsal").keys[0]
    half = base64.b64encode(passes.public_half(current.raw())).decode()
    public = KeyFile("rehearsal-public", [StoredKey(current.id, current.made, half)])
    _write(folder / "public" / "rehearsal.json", public, mode=modes.SHARED_FILE)


def _read(path: Path) -> KeyFile:
    try:
        _check_closed(path)
        file = msgspec.json.decode(path.read_bytes(), type=KeyFile)
    except FileNotFoundError as error:
        raise KeyFileError(
            f"{path} is missing: restore it from your backup, or, when nothing has been stored "
            "yet, run `groundswell keys init`"
        ) from error
    except (OSError, msgspec.DecodeError) as error:
        raise KeyFileError(
            f"{path} cannot be read ({error}): restore it from your backup"
        ) from error
    if not file.keys:
        raise KeyFileError(f"{path} holds no key: restore it from your backup")
    return file


def _check_closed(path: Path) -> None:
    """Raises KeyFileError when every account of the machine may read a private key."""
    if path.parent.name != "public" and path.stat().st_mode & stat.S_IROTH:
        raise KeyFileError(f"{path} may be read by everybody: run `chmod 600 {path}`")


def _write(path: Path, file: KeyFile, *, mode: int = 0o600) -> None:
    if mode == modes.SHARED_FILE:
        modes.make_shared_folder(path.parent)
    else:
        modes.make_shared_folder(path.parent.parent)
        path.parent.mkdir(exist_ok=True, mode=0o700)
    draft = path.with_suffix(".new")
    # A key that exists only in the page cache would be lost with everything sealed under it.
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as out:
        os.fchmod(descriptor, mode)
        out.write(msgspec.json.format(msgspec.json.encode(file), indent=1))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
