"""All faults there are, in the matrix's order. Each story's module has a FAULT: list it here."""

from typing import Final

from tests.faults import (
    disk_drained,
    t01_intake_killed,
    t02_core_killed,
    t03_postgresql_killed,
    t04_power,
    t05_full,
    t06_eio,
    t07_bits,
    t08_database_away,
    t09_surge,
    t10_connections_cut,
    t11_clock,
    t12_poison,
    t13_starved,
    t14_restore,
    t15_order,
)
from tests.faults.matrix import Fault

FAULTS: Final[tuple[Fault, ...]] = (
    t01_intake_killed.FAULT,
    t02_core_killed.SQLITE,
    t02_core_killed.POSTGRESQL,
    t03_postgresql_killed.FAULT,
    t03_postgresql_killed.CARELESS_SERVER,
    t04_power.FAULT,
    t04_power.WHOLE,
    t05_full.FAULT,
    t05_full.REAL,
    t06_eio.FAULT,
    t07_bits.FAULT,
    t07_bits.BURSTS,
    t08_database_away.FAULT,
    t09_surge.FAULT,
    t09_surge.TOO_MUCH,
    t10_connections_cut.FAULT,
    t11_clock.FAULT,
    t11_clock.LIMITS,
    t12_poison.SQLITE,
    t12_poison.POSTGRESQL,
    t13_starved.STOPPED,
    t13_starved.STOPPED_LONGER,
    t13_starved.NO_DESCRIPTORS,
    t14_restore.FAULT,
    t15_order.FAULT,
    disk_drained.FAULT,
)
