"""Organisers who may keep the record, and conversations that never were."""

from datetime import UTC, date, datetime
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from groundswell.directline import services
from groundswell.directline.models import Entry
from groundswell.directline.services import Draft
from groundswell.directline.vault import Said

SENATOR: Final = ("us/C000127", "Maria Cantwell")
AT: Final = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
WORDS: Final = Said(
    ours="Yara Bell",
    theirs="Pim Oduya, policy adviser",
    asked="Will the senator speak before the vote?",
    said="Not before the hearing; Zäzilie must be convinced first.",
    next_step="Send Pim the two-page brief",
)


def organiser(name: str, *allowed: str) -> Any:
    """An organiser with these permissions of the direct line."""
    person = get_user_model().objects.create_user(name, email=f"{name}@example.org")
    person.user_permissions.set(
        Permission.objects.filter(content_type__app_label="directline", codename__in=allowed)
    )
    return person


def keeper(name: str = "bob") -> Any:
    """An organiser who may read and keep the record."""
    return organiser(name, "read_log", "keep_log")


def draft(**changes: Any) -> Draft:
    """A contact as an organiser tells it."""
    said = Said(
        **{name: changes.pop(name, getattr(WORDS, name)) for name in Said.__struct_fields__}
    )
    given: dict[str, Any] = {"way": "meeting", "at": AT, "parties": [SENATOR], "said": said}
    return Draft(**(given | changes))


def told(by: Any, **changes: Any) -> Entry:
    """The same, written down."""
    return services.tell(by=by, draft=draft(**changes))


def due(by: Any, day: date, **changes: Any) -> Entry:
    """A contact whose next step is due that day and is the organiser's own."""
    return told(by, due_on=day, owner=by, **changes)
