"""Watched from outside: no answer leaves before the kernel has confirmed the group it speaks of."""

import shutil
from pathlib import Path

import pytest

from tests.faults.matrix import Control
from tests.faults.t15_order import FAULT

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(not shutil.which("strace"), reason="apt install strace"),
]


def test_it_answers_only_after_the_kernel_has_confirmed(tmp_path: Path) -> None:
    outcome = FAULT.run(tmp_path, FAULT.short, 1)
    assert outcome.clean, outcome
    assert outcome.note[-16:] != "the largest of 1", outcome.note


@pytest.mark.parametrize("control", FAULT.controls, ids=lambda control: control.guard)
def test_control_it_would_answer_early_without(tmp_path: Path, control: Control) -> None:
    outcome = control.run(tmp_path, control.cycles, 1)
    assert outcome.lost >= control.cycles // 2, outcome
