"""The three processes, each as one command."""

import importlib

from granian.constants import Interfaces
from granian.server import Server

from groundswell.base import env
from groundswell.ops.supervisor import READY


def intake() -> None:
    """The public door. Imports no Django."""
    importlib.import_module("groundswell.intake.serve").main()


def core() -> None:
    """The loops: drain, mail, counts."""
    from groundswell.ops import django  # noqa: PLC0415  only here: intake must not load it

    django.prepared()
    loops = importlib.import_module("groundswell.core")
    print(READY, flush=True)
    loops.main()


def studio() -> None:
    """The organisers' web. Threads, because its work is waiting for the database."""
    from groundswell.ops import django  # noqa: PLC0415

    django.prepared()
    settings = env.load()
    Server(
        "groundswell.studio.wsgi:application",
        address=settings.host,
        port=settings.studio_port,
        interface=Interfaces.WSGI,
        blocking_threads=8,
        respawn_failed_workers=True,
    ).serve()
