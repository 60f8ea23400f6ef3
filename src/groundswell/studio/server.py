"""The studio's HTTP server."""

import os
from typing import Final

from granian import Granian
from granian.constants import Interfaces

from groundswell.base import env

# Granian warns of more, on every start; fewer organisers than that ask at the same moment.
THREADS: Final = min(8, 2 * (os.cpu_count() or 1) + 1)


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
