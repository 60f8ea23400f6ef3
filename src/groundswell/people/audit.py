"""The audit log: what organisers, and core by itself, did with supporters' data. Entries are only
ever added.

An entry names participations by their ids and says how many there were; it never repeats what was
read. There is no function to change or remove one, here or anywhere.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from groundswell.base import clock
from groundswell.people.models import AuditEntry

VIEW: Final = "view"
LIST: Final = "list"
FIND: Final = "find"
EXPORT: Final = "export"
EXPORT_END: Final = "export_end"
RESEND: Final = "resend"
WITHDRAW: Final = "withdraw"
ERASE: Final = "erase"
REINJECT: Final = "reinject"
RETENTION: Final = "retention"
ACTIONS: Final = (
    VIEW, LIST, FIND, EXPORT, EXPORT_END, RESEND, WITHDRAW, ERASE, REINJECT, RETENTION,
)  # fmt: skip
CORE: Final = "core"


def record(
    *,
    by: Any,
    action: str,
    participation: UUID | None = None,
    detail: str = "",
    at: datetime | None = None,
) -> AuditEntry:
    """Write down one action of an organiser. MUST NOT be given personal data in `detail`."""
    return AuditEntry.objects.create(
        at=at or clock.now(),
        organiser=by.get_username(),
        action=action,
        object=participation.hex if participation else "",
        detail=detail[:500],
    )


def record_core(*, action: str, detail: str) -> AuditEntry:
    """Write down what core did by itself. MUST NOT be given personal data in `detail`."""
    return AuditEntry.objects.create(
        at=clock.now(), organiser=CORE, action=action, detail=detail[:500]
    )
