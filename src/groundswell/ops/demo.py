"""`groundswell demo`: everything on this machine, with one invented campaign in two languages."""

import importlib
import os
from pathlib import Path
from typing import Final

from groundswell.base import env
from groundswell.ops import organisers, ports, prepare, up

NAME: Final = "demo"
PASSWORD_FILE: Final = "demo-organiser.txt"  # noqa: S105  a name, no password


def run() -> int:
    """Prepare what is missing, start everything, and say where it is. Keeps earlier data."""
    settings = env.load()
    ports.check(settings, sink=True)
    prepare.run()
    password = _organiser(settings.path(PASSWORD_FILE))
    if importlib.import_module("groundswell.ops.demo_content").load():
        print("Made and published the demo campaign.", flush=True)
    print("Starting…", flush=True)
    return up.run(sink=True, closing_lines=(f"organiser: {NAME} {password}",))


def _organiser(file: Path) -> str:
    """The demo organiser's password: random, made once, kept for the next start."""
    if file.exists():
        return file.read_text().strip()
    password = organisers.make(username=NAME, email="demo@example.org", role="administrator")
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(password + "\n")
    return password
