"""The sabotage set: slips that would break the first promise, and which story turns red for each.

Every one is a control twin of a row: the row's own tests run it, and so does `make torture
ARGS=--controls`. Who takes a control away must find the slip another one.
"""

from typing import Final

from tests.faults import (
    disk_copied,
    disk_drained,
    t01_intake_killed,
    t02_core_killed,
    t04_power,
    t05_full,
    t06_eio,
    t07_bits,
    t07_tails,
    t11_clock,
    t15_order,
)
from tests.faults.matrix import Control, Fault


def control(fault: Fault, guard: str) -> Control:
    """The twin of a row in which that guard is off. Raises StopIteration when it has none."""
    return next(one for one in fault.controls if one.guard == guard)


SABOTAGES: Final = {
    "no fsync of a group": control(t04_power.FAULT, "fsync"),
    "no fsync, seen from outside": control(t15_order.FAULT, "no fdatasync"),
    "no fsync of the folder of a new file": control(t04_power.FAULT, "folder sync"),
    "no fsync of the number of a new file": control(t04_power.FAULT, "number sync"),
    "an answer before the commit": control(t01_intake_killed.FAULT, "answers before the commit"),
    "an answer before the commit, and a power cut": control(t04_power.WHOLE, "early ack"),
    "an answer before the sync, seen from outside": control(t15_order.FAULT, "early answers"),
    "ENOSPC or EFBIG swallowed": control(t05_full.REAL, "a swallowed fault"),
    "EIO swallowed": control(t06_eio.FAULT, "a failed write taken for a good one"),
    "a failed fsync tried again": control(t06_eio.FAULT, "a failed sync tried again"),
    "no ON CONFLICT": control(t02_core_killed.SQLITE, "ON CONFLICT and the unique id"),
    "the cursor moved on its own": control(
        t02_core_killed.SQLITE, "the cursor in the rows' transaction"
    ),
    "a file deleted while it is written": control(disk_drained.FAULT, "no look at is_closed"),
    "a file deleted before it is drained": control(disk_drained.FAULT, "no look at drained"),
    "nothing read behind damage": control(t07_bits.FAULT, "no look behind damage"),
    "no flipped bit turned back": control(t07_bits.FAULT, "no mending"),
    "no note of how far a file goes": control(t07_tails.FAULT, "no look at the notes"),
    "no fsync of core's copy of a file": control(disk_copied.FAULT, "sync of a copy"),
    "no fsync of the folder of a copy": control(disk_copied.FAULT, "folder sync of a copy"),
    "a file's number by the clock": control(t11_clock.FAULT, "numbers by the clock"),
    "an allowance by the clock": control(t11_clock.LIMITS, "allowances by the clock"),
    "keys forgotten at a start": control(t01_intake_killed.FAULT, "forgets its keys at a start"),
}
