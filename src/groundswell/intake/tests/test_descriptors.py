"""More connections than files: the door stops accepting before it runs out, and comes back."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.intake import server
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import GOOD, PATH, Intake

FILES = 160
LIMIT = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({FILES}, {FILES}))\n"
NO_GUARD = "from groundswell.intake import server; server._connections = lambda files: 16_384\n"


def used(door: Intake) -> int:
    """Open files of the worker."""
    assert door.process is not None
    main = door.process.pid
    worker = Path(f"/proc/{main}/task/{main}/children").read_text().split()[-1]
    return len(list(Path(f"/proc/{worker}/fd").iterdir()))


@contextlib.contextmanager
def stalled(door: Intake, count: int) -> Iterator[None]:
    """Clients that begin a request and say no more."""
    with contextlib.ExitStack() as links:
        for _ in range(count):
            link = links.enter_context(socket.create_connection(("127.0.0.1", door.port), 20))
            link.sendall(b"GET / HTTP/1.1\r\nHost")
        yield


def test_it_keeps_files_for_itself_and_comes_back(tmp_path: Path) -> None:
    folder = site.make_folder(tmp_path)
    with site.intake(folder, program=LIMIT + Intake.program) as door:
        before = used(door)
        with stalled(door, 2 * FILES):
            site.wait_until(lambda: used(door) >= FILES - server.OWN_FILES, seconds=20)
            assert used(door) < FILES
        site.wait_until(lambda: used(door) <= before + 5, seconds=20)
        assert door.form(GOOD).status == 303
        assert door.get(PATH).status == 200
        assert len(door.stored()) == 1


def test_control_without_the_guard_all_files_go(tmp_path: Path) -> None:
    folder = site.make_folder(tmp_path)
    with (
        site.intake(folder, program=LIMIT + NO_GUARD + Intake.program) as door,
        stalled(door, 2 * FILES),
    ):
        site.wait_until(lambda: used(door) >= FILES - 1, seconds=20)


@pytest.mark.parametrize(
    ("files", "connections"),
    [(-1, 16_384), (1 << 20, 16_384), (1024, 1024 - server.OWN_FILES), (10, 1)],
)
def test_it_leaves_room_for_its_own_files(files: int, connections: int) -> None:
    assert server._connections(files) == connections
