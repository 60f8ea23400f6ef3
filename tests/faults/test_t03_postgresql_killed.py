"""PostgreSQL dies in the middle of a drain: core comes back to it, and nothing is missing."""

from pathlib import Path

import pytest

from tests.faults.matrix import Fault
from tests.faults.t03_postgresql_killed import CARELESS_SERVER, FAULT

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("fault", [FAULT, CARELESS_SERVER], ids=["as it comes", "careless"])
def test_it_loses_nothing_when_postgresql_is_killed(tmp_path: Path, fault: Fault) -> None:
    outcome = fault.run(tmp_path, fault.short, 1)
    assert outcome.clean, outcome


def test_control_late_commits_would_be_seen(tmp_path: Path) -> None:
    (control,) = CARELESS_SERVER.controls
    assert control.run(tmp_path, control.cycles, 2).wrong
