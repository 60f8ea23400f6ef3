"""Watched from outside: core deletes from the journal only what its database has on the disk."""

import shutil
from pathlib import Path

import pytest

from tests.faults.t15_rows import FAULT

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(not shutil.which("strace"), reason="apt install strace"),
]


def test_it_deletes_only_what_is_on_the_disk_elsewhere(tmp_path: Path) -> None:
    outcome = FAULT.run(tmp_path, FAULT.short, 1)
    assert outcome.clean, outcome


def test_control_it_would_delete_too_early_without(tmp_path: Path) -> None:
    (control,) = FAULT.controls
    outcome = control.run(tmp_path, control.cycles, 1)
    assert outcome.lost == control.cycles, outcome
