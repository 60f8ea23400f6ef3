"""Watched from outside: no answer leaves before the kernel has confirmed the write it speaks of."""

import os
import re
import shutil
import signal
from pathlib import Path

import pytest

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import Intake, api_body

NO_FSYNC = """
from groundswell.intake import journal_files
prepare = journal_files.SqliteFile._prepare
def carelessly(self):
    prepare(self)
    self._connection.execute("PRAGMA synchronous=OFF")
journal_files.SqliteFile._prepare = carelessly
from groundswell.base import env
from groundswell.intake import server
server.run(env.load())
"""
SENT = 20
CALLS = "fsync,fdatasync,write,writev,sendto,sendmsg"


def early_answers(folder: Path, *, program: str = "") -> int:
    """How many of the answers that promise storage had no finished fsync of a journal before."""
    site.make_folder(folder)
    trace = folder / "trace"
    door = Intake(folder, program=program)
    watch = ["strace", "-f", "-y", "-s", "40", "-e", f"trace={CALLS}", "-o", str(trace)]
    try:
        door.start(wrapper=watch)
        for _ in range(SENT):
            assert door.api(api_body()).status == 202
        assert door.process is not None
        os.killpg(door.process.pid, signal.SIGTERM)
        door.process.wait(20)
    finally:
        door.close()
    early = answers = 0
    synced = False
    for line in trace.read_text(errors="replace").splitlines():
        if re.search(r"sync(\(\d+<.*\.journal-wal>| resumed>).*= 0$", line):
            synced = True
        elif "HTTP/1.1 202" in line:
            answers += 1
            early += not synced
            synced = False
    assert answers == SENT
    return early


@pytest.mark.fault
@pytest.mark.skipif(not shutil.which("strace"), reason="apt install strace")
def test_it_answers_only_after_the_kernel_has_confirmed(tmp_path: Path) -> None:
    assert early_answers(tmp_path) == 0


@pytest.mark.fault
@pytest.mark.skipif(not shutil.which("strace"), reason="apt install strace")
def test_control_without_fsync_every_answer_is_early(tmp_path: Path) -> None:
    assert early_answers(tmp_path, program=NO_FSYNC) >= SENT - 1
