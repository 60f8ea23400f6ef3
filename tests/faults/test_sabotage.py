"""Whoever breaks a guard of the first promise turns a test red."""

from pathlib import Path

import pytest

from tests.faults.disk_drained import FAULT
from tests.faults.matrix import Control
from tests.faults.registry import FAULTS
from tests.faults.sabotage import SABOTAGES


@pytest.mark.parametrize("slip", SABOTAGES)
def test_it_has_a_row_that_turns_red_for(slip: str) -> None:
    assert any(SABOTAGES[slip] in fault.controls for fault in FAULTS)


@pytest.mark.fault
def test_it_loses_nothing_that_is_deleted_beside_its_writer(tmp_path: Path) -> None:
    outcome = FAULT.run(tmp_path, FAULT.short, 1)
    assert outcome.clean, outcome


@pytest.mark.fault
@pytest.mark.parametrize("control", FAULT.controls, ids=lambda control: control.guard)
def test_control_it_would_with(tmp_path: Path, control: Control) -> None:
    outcome = control.run(tmp_path, control.cycles, 1)
    assert outcome.wrong, outcome
