"""The nginx front that we ship in deploy/nginx, to be compared with plain nginx."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.loads import Target


@contextmanager
def shipped(folder: Path, door_port: int) -> Iterator[Mapping[str, Target]]:
    """The front's targets by name; none where deploy/nginx is not there."""
    yield {}
