"""When everybody comes at once nothing promised is lost, and whoever is refused is told so."""

from pathlib import Path

import pytest

from tests.faults.matrix import Fault
from tests.faults.t09_surge import FAULT, TOO_MUCH

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("fault", [FAULT, TOO_MUCH], ids=["fast disk", "slow disk"])
def test_it_loses_nothing_in_a_surge(tmp_path: Path, fault: Fault) -> None:
    outcome = fault.run(tmp_path, fault.short, 1)
    assert outcome.clean, outcome


def test_control_silent_drops_would_be_seen(tmp_path: Path) -> None:
    (control,) = TOO_MUCH.controls
    assert control.run(tmp_path, control.cycles, 2).lost
