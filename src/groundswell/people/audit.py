"""The audit log: what organisers, and core by itself, did with supporters' data, with decision
makers' details and with letters on their way. Entries are only ever added.

An entry names participations by their ids, decision makers by their keys, and says how many there
were; it never repeats what was read. There is no function to change or remove one, here or
anywhere.
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
CORRECT: Final = "correct"
IMPORT: Final = "import"
UNDO: Final = "undo"
TARGETS: Final = "targets"
PAUSE: Final = "pause"
RESUME: Final = "resume"
HOLD: Final = "hold"
RELEASE: Final = "release"
AGAIN: Final = "again"
REPLY: Final = "reply"
HANDOVER: Final = "handover"
SHOW: Final = "show"
HIDE: Final = "hide"
PUT_BACK: Final = "put_back"
KEEP: Final = "keep"
SIGNATORY: Final = "signatory"
DELIVER: Final = "deliver"
LOG_EXPORT: Final = "log_export"
LOG_ERASE: Final = "log_erase"
# What is done about decision makers and letters: no participation is named.
DESKS: Final = (
    CORRECT, IMPORT, UNDO, TARGETS, PAUSE, RESUME, HOLD, RELEASE, AGAIN, REPLY, HANDOVER,
    LOG_EXPORT, LOG_ERASE,
    SHOW, HIDE, PUT_BACK, KEEP, SIGNATORY, DELIVER,
)  # fmt: skip
ACTIONS: Final = (
    VIEW, LIST, FIND, EXPORT, EXPORT_END, RESEND, WITHDRAW, ERASE, REINJECT, RETENTION, *DESKS,
)  # fmt: skip
CORE: Final = "core"


def record(
    *,
    by: Any,
    action: str,
    participation: UUID | None = None,
    about: str = "",
    detail: str = "",
    at: datetime | None = None,
) -> AuditEntry:
    """Write down one action of an organiser, on a participation or `about` something else by key.

    MUST NOT be given a supporter's personal data in `detail`.
    """
    return AuditEntry.objects.create(
        at=at or clock.now(),
        organiser=by.get_username(),
        action=action,
        object=participation.hex if participation else about[:200],
        detail=detail[:500],
    )


def record_core(*, action: str, detail: str) -> AuditEntry:
    """Write down what core did by itself. MUST NOT be given personal data in `detail`."""
    return AuditEntry.objects.create(
        at=clock.now(), organiser=CORE, action=action, detail=detail[:500]
    )
