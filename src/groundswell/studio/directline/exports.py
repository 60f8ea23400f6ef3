"""The record as a file: what the list shows, streamed, and on the record itself."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from groundswell.directline import queries
from groundswell.directline.queries import Filters, Opened
from groundswell.directline.vault import Said
from groundswell.people import audit
from groundswell.studio import spreadsheet
from groundswell.studio.directline import words
from groundswell.studio.directline.access import needs
from groundswell.studio.directline.forms import FilterForm

HEADER: Final = (
    "key", "when", "how", "decision_makers", "decision_maker_keys", "theirs", "ours", "campaign",
    "asked", "said", "next_step", "due_on", "owner", "done_at", "made_by", "made_at", "version",
    "readable",
)  # fmt: skip
NAME: Final = "direct-line"


@require_POST
@needs(queries.READ)
def export(request: HttpRequest) -> HttpResponseBase:
    """The file, CSV or JSON. Who took it, and how it was narrowed, is written down first."""
    form = FilterForm(request.POST)
    filters = form.filters()
    as_json = request.POST.get("format") == "json"
    # Not the words that were looked for: they may be somebody's name.
    narrowed = ",".join(sorted(form.chosen()))
    detail = f"format={'json' if as_json else 'csv'} narrowed by={narrowed or 'nothing'}"
    audit.record(by=request.user, action=audit.LOG_EXPORT, about=NAME, detail=detail)
    if as_json:
        return _json(_json_lines(request.user, filters))
    return spreadsheet.download(_csv_lines(request.user, filters), name=NAME)


def facts(one: Opened, titles: dict[UUID, str]) -> dict[str, Any]:
    """All that an entry says, by the names of the columns."""
    entry, said = one.entry, one.said or Said()
    parties = list(entry.parties.all())
    values = (
        str(entry.key), entry.at, entry.way, [party.name for party in parties],
        [party.target for party in parties], said.theirs, said.ours,
        titles.get(entry.campaign_key or UUID(int=0), str(entry.campaign_key or "")),
        said.asked, said.said, said.next_step, entry.due_on,
        entry.owner.get_username() if entry.owner else "", entry.done_at, entry.made_by,
        entry.made_at, entry.version, one.said is not None,
    )  # fmt: skip
    return dict(zip(HEADER, values, strict=True))


def _csv_lines(by: Any, filters: Filters) -> Iterator[str]:
    titles = words.campaigns()
    yield spreadsheet.line(HEADER)
    for one in queries.stream(by=by, filters=filters):
        yield spreadsheet.line([_cell(value) for value in facts(one, titles).values()])


def _json_lines(by: Any, filters: Filters) -> Iterator[bytes]:
    titles = words.campaigns()
    yield b'{"format":1,"entries":['
    between = b"\n"
    for one in queries.stream(by=by, filters=filters):
        yield between + msgspec.json.encode(facts(one, titles))
        between = b",\n"
    yield b"\n]}\n"


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _json(lines: Iterator[bytes]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(lines, content_type="application/json")
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    answer["Content-Disposition"] = f'attachment; filename="{NAME}-{today:%Y-%m-%d}.json"'
    # A proxy that keeps the file back until it is whole would also keep a copy of it.
    answer["X-Accel-Buffering"] = "no"
    return answer
