"""The letters to one decision maker, to take along: each file is made when it is asked for.

Nothing is kept on this machine, and every file that leaves it is on the record.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from groundswell.delivery.channels.print.pack import BOM, ROWS
from groundswell.delivery.pdf.drawing import CannotDraw
from groundswell.people import handover
from groundswell.people.handover import CHUNK, Empty, NoSuchPack, Pack, Undrawn
from groundswell.studio import spreadsheet
from groundswell.studio.delivery.access import needs_handover
from groundswell.studio.delivery.views import card_of, trail
from groundswell.studio.home.cards import PageCard

# So many letters' buttons on one page.
SHOWN: Final = 10_000
FILE: Final = re.compile(r"(cover|csv|(?:letters|drawn|text|list)-([1-9][0-9]{0,6}))", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """Which file of which pack an organiser wants; `part` counts from 1, 0 for what has none."""

    card: PageCard
    of: Pack
    what: str
    part: int
    by: Any

    def first(self, size: int) -> int:
        """The number of the part's first letter."""
        return (self.part - 1) * size + 1

    def span(self, size: int) -> str:
        """From which to which letter the part goes, for the name of its file."""
        last = min(self.part * size, max(self.of.made, self.first(size)))
        return f"{self.first(size)}-{last}"

    def name(self, what: str, ending: str) -> str:
        """A file name that says of which page and to whom."""
        today = timezone.localdate(timezone=timezone.get_default_timezone())
        to = slugify(self.of.target.replace("/", "-"))
        return f"{slugify(self.card.page.slug)}-{to}-{what}-{today:%Y-%m-%d}.{ending}"


@require_http_methods(["GET", "HEAD"])
@needs_handover
def index(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """What the pack has, which data goes along, and its files to download."""
    card, of = card_of(page_key), _pack(page_key, request.GET.get("target", ""))
    sheet = _number(request.GET.get("sheet", ""))
    start, end = (sheet - 1) * SHOWN, min(sheet * SHOWN, of.made)
    context = {
        **_trail(card, _("Handover pack")),
        "card": card,
        "pack": of,
        "letters": _parts(start, end, of.made, CHUNK),
        "lists": _parts(start, end, of.made, ROWS),
        "first": sheet == 1,
        "earlier": _query(of, sheet - 1) if sheet > 1 else "",
        "later": _query(of, sheet + 1) if end < of.made else "",
    }
    return render(request, "studio/delivery/handover.html", context)


@require_POST
@needs_handover
def file(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """One file of the pack, or a page that says why there is none."""
    card, of = card_of(page_key), _pack(page_key, request.POST.get("target", ""))
    found = FILE.fullmatch(request.POST.get("file", ""))
    if found is None:
        raise Http404
    asked = Asked(card, of, found[1].split("-")[0], int(found[2] or 0), request.user)
    try:
        return _FILES[asked.what](asked)
    except NoSuchPack as error:
        raise Http404 from error
    except Empty:
        return _instead(request, asked, {"empty": True})
    except Undrawn as error:
        numbers = sorted(error.numbers.items())
        return _instead(request, asked, {"numbers": numbers, "others": error.others})
    except CannotDraw:
        return _instead(request, asked, {"page_words": True})


def _cover(asked: Asked) -> HttpResponseBase:
    return _pdf(handover.cover(asked.of, by=asked.by), asked.name("cover", "pdf"))


def _letters(asked: Asked) -> HttpResponseBase:
    leave_out = asked.what == "drawn"
    made = handover.letters(asked.of, first=asked.first(CHUNK), by=asked.by, leave_out=leave_out)
    return _pdf(made, asked.name(f"letters-{asked.span(CHUNK)}", "pdf"))


def _text(asked: Asked) -> HttpResponseBase:
    made = handover.texts(asked.of, first=asked.first(CHUNK), by=asked.by)
    name = asked.name(f"letters-{asked.span(CHUNK)}-as-text", "txt")
    return _attached(made.encode(), "text/plain; charset=utf-8", name)


def _list(asked: Asked) -> HttpResponseBase:
    made = handover.list_pdf(asked.of, first=asked.first(ROWS), by=asked.by)
    return _pdf(made, asked.name(f"list-{asked.span(ROWS)}", "pdf"))


def _csv(asked: Asked) -> HttpResponseBase:
    rows = handover.rows(asked.of, by=asked.by)

    def lines() -> Iterator[str]:
        yield BOM
        yield from map(spreadsheet.line, rows)

    name = f"{asked.card.page.slug}-{asked.of.target.replace('/', '-')}-list"
    return spreadsheet.download(lines(), name=name)


_FILES: Final = {
    "cover": _cover, "letters": _letters, "drawn": _letters, "text": _text, "list": _list,
    "csv": _csv,
}  # fmt: skip


def _pdf(made: bytes, name: str) -> HttpResponse:
    return _attached(made, "application/pdf", name)


def _attached(made: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(made, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _instead(request: HttpRequest, asked: Asked, why: dict[str, Any]) -> HttpResponse:
    above = [(reverse("desk_delivery_handover", args=[asked.card.key]) + _query(asked.of, 1),
              _("Handover pack"))]  # fmt: skip
    context = {
        **_trail(asked.card, _("This file could not be made"), above),
        **why,
        "card": asked.card,
        "pack": asked.of,
        "part": asked.part,
        "back": above[0][0],
    }
    return render(request, "studio/delivery/handover_not.html", context, status=409)


def _pack(page_key: UUID, target: str) -> Pack:
    """Raises Http404 for who gets no letter from this page."""
    try:
        return handover.pack_of(page_key=page_key, target=target)
    except NoSuchPack as error:
        raise Http404 from error


def _parts(start: int, end: int, made: int, size: int) -> list[tuple[int, int, int]]:
    """(which part, its first letter, its last) for all parts between these letters."""
    return [
        (first // size + 1, first + 1, min(first + size, made)) for first in range(start, end, size)
    ]


def _number(text: str) -> int:
    """A page's number as an address has it; 1 for anything else."""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _query(of: Pack, sheet: int) -> str:
    asked = {"target": of.target} | ({"sheet": str(sheet)} if sheet > 1 else {})
    return "?" + urlencode(asked)


def _trail(
    card: PageCard, title: str, above: list[tuple[str, str]] | None = None
) -> dict[str, Any]:
    report = (reverse("desk_delivery_report", args=[card.key]), card.page.title)
    return trail(title, [report, *(above or [])])
