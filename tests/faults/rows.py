"""The two tests of a row in the matrix: its story holds, and would not without each guard."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.faults.matrix import Control, Fault


def both_tests(rows: Sequence[Fault]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """A test of the rows' short stories and one of all their controls, for a module to name."""
    controls = [one for fault in rows for one in fault.controls]

    @pytest.mark.fault
    @pytest.mark.parametrize("fault", rows, ids=lambda fault: fault.name)
    def holds(tmp_path: Path, fault: Fault) -> None:
        outcome = fault.run(tmp_path, fault.short, 1)
        assert outcome.clean, outcome

    @pytest.mark.fault
    @pytest.mark.parametrize("control", controls, ids=lambda control: control.guard)
    def would_not(tmp_path: Path, control: Control) -> None:
        outcome = control.run(tmp_path, control.cycles, 1)
        assert outcome.wrong, outcome

    return holds, would_not
