"""A process to be killed: `crash_child make|drain|drain-cursor-first`."""

import sys
import time
from collections.abc import Sequence

import django

django.setup()

from django.db import connection, transaction  # noqa: E402  after the set-up

from groundswell.base import env  # noqa: E402
from groundswell.campaigns.models_counts import Count  # noqa: E402
from groundswell.intake.journal_reader import JournalReader  # noqa: E402
from groundswell.people import drain, models, verbs  # noqa: E402

TABLES = (
    models.Participation, models.Consent, models.Event, models.OutgoingMail, models.MailDay,
    models.StopList, models.JournalCursor, models.Quarantine, models.Heartbeat, Count,
)  # fmt: skip


def make() -> None:
    """The tables a drain needs; all migrations would take half a minute."""
    with connection.schema_editor() as editor:
        for model in TABLES:
            editor.create_model(model)


def run(*, cursor_first: bool) -> None:
    """Drain slowly, most of the time in the middle of a transaction."""
    drain.MAX_GROUPS = 1  # type: ignore[misc]  # many small transactions
    drain.BATCH_BYTES = 1  # type: ignore[misc]
    perform = verbs.perform

    def slowly(deeds: Sequence[verbs.Deed]) -> None:
        perform(deeds[: len(deeds) // 2])
        time.sleep(0.03)
        perform(deeds[len(deeds) // 2 :])

    verbs.perform = slowly
    if cursor_first:
        drain.store = _store_cursor_first
    journal = JournalReader(env.load().path("journal"))
    print("draining", flush=True)
    while journal.files():
        drain.drain(journal)


def _store_cursor_first(batch: drain.Batch) -> None:
    """The same without its guard: the cursor moves in a transaction of its own."""
    with transaction.atomic():
        drain._advance(batch)
    with transaction.atomic():
        verbs.perform([record.deed for record in batch.records if record.deed])


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make()
    else:
        run(cursor_first=sys.argv[1] == "drain-cursor-first")
