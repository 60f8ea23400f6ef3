"""The studio's HTTP server."""

from granian import Granian
from granian.constants import Interfaces

from groundswell.base import env

THREADS = 8


def run(settings: env.Settings) -> None:
    """Serve the studio until told to stop. One process: login limits are counted in its memory."""
    Granian(
        "groundswell.studio.wsgi:application",
        address=settings.host,
        port=settings.studio_port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_access=False,
    ).serve()
