"""Processes stop, die and run out of descriptors; what was acknowledged stays."""

from pathlib import Path

import pytest

from tests.faults.matrix import Fault
from tests.faults.t13_starved import NO_DESCRIPTORS, STOPPED

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("fault", [STOPPED, NO_DESCRIPTORS], ids=["stopped", "descriptors"])
def test_it_loses_nothing_when_processes_starve(tmp_path: Path, fault: Fault) -> None:
    outcome = fault.run(tmp_path, fault.short, 1)
    assert outcome.clean, outcome


def test_control_carelessness_without_descriptors_would_be_seen(tmp_path: Path) -> None:
    (control,) = NO_DESCRIPTORS.controls
    assert control.run(tmp_path, control.cycles, 2).lost
