"""The live view for the hour of the post: a page, the part of it that moves, and its numbers."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.base import env
from groundswell.messengers import queries_effect, queries_live
from groundswell.messengers.effect import Sums
from groundswell.messengers.queries_live import Live, Minute
from groundswell.studio.messengers import access, curves, door, effect_words, trail
from groundswell.studio.messengers.access import needs

MINUTES: Final = {
    60: gettext_lazy("Hour"),
    360: gettext_lazy("6 hours"),
    1440: gettext_lazy("Day"),
}
_ROWS: Final = 12


@needs(access.SEE)
def page(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """A campaign's last hour, minute by minute. Without a script it is as of its opening."""
    card = trail.campaign(campaign_key)
    number = _minutes(request)
    context = trail.of_campaign(request, card, tab="live")
    context |= moving(campaign_key, number)
    address = reverse("messengers_live_part", args=[campaign_key])
    context["live_url"] = f"{address}?minutes={number}"
    context["choices"] = list(MINUTES.items())
    return render(request, "studio/messengers/live.html", context)


@needs(access.SEE)
def part(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """What moves of the page, for the script that keeps it fresh."""
    if queries_effect.campaign_title(campaign_key) is None:
        raise Http404
    return render(request, "studio/messengers/_live.html", moving(campaign_key, _minutes(request)))


@needs(access.SEE)
def numbers(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """The same as JSON, for an organisation's own screen."""
    if queries_effect.campaign_title(campaign_key) is None:
        raise Http404
    found = queries_live.look(campaign_key, minutes=_minutes(request))
    return JsonResponse(
        {
            "as_of": found.as_of.isoformat(),
            **_numbers(found.linked),
            "without_link": found.others.collected,
            "expected": round(found.expected, 1) if found.is_forecast else None,
            "messengers": {one.value: _numbers(one.sums) for one in found.messengers},
            "networks": {one.value: _numbers(one.sums) for one in found.networks},
            "languages": {one.value: _numbers(one.sums) for one in found.languages},
            "countries": {one.value: _numbers(one.sums) for one in found.countries},
            "minutes": [
                {
                    "at": one.at.isoformat(),
                    **_numbers(one.linked),
                    "expected": round(one.expected, 1),
                }
                for one in found.minutes
            ],
        }
    )


def moving(campaign_key: UUID, minutes: int) -> dict[str, Any]:
    """What the moving part of the page shows."""
    found = queries_live.look(campaign_key, minutes=minutes)
    zone = ZoneInfo(env.load().time_zone)
    return {
        "live": found,
        "minutes_shown": minutes,
        "now_minute": found.minutes[-1],
        "last_minute": found.minutes[-2] if len(found.minutes) > 1 else found.minutes[-1],
        "visits_chart": _visits(found, zone),
        "acts_chart": _acts(found, zone),
        "tables": _tables(found),
        "starts": [
            (start, start.at.astimezone(zone)) for start in found.starts if _shown(start, found)
        ],
        "nobody": not any(found.linked) and not any(found.others),
        "expected": round(found.expected),
        "door": door.look(),
        "updated": found.as_of.astimezone(zone),
        "zone": env.load().time_zone,
    }


def _visits(found: Live, zone: ZoneInfo) -> curves.Chart:
    series: list[tuple[str, Sequence[float]]] = [
        ("visits", [one.linked.visits for one in _over(found)])
    ]
    if found.is_forecast:
        series.append(("expected", [one.expected for one in found.minutes]))
    marks = [
        (start.at, f"{start.messenger} · {effect_words.network(start.network)}")
        for start in found.starts
    ]
    times = [one.at for one in found.minutes]
    return curves.draw(series, times=times, marks=marks, zone=zone)


def _acts(found: Live, zone: ZoneInfo) -> curves.Chart:
    times = [one.at for one in found.minutes]
    series = [
        ("acts", [one.linked.collected for one in _over(found)]),
        ("others", [one.others.collected for one in _over(found)]),
    ]
    return curves.draw(series, times=times, zone=zone)


def _over(found: Live) -> Sequence[Minute]:
    """The minutes that are over: one that has just begun would look like a fall."""
    return found.minutes[:-1]


def _tables(found: Live) -> list[dict[str, Any]]:
    whole = (
        (_("By messenger"), _("Messenger"), found.messengers, effect_words.owner),
        (_("By network"), _("Network"), found.networks, effect_words.network),
        (_("By language"), _("Language"), found.languages, effect_words.language),
        (_("By country"), _("Country"), found.countries, effect_words.country),
    )
    return [
        {
            "title": title,
            "column": column,
            "rows": [(words(part.value), part.sums) for part in parts[:_ROWS]],
            "more": len(parts) - _ROWS,
            "top": max((part.sums.visits for part in parts), default=0),
        }
        for title, column, parts, words in whole
    ]


def _shown(start: Any, found: Live) -> bool:
    return bool(start.at >= found.minutes[0].at)


def _numbers(sums: Sums) -> dict[str, Any]:
    return {
        "visits": sums.visits,
        "previews": sums.previews,
        "actions": sums.collected,
        "confirmed": sums.confirmed,
        "conversion": None if sums.conversion is None else round(sums.conversion, 4),
    }


def _minutes(request: HttpRequest) -> int:
    wanted = request.GET.get("minutes", "")
    return int(wanted) if wanted in {str(number) for number in MINUTES} else 60
