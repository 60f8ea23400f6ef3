"""One core at a time: two would be safe (the cursor sees to that), but only get in their way."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

from groundswell.base import env
from groundswell.base.errors import Trouble

# "gwcore" as a number: the name of our place among PostgreSQL's advisory locks.
_PLACE: Final = 0x6777636F7265


@contextmanager
def alone() -> Iterator[None]:
    """Hold the one place for a core, in this data folder and in a PostgreSQL database.

    Raises Trouble when another holds it. Both locks go with the process, however that ends.
    """
    path = env.load().path("core.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Trouble(f"another core is running with {path.parent}: stop it first") from error
        with _alone_in_database():
            yield
    finally:
        os.close(descriptor)


@contextmanager
def _alone_in_database() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_PLACE])
        row = cursor.fetchone()
        if row is None or not row[0]:
            raise Trouble("another core is running with this database: stop it first")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_PLACE])
