"""The delivery report as a file: a row for each letter, streamed, and no supporter named."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from groundswell.delivery import queries
from groundswell.delivery.queries import Row
from groundswell.studio import spreadsheet
from groundswell.studio.delivery import access
from groundswell.studio.delivery.access import needs
from groundswell.studio.delivery.forms import MessageForm
from groundswell.studio.delivery.views import card_of

CHUNK: Final = 1000
HEADER: Final = (
    "number", "decision_maker", "key", "organization", "channel", "language", "state", "tries",
    "made_at", "changed_at", "last_words",
)  # fmt: skip


@needs(access.SEE)
def report_csv(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """A page's letters as CSV, narrowed as the list is. Constant memory, however many."""
    card = card_of(page_key)
    form = MessageForm(request.GET, targets=queries.per_target(page_keys=[page_key]))
    name = f"{card.page.slug}-delivery"
    return spreadsheet.download(lines(page_key, form.chosen()), name=name)


def lines(page_key: UUID, chosen: dict[str, str]) -> Iterator[str]:
    """The file's lines, the newest letter first."""
    yield spreadsheet.line(HEADER)
    after: int | None = None
    while True:
        rows = queries.report_rows(
            page_keys=[page_key],
            states=[chosen["state"]] if "state" in chosen else (),
            target=chosen.get("target", ""),
            channel=chosen.get("channel", ""),
            after=after,
            limit=CHUNK,
        )
        yield from (spreadsheet.line(_cells(row)) for row in rows)
        if len(rows) < CHUNK:
            return
        after = rows[-1].id


def _cells(row: Row) -> list[str]:
    return [
        str(row.key), row.target_name, row.target, row.organization, row.channel, row.language,
        row.state, str(row.tries), row.made_at.isoformat(), row.changed_at.isoformat(), row.words,
    ]  # fmt: skip
