"""The journal's disk: every signature waits for it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from groundswell.base import space
from groundswell.ops.doctor.finding import Finding, Host

SUBJECT: Final = "disk"
SYNCS: Final = 50
SLOW_MS: Final = 20.0
WORST_MS: Final = 500.0
_BLOCK: Final = 4096
_NOT_LOCAL: Final = {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "glusterfs"}
_IN_MEMORY: Final = {"tmpfs", "ramfs"}
_MOUNTS: Final = Path("/proc/self/mountinfo")
_SWAPS: Final = Path("/proc/swaps")


def check(host: Host) -> Iterator[Finding]:
    """Fast, local, lasting, and with room."""
    folder = host.settings.path("journal")
    if not folder.is_dir():
        yield Finding("wrong", SUBJECT, f"{folder} is missing", "run `groundswell prepare`")
        return
    found = [*_place(host), *_room(host), *_swap()]
    try:
        taken = syncs(folder)
    except OSError as error:
        found.append(
            Finding(
                "wrong", SUBJECT, f"{folder} cannot be written: {error.strerror}",
                "run this as the account that runs intake, or give that account the folder",
            )
        )  # fmt: skip
        taken = []
    found += _speed(taken)
    yield from found
    if not any(one.level == "wrong" for one in found):
        yield Finding("ok", SUBJECT, f"a write is on the disk in {median(taken):.1f} ms")


def syncs(folder: Path) -> list[float]:
    """How many milliseconds each of some small durable writes took."""
    path, taken = folder / f".doctor-{os.getpid()}", []
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        for _ in range(SYNCS):
            began = time.perf_counter()
            os.write(descriptor, bytes(_BLOCK))
            os.fdatasync(descriptor)
            taken.append((time.perf_counter() - began) * 1000)
    finally:
        os.close(descriptor)
        path.unlink()
    return taken


def file_system(path: Path) -> str:
    """The kind of file system a path is on; empty where that cannot be told."""
    best, kind = "", ""
    for line in _MOUNTS.read_text().splitlines() if _MOUNTS.exists() else ():
        before, _, after = line.partition(" - ")
        mount = before.split()[4].replace("\\040", " ")
        if len(mount) >= len(best) and path.resolve().is_relative_to(mount):
            best, kind = mount, after.split()[0]
    return kind


def _speed(taken: list[float]) -> Iterator[Finding]:
    if not taken:
        return
    middle, worst = median(taken), max(taken)
    said = f"a durable write takes {middle:.1f} ms, at worst {worst:.0f} ms"
    if middle > SLOW_MS:
        yield Finding(
            "wrong", SUBJECT, f"the journal's disk is slow: {said}",
            "put the data folder on an SSD of this machine: visitors wait for these writes",
        )  # fmt: skip
    elif worst > WORST_MS:
        yield Finding(
            "note", SUBJECT, f"the journal's disk stalls: {said}",
            "look for what else writes much to this disk at times",
        )  # fmt: skip


def _place(host: Host) -> Iterator[Finding]:
    folder = host.settings.path("journal")
    kind = file_system(folder)
    if kind in _IN_MEMORY:
        yield Finding(
            "wrong", SUBJECT, f"{folder} is in memory ({kind}): gone at the next start",
            "move the data folder to a disk",
        )  # fmt: skip
    elif kind in _NOT_LOCAL:
        yield Finding(
            "wrong", SUBJECT, f"{folder} is on a network file system ({kind})",
            "move the data folder to a disk of this machine: locks and fsync need one",
        )  # fmt: skip
    elif kind == "overlay":
        yield Finding(
            "note", SUBJECT, f"{folder} is in a container's own layer, and goes with it",
            "mount a volume there",
        )  # fmt: skip


def _room(host: Host) -> Iterator[Finding]:
    room = space.room(host.settings)
    if room.is_low:
        yield Finding(
            "wrong", SUBJECT,
            f"{room.free} MiB are left; below {room.reserve} intake refuses signatures",
            "make room",
        )  # fmt: skip


def _swap() -> Iterator[Finding]:
    if _SWAPS.exists() and len(_SWAPS.read_text().splitlines()) > 1:
        yield Finding(
            "note", SUBJECT, "swap is on: what visitors type could be written to it in the clear",
            "encrypt the swap, or `swapoff -a`",
        )  # fmt: skip
