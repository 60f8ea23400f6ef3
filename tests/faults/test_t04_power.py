"""The power goes, again and again: what was acknowledged is there afterwards."""

from tests.faults import t04_power
from tests.faults.rows import both_tests

test_it_keeps_what_it_acknowledged, test_control_it_would_not_without = both_tests(
    (t04_power.FAULT, t04_power.WHOLE)
)
