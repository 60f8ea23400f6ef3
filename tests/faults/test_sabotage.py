"""Whoever breaks a guard of the first promise turns a test red."""

from pathlib import Path

import pytest

from tests.faults import disk_copied, disk_drained
from tests.faults.matrix import Control, Fault
from tests.faults.registry import FAULTS
from tests.faults.sabotage import SABOTAGES

ROWS = (disk_drained.FAULT, disk_copied.FAULT)


@pytest.mark.parametrize("slip", SABOTAGES)
def test_it_has_a_row_that_turns_red_for(slip: str) -> None:
    assert any(SABOTAGES[slip] in fault.controls for fault in FAULTS)


@pytest.mark.fault
@pytest.mark.parametrize("fault", ROWS, ids=lambda fault: fault.name)
def test_it_loses_nothing_that_is_deleted(tmp_path: Path, fault: Fault) -> None:
    outcome = fault.run(tmp_path, fault.short, 1)
    assert outcome.clean, outcome


@pytest.mark.fault
@pytest.mark.parametrize(
    "control", [one for fault in ROWS for one in fault.controls], ids=lambda control: control.guard
)
def test_control_it_would_with(tmp_path: Path, control: Control) -> None:
    outcome = control.run(tmp_path, control.cycles, 1)
    assert outcome.wrong, outcome
