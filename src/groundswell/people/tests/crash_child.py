"""Makes the tables a drain needs, in a process of its own: `crash_child make`."""

import django

django.setup()

from django.db import connection  # noqa: E402  after the set-up

from groundswell.campaigns.models_counts import Count  # noqa: E402
from groundswell.people import models  # noqa: E402

TABLES = (
    models.Participation, models.Consent, models.Event, models.OutgoingMail, models.MailDay,
    models.StopList, models.JournalCursor, models.Quarantine, models.Heartbeat, Count,
)  # fmt: skip


def make() -> None:
    """The tables a drain needs; all migrations would take half a minute."""
    with connection.schema_editor() as editor:
        for model in TABLES:
            editor.create_model(model)


if __name__ == "__main__":
    make()
