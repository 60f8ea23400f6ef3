"""Flipped bits, spoilt stretches, lost tails: all that can be read is read, all else is named."""

from pathlib import Path

import pytest

from tests.faults import t07_bits, t07_tails
from tests.faults.matrix import Control, Fault

ROWS = (
    t07_bits.FAULT,
    t07_bits.BURSTS,
    t07_tails.FAULT,
)


@pytest.mark.fault
@pytest.mark.parametrize("fault", ROWS, ids=lambda fault: fault.name)
def test_it_keeps_what_it_acknowledged(tmp_path: Path, fault: Fault) -> None:
    outcome = fault.run(tmp_path, fault.short, 1)
    assert outcome.clean, outcome


@pytest.mark.fault
@pytest.mark.parametrize(
    "control", [one for fault in ROWS for one in fault.controls], ids=lambda control: control.guard
)
def test_control_it_would_not_without(tmp_path: Path, control: Control) -> None:
    outcome = control.run(tmp_path, control.cycles, 1)
    assert outcome.wrong, outcome
