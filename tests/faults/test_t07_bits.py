"""Flipped bits, spoilt stretches, lost tails: all that can be read is read, all else is named."""

from tests.faults import t07_bits, t07_tails
from tests.faults.rows import both_tests

test_it_keeps_what_it_acknowledged, test_control_it_would_not_without = both_tests(
    (t07_bits.FAULT, t07_bits.BURSTS, t07_tails.FAULT)
)
