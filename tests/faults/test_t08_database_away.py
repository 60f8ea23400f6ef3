"""The public door does not notice that the database is away, and core catches up."""

from pathlib import Path

import pytest

from tests.faults.t08_database_away import FAULT

pytestmark = pytest.mark.fault


def test_it_acknowledges_and_keeps_while_the_database_is_away(tmp_path: Path) -> None:
    outcome = FAULT.run(tmp_path, FAULT.short, 1)
    assert outcome.clean, outcome


def test_control_an_ignored_outage_would_be_seen(tmp_path: Path) -> None:
    (control,) = FAULT.controls
    assert control.run(tmp_path, control.cycles, 2).lost
