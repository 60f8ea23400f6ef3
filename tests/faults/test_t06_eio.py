"""Every call to the disk fails once, for a while and for good; nothing acknowledged is lost."""

from tests.faults import t06_eio
from tests.faults.rows import both_tests

test_it_keeps_what_it_acknowledged, test_control_it_would_not_without = both_tests((t06_eio.FAULT,))
