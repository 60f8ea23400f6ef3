"""Lines of the CSV files that the desks hand out."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify

from groundswell.base.cells import escape


def line(cells: Sequence[str]) -> str:
    """One line of CSV, with nothing in it that a spreadsheet would run."""
    out = StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow([escape(cell) for cell in cells])
    return out.getvalue()


def download(lines: Iterator[str], *, name: str) -> StreamingHttpResponse:
    """The file, streamed under a name that ends with today's date."""
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    name = f"{slugify(name)}-{today:%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    # A proxy that keeps the file back until it is whole would also keep a copy of it.
    answer["X-Accel-Buffering"] = "no"
    return answer
