"""An ordinary visitor is served beside floods and clients that hold on; nobody is lost."""

from pathlib import Path

import pytest

from tests.faults.matrix import Fault
from tests.faults.t09_overload import FLOODED, HELD

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("fault", [FLOODED, HELD], ids=["flooded", "held"])
def test_it_serves_an_ordinary_visitor_all_the_same(tmp_path: Path, fault: Fault) -> None:
    outcome = fault.run(tmp_path, fault.short, 1)
    assert outcome.clean, outcome
