"""What can be taken from the open letters' desk: links, pictures, the pack to hand over."""

import re
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.campaigns.models import OpenLetterPage, Signatory
from groundswell.delivery import Gone, Held
from groundswell.delivery.channels.print.pack import BOM
from groundswell.delivery.pdf.drawing import CannotDraw
from groundswell.people import audit, open_letter_pack
from groundswell.people import open_letter_firsts as firsts
from groundswell.people import open_letter_send as sending
from groundswell.studio import spreadsheet
from groundswell.studio.delivery.access import needs_handover
from groundswell.studio.openletters import access
from groundswell.studio.openletters.access import needs
from groundswell.studio.openletters.deliver import letter_of
from groundswell.studio.openletters.firsts import signatory_of
from groundswell.studio.openletters.views import card_of

FILE: Final = re.compile(r"cover|csv|names-([1-9][0-9]{0,4})|letter-([0-9a-f]{32})", re.ASCII)


@needs(access.RUN)
def links(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """The private links of all whose link works, as a table to send them from."""
    card = card_of(page_key)
    people = Signatory.objects.filter(page_key=page_key).order_by("position", "id")
    rows = [(one.name, firsts.link(one), one.state) for one in people if firsts.works(one)]
    detail = f"downloaded {len(rows)} links"
    audit.record(by=request.user, action=audit.SIGNATORY, about=page_key.hex, detail=detail)
    heads = (_("Name"), _("Private link"), _("State"))
    lines = (spreadsheet.line(row) for row in [heads, *rows])
    return spreadsheet.download(_with_bom(lines), name=f"{card.page.slug}-links")


@needs(access.SEE)
def picture(_request: HttpRequest, page_key: UUID, key: UUID) -> HttpResponseBase:
    """A first signatory's picture. Before they sign it is nobody's business but the organisers'."""
    signatory = signatory_of(page_key, key)
    if not signatory.picture:
        raise Http404
    answer = HttpResponse(bytes(signatory.picture), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@needs_handover
def pack(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """One file of the handover pack."""
    card_of(page_key)
    page = sending.letter_page(page_key)
    asked = FILE.fullmatch(request.POST.get("file", ""))
    if page is None or asked is None:
        raise Http404
    try:
        return _file(page, asked, request.user)
    except open_letter_pack.Empty:
        messages.warning(request, _("There is no name on that part of the list any more."))
    except (Gone, Held) as error:
        messages.error(request, _("This letter cannot be printed: %(why)s.") % {"why": error})
    except CannotDraw as error:
        messages.error(request, str(error))
    return redirect("openletters_delivery", page_key=page_key)


def _file(page: OpenLetterPage, asked: "re.Match[str]", by: Any) -> HttpResponseBase:
    if asked[0] == "csv":
        rows = map(spreadsheet.line, open_letter_pack.names(page, by=by))
        return spreadsheet.download(_with_bom(rows), name=f"{page.slug}-names")
    if asked[0] == "cover":
        return _pdf(open_letter_pack.cover(page, by=by), f"{page.slug}-cover")
    if asked[1]:
        made = open_letter_pack.names_pdf(page, part=int(asked[1]), by=by)
        return _pdf(made, f"{page.slug}-{asked[0]}")
    parcel = letter_of(page.page_key, asked[2])
    made = open_letter_pack.letter(parcel, by=by)
    return _pdf(made, f"{page.slug}-{slugify(parcel.target.replace('/', '-'))}")


def _pdf(made: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer


def _with_bom(lines: Any) -> Any:
    yield BOM
    yield from lines
