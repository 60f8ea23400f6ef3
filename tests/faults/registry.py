"""All faults there are, in the matrix's order. Each story's module has a FAULT: list it here."""

from typing import Final

from tests.faults import t01_intake_killed, t02_core_killed, t03_postgresql_killed, t14_restore
from tests.faults.matrix import Fault

FAULTS: Final[tuple[Fault, ...]] = (
    t01_intake_killed.FAULT,
    t02_core_killed.SQLITE,
    t02_core_killed.POSTGRESQL,
    t03_postgresql_killed.FAULT,
    t03_postgresql_killed.CARELESS_SERVER,
    t14_restore.FAULT,
)
