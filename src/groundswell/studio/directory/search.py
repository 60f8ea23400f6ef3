"""Looking for decision makers, also for the pickers of other pages."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase, JsonResponse

from groundswell.directory import queries
from groundswell.directory.lists import Rule
from groundswell.directory.targets import Target
from groundswell.studio.directory import access
from groundswell.studio.directory.access import needs

MOST: Final = 20


@needs(access.SEE)
def search(request: HttpRequest) -> HttpResponseBase:
    """Up to 20 decision makers for a picker, as JSON; the address is `desk_directory_search`.

    GET `q` (every word must occur), `country` and `kind` narrow, and may be left out. `key` may be
    given instead, several times: the decision makers with these keys, for what was picked before.
    Answers {"results": [{"key", "name", "role", "organization", "area", "party", "country",
    "vacant", "under"}], "total"}; `under` is the line to show beneath the name.
    """
    keys = request.GET.getlist("key")[:500]
    if keys:
        known = queries.targets(keys)
        found = [known[key] for key in keys if key in known]
        return JsonResponse({"results": [as_json(one) for one in found], "total": len(found)})
    text = request.GET.get("q", "").strip()[:200]
    rule = Rule(countries=_one(request, "country"), kinds=_one(request, "kind"))
    if not text and not rule.chooses():
        return JsonResponse({"results": [], "total": 0})
    page = queries.search(text, rule=rule, per=MOST)
    return JsonResponse({"results": [as_json(one) for one in page.items], "total": page.total})


def as_json(one: Target) -> dict[str, Any]:
    """A decision maker as a picker shows them."""
    return {
        "key": one.key,
        "name": one.name,
        "role": one.role,
        "organization": one.organization,
        "area": one.area,
        "party": one.party,
        "country": one.country,
        "vacant": one.vacant,
        "under": under(one),
    }


def under(one: Target) -> str:
    """What tells decision makers of the same name apart, in one line."""
    parts = [one.role if one.role != one.name else "", one.organization, one.area, one.party]
    seen: list[str] = []
    for part in parts:
        if part and not any(part in before for before in seen):
            seen.append(part)
    return " · ".join(seen)


def _one(request: HttpRequest, name: str) -> tuple[str, ...]:
    value = request.GET.get(name, "").strip()
    return (value,) if value else ()
