"""Each visit of a flood is in the sums once, whatever is killed and whatever the disk says."""

from pathlib import Path

import pytest

from tests.faults.matrix import Control, Fault
from tests.faults.t16_visits import FAULT, POSTGRESQL

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("fault", [FAULT, POSTGRESQL], ids=["sqlite", "postgresql"])
def test_it_counts_each_visit_of_a_flood_once(tmp_path: Path, fault: Fault) -> None:
    outcome = fault.run(tmp_path, fault.short, 1)
    assert outcome.clean, outcome


@pytest.mark.parametrize("control", FAULT.controls, ids=lambda control: control.guard)
def test_control_it_would_be_seen(tmp_path: Path, control: Control) -> None:
    assert control.run(tmp_path, control.cycles, 2).wrong
