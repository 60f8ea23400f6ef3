"""All keys of an installation in one file, sealed with a passphrase: `groundswell backup keys`.

The file is JSON: how the passphrase becomes a key (scrypt), and the key files under AES-256-GCM.
"""

import getpass
import os
import sys
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from groundswell.base import env, modes
from groundswell.base.errors import Trouble
from groundswell.ops.backup import draft

SHORTEST: Final = 12
# 128 MiB and a good part of a second for each guess.
_COST: Final = 1 << 17
_ABOUT: Final = b"groundswell/keys/v1"
_KNOWN: Final = ("core/seal.json", "core/link.json", "data/data.json", "data/index.json",
                 "studio/session.json", "public/seal.json")  # fmt: skip


class Sealed(msgspec.Struct, frozen=True):
    """The file. `salt`, `nonce` and `sealed` are base64."""

    salt: str
    nonce: str
    sealed: str
    cost: int = _COST
    format: int = 1


def save(*, file: str, passphrase: str) -> None:
    """Seal the keys into a new file. `passphrase` names a file that holds it; empty asks for it."""
    target = Path(file)
    folder = env.load().path("keys")
    found = {name: (folder / name).read_bytes() for name in _KNOWN if (folder / name).exists()}
    if not found:
        raise Trouble(f"there are no keys in {folder}")
    secret = _passphrase(passphrase, twice=True)
    salt, nonce = os.urandom(16), os.urandom(12)
    plain = msgspec.json.encode({name: _text(raw) for name, raw in found.items()})
    sealed = AESGCM(_key(secret, salt, _COST)).encrypt(nonce, plain, _ABOUT)
    box = Sealed(_text(salt), _text(nonce), _text(sealed))
    _write_new(target, msgspec.json.format(msgspec.json.encode(box)))
    print(f"{len(found)} key files are sealed in {target}. Keep it apart from the backups, and the")
    print("passphrase apart from both: all three together read everything.")


def restore(*, file: str, passphrase: str) -> None:
    """Put the keys of such a file where an installation has none."""
    put_back(Path(file), env.load().path("keys"), passphrase)
    print(f"The keys are back in {env.load().path('keys')}.")


def put_back(file: Path, folder: Path, passphrase: str) -> None:
    """Write the key files of a sealed file into a folder. Raises Trouble, as when others are there.

    Nothing is written before all of it has opened.
    """
    for name, raw in opened(file, passphrase).items():
        _put(folder / name, raw)


def opened(file: Path, passphrase: str) -> dict[str, bytes]:
    """The key files in a sealed file. Raises Trouble."""
    try:
        box = msgspec.json.decode(file.read_bytes(), type=Sealed)
    except (OSError, msgspec.MsgspecError) as error:
        raise Trouble(f"{file} cannot be read as sealed keys: {error}") from error
    key = _key(_passphrase(passphrase, twice=False), b64decode(box.salt), min(box.cost, 1 << 20))
    try:
        plain = AESGCM(key).decrypt(b64decode(box.nonce), b64decode(box.sealed), _ABOUT)
    except InvalidTag as error:
        raise Trouble(
            f"{file} does not open: the passphrase is another, or it is damaged"
        ) from error
    found = msgspec.json.decode(plain, type=dict[str, str])
    return {name: b64decode(raw) for name, raw in found.items() if name in _KNOWN}


def _put(path: Path, raw: bytes) -> None:
    if path.exists():
        if path.read_bytes() == raw:
            return
        raise Trouble(f"{path} is there and is another key: move it away first, or keep it")
    shared = path.parent.name == "public"
    modes.make_shared_folder(path.parent.parent)
    path.parent.mkdir(exist_ok=True)
    path.parent.chmod(modes.SHARED_FOLDER if shared else 0o700)
    _write_new(path, raw)
    path.chmod(modes.SHARED_FILE if shared else 0o600)


def _write_new(path: Path, raw: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Trouble(f"{path} is there already; nothing was overwritten") from error
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror}") from error
    with os.fdopen(descriptor, "wb") as out:
        out.write(raw)
        out.flush()
        os.fsync(out.fileno())
    draft.sync(path.parent)


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()


def _key(secret: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(secret.encode())


def _passphrase(file: str, *, twice: bool) -> str:
    if file:
        try:
            secret = Path(file).read_text().strip()
        except OSError as error:
            raise Trouble(f"{file} cannot be read: {error.strerror}") from error
    elif sys.stdin.isatty():
        secret = getpass.getpass("Passphrase: ")
        if twice and getpass.getpass("Once more: ") != secret:
            raise Trouble("the two are not the same; nothing was written")
    else:
        raise Trouble("there is no terminal to ask at: name a file with --passphrase")
    if twice and len(secret) < SHORTEST:
        raise Trouble(f"a passphrase of fewer than {SHORTEST} characters is soon guessed")
    return secret
