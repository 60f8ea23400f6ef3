"""A drain in a process of its own: `crash_child make` its tables, or `drain` a journal."""

import sys

import django

django.setup()

from django.db import connection  # noqa: E402  after the set-up

from groundswell.base import env  # noqa: E402
from groundswell.campaigns.models_counts import Count  # noqa: E402
from groundswell.campaigns.models_moments import HeardVisits, Moment  # noqa: E402
from groundswell.intake.journal_reader import JournalReader  # noqa: E402
from groundswell.people import drain, models  # noqa: E402

TABLES = (
    models.Participation, models.Consent, models.Event, models.OutgoingMail, models.MailDay,
    models.StopList, models.JournalCursor, models.Quarantine, models.Heartbeat, Count,
    Moment, HeardVisits,
)  # fmt: skip


def make() -> None:
    """The tables a drain needs; all migrations would take half a minute."""
    with connection.schema_editor() as editor:
        for model in TABLES:
            editor.create_model(model)


def run() -> None:
    """Drain all there is."""
    journal = JournalReader(env.load().path("journal"))
    while journal.files():
        drain.drain(journal)


if __name__ == "__main__":
    make() if sys.argv[1] == "make" else run()
