"""Whoever is cut off and sends the same again is there once, under the same id."""

from pathlib import Path

import pytest

from tests.faults.t10_connections_cut import FAULT

pytestmark = pytest.mark.fault


def test_it_keeps_one_of_what_was_sent_over_broken_connections(tmp_path: Path) -> None:
    outcome = FAULT.run(tmp_path, FAULT.short, 1)
    assert outcome.clean, outcome
    assert outcome.acked == FAULT.short


def test_control_new_keys_would_be_seen(tmp_path: Path) -> None:
    (control,) = FAULT.controls
    assert control.run(tmp_path, control.cycles, 2).duplicated
