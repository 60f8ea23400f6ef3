"""Template filters of the organiser's desk: numbers, shares and times as people read them."""

from datetime import datetime
from typing import Any

from babel.dates import format_timedelta
from babel.numbers import format_decimal, format_percent
from django import template
from django.urls import reverse

from groundswell.base import clock
from groundswell.campaigns.models import Campaign
from groundswell.delivery.queries import Counts
from groundswell.studio.home import cards, names, schedule

register = template.Library()


@register.filter
def number(value: int) -> str:
    """1234567 as 1,234,567, or as the organiser's language writes it."""
    return str(format_decimal(value, locale=names.locale()))


@register.filter
def share(part: int, whole: int) -> str:
    """What percentage `part` is of `whole`; a dash while there is nothing to divide."""
    if not whole:
        return "–"
    # Rounded down, so that 100 % is only ever said when it is true.
    percent = part * 100 // whole / 100
    return str(format_percent(percent, locale=names.locale()))


@register.filter
def percent_of(part: int, whole: int) -> int:
    """The same as a whole number between 0 and 100, for the length of a bar."""
    return min(part * 100 // whole, 100) if whole else 0


@register.filter
def ago(moment: datetime) -> str:
    """How long ago in words: 2 hours ago."""
    return str(format_timedelta(moment - clock.now(), add_direction=True, locale=names.locale()))


@register.filter
def country_name(code: str) -> str:
    """A country's name in the organiser's language."""
    return names.country(code)


@register.filter
def language_name(code: str) -> str:
    """A language's name in the organiser's language."""
    return names.language(code)


@register.filter
def source_name(code: str) -> str:
    """The network a link was shared on."""
    return names.source(code)


@register.filter
def came_back(counts: Counts) -> int:
    """How many letters came back or failed."""
    return counts.bounced + counts.failed


@register.filter
def unlocalised(value: float) -> str:
    """A number as SVG reads it, whatever the organiser's language uses for a decimal point."""
    return f"{value:g}"


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    """A dictionary's value by a key that is itself a variable."""
    return mapping.get(key, "")


@register.simple_tag(takes_context=True)
def new_campaign(context: dict[str, Any]) -> str:
    """Where this organiser starts a campaign; empty for one who may not."""
    home = cards.site_home()
    if home is None or not home.permissions_for_user(context["request"].user).can_add_subpage():
        return ""
    return reverse("wagtailadmin_pages:add", args=["campaigns", "campaign", home.pk])


@register.simple_tag
def dates(state: cards.State, page: Any, campaign: Campaign) -> str:
    """When the page is public and its form open, in a sentence."""
    return schedule.words(state=state, page=page, campaign=campaign, now=clock.now())
