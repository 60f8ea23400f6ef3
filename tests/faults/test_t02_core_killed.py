"""kill -9 in the middle of a transaction loses nothing and doubles nothing."""

from pathlib import Path

import pytest

from tests.faults.matrix import Control, Fault
from tests.faults.t02_core_killed import POSTGRESQL, SQLITE

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("fault", [SQLITE, POSTGRESQL], ids=["sqlite", "postgresql"])
def test_it_loses_and_doubles_nothing_when_core_is_killed(tmp_path: Path, fault: Fault) -> None:
    outcome = fault.run(tmp_path, fault.short, 1)
    assert outcome.clean, outcome


@pytest.mark.parametrize("control", SQLITE.controls, ids=lambda control: control.guard)
def test_control_it_would_be_seen(tmp_path: Path, control: Control) -> None:
    assert control.run(tmp_path, control.cycles, 2).wrong
