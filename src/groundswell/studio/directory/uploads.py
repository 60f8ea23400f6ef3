"""An uploaded file between its preview and its loading: kept on disk for a day at most.

It holds officials' details, no supporter's; one file for each session.
"""

import secrets
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest

from groundswell.base import clock, env
from groundswell.directory.importing import reading
from groundswell.directory.importing.draft import Draft

KEY: Final = "directory_import"
KEPT_SECONDS: Final = 24 * 3600


def keep(request: HttpRequest, *, data: bytes, file: str, source: str, licence: str) -> None:
    """Keep a file for this session, in the place of an earlier one."""
    drop(request)
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder)
    name = secrets.token_hex(16)
    path = folder / name
    path.touch(mode=0o600)
    path.write_bytes(data)
    request.session[KEY] = {"name": name, "file": file, "source": source, "licence": licence}


def draft(request: HttpRequest) -> Draft | None:
    """What the kept file comes to; None when there is none any more. Raises Trouble."""
    said = request.session.get(KEY)
    if not said:
        return None
    try:
        data = (_folder() / said["name"]).read_bytes()
    except OSError:
        drop(request)
        return None
    return reading.read(data, file=said["file"], source=said["source"], licence=said["licence"])


def drop(request: HttpRequest) -> None:
    """Forget this session's file."""
    said: Any = request.session.pop(KEY, None)
    if said:
        (_folder() / said["name"]).unlink(missing_ok=True)


def _folder() -> Path:
    return env.load().path("imports")


def _sweep(folder: Path) -> None:
    before = clock.now().timestamp() - KEPT_SECONDS
    for path in folder.iterdir():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
