"""Keys, and what each account of this machine can read."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

from groundswell.base import keyring, sealing
from groundswell.base.env import Settings
from groundswell.ops.doctor.finding import Finding, Host, setting

SUBJECT: Final = "keys and accounts"
# The door's group is core's group: what the group may read, the door may read.
_PRIVATE: Final = ("keys/core", "keys/data", "keys/studio", "db.sqlite3", "media", "export",
                   "leaving.log")  # fmt: skip
_PRIVATE_KEYS: Final = ("core", "data", "studio")
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_SECRET_SETTINGS: Final = ("database", "smtp_password")


def check(host: Host) -> Iterator[Finding]:
    """Each process has its keys, and no account more than it needs."""
    found = [*_public(host), *_open_to_others(host), *_folder(host)]
    found += _private(host) if host.has("core", "studio") else _too_much(host)
    # A public key that is missing is found once as such and once as half of a pair.
    yield from dict.fromkeys(found) or [
        Finding("ok", SUBJECT, "the keys are there, fit and are closed to others")
    ]


def holds_private_keys(settings: Settings) -> bool:
    """Whether this account can read any key that the public door must not have."""
    return any(_is_readable(settings.path("keys", name)) for name in _PRIVATE_KEYS)


def _public(host: Host) -> Iterator[Finding]:
    try:
        keyring.sealing_key(host.settings.path("keys"))
    except keyring.KeyFileError as error:
        yield _broken(error)


def _private(host: Host) -> Iterator[Finding]:
    folder = host.settings.path("keys")
    try:
        for purpose in get_args(keyring.Purpose):
            keyring.load(folder, purpose)
        pair = sealing.OpeningKey(keyring.load(folder, "seal").keys[0].raw())
        if keyring.sealing_key(folder).id != pair.id:
            yield Finding(
                "wrong",
                SUBJECT,
                f"{folder / 'public/seal.json'} is not the public half of the private key",
                "run `groundswell keys init`: until then core cannot open what comes in",
            )
    except keyring.KeyFileError as error:
        yield _broken(error)


def _broken(error: keyring.KeyFileError) -> Finding:
    what, _, remedy = str(error).partition(": ")
    return Finding("wrong", SUBJECT, what, remedy)


def _open_to_others(host: Host) -> Iterator[Finding]:
    folder = host.settings.path()
    for top in _PRIVATE:
        for path in _with_content(folder / top):
            if not path.is_symlink() and path.stat().st_mode & _OTHERS:
                yield Finding(
                    "wrong",
                    SUBJECT,
                    f"{path} may be used by other accounts, the public door's among them",
                    f"run `chmod -R go= {folder / top}`",
                )
                break


def _with_content(top: Path) -> list[Path]:
    """A file or folder and, of a folder of keys, what is in it; nothing where it is missing."""
    if not top.exists():
        return []
    if top.parent.name != "keys" or not os.access(top, os.R_OK):
        return [top]
    return [top, *sorted(top.iterdir())]


def _folder(host: Host) -> Iterator[Finding]:
    folder = host.settings.path()
    if folder.exists() and folder.stat().st_mode & stat.S_IWOTH:
        yield Finding(
            "wrong", SUBJECT, f"{folder} may be written by everybody", f"run `chmod o-w {folder}`"
        )


def _too_much(host: Host) -> Iterator[Finding]:
    """A break-in at the door finds nobody only if nothing that opens anything lies there."""
    for name in _PRIVATE_KEYS:
        folder = host.settings.path("keys", name)
        if _is_readable(folder):
            yield Finding(
                "wrong",
                SUBJECT,
                f"{folder} can be read where only the public door should run",
                "move the private keys to core's host, or run this as the door's account",
            )
    for name in _SECRET_SETTINGS:
        if getattr(host.settings, name) not in {"", "sqlite"}:
            yield Finding(
                "wrong",
                SUBJECT,
                f"{setting(name)} is set where only the public door should run",
                "take it out of this host's environment: intake has no use for it",
            )


def _is_readable(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except (FileNotFoundError, PermissionError):
        return False
