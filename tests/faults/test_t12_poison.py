"""Poison stops nothing else: it is set aside, still sealed, and comes back when it is mended."""

from pathlib import Path

import pytest

from tests.faults.matrix import Fault
from tests.faults.t12_poison import POSTGRESQL, SQLITE

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("fault", [SQLITE, POSTGRESQL], ids=["sqlite", "postgresql"])
def test_it_stores_the_good_and_sets_the_bad_aside(tmp_path: Path, fault: Fault) -> None:
    outcome = fault.run(tmp_path, fault.short, 1)
    assert outcome.clean, outcome


def test_control_skipped_batches_would_be_seen(tmp_path: Path) -> None:
    (control,) = SQLITE.controls
    assert control.run(tmp_path, control.cycles, 2).lost
