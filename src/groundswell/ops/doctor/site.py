"""The published files: readable, complete, and as new as the database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from groundswell.base import wire
from groundswell.ops.doctor.finding import Finding, Host

SUBJECT: Final = "published files"
MEND: Final = "run `groundswell publish`"


def check(host: Host) -> Iterator[Finding]:
    """Every form can be read by this version, and the folder is whole."""
    folder = host.settings.path("site")
    specs = sorted((folder / "specs").glob("*.json"))
    found = [finding for path in specs for finding in _spec(path)]
    wanted = ["generation", "manifest.json"] if host.has("core", "studio") else ["generation"]
    missing = [folder / name for name in wanted if not (folder / name).exists()]
    found += [Finding("wrong", SUBJECT, f"{path} is missing", MEND) for path in missing]
    yield from found or [Finding("ok", SUBJECT, f"{len(specs)} forms are published")]


def _spec(path: Path) -> Iterator[Finding]:
    try:
        spec = wire.decode_spec(path.read_bytes())
    except (OSError, msgspec.MsgspecError) as error:
        yield Finding("wrong", SUBJECT, f"{path} cannot be read: {type(error).__name__}", MEND)
        return
    if spec.format > wire.SPEC_FORMAT:
        text = f"{path} was published by a newer version than this"
        yield Finding("wrong", SUBJECT, text, "bring this host up to that version")
    elif spec.format < wire.SPEC_FORMAT:
        yield Finding("wrong", SUBJECT, f"{path} was published by a much older version", MEND)
