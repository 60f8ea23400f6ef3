"""The order of first signatories: a step up or down, or a number. It needs no script."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from groundswell.campaigns.models import Signatory
from groundswell.people import open_letter_firsts as firsts
from groundswell.studio.openletters import access
from groundswell.studio.openletters.access import needs
from groundswell.studio.openletters.views import card_of


@require_POST
@needs(access.RUN)
def order(request: HttpRequest, page_key: UUID) -> HttpResponseBase:
    """Move one: `up` or `down` names whom; or `move` does, and `to-<key>` says where."""
    card_of(page_key)
    said = request.POST
    hexes = [one.hex for one in _keys(page_key)]
    key = said.get("up") or said.get("down") or said.get("move") or ""
    if key not in hexes:
        return redirect("openletters_one", page_key=page_key)
    place = hexes.index(key) + 1
    wanted = {"up": place - 1, "down": place + 1}
    number = next((wanted[way] for way in wanted if way in said), 0) or _number(
        said.get(f"to-{key}", ""), place
    )
    firsts.place(page_key=page_key, key=UUID(hex=key), number=max(number, 1))
    return redirect(reverse("openletters_one", args=[page_key]) + f"#p-{key}")


def _keys(page_key: UUID) -> list[UUID]:
    found = Signatory.objects.filter(page_key=page_key).order_by("position", "id")
    return list(found.values_list("key", flat=True))


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise
