"""T14, and that it would see a backup in the wrong order or without its list of leavers."""

from pathlib import Path

import pytest

from tests.faults import t14_restore as t14

pytestmark = pytest.mark.fault


def test_it_brings_back_what_was_promised_and_nobody_who_left(tmp_path: Path) -> None:
    outcome = t14.story(tmp_path, t14.FAULT.short, 14)
    assert outcome.clean, outcome


def test_it_would_see_a_gap_in_the_backup_and_who_came_back(tmp_path: Path) -> None:
    outcome = t14.unguarded(tmp_path, 1, 14)
    assert outcome.lost >= 25, outcome
    assert outcome.invented, outcome
