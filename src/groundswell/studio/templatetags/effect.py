"""Template filters for what came of a post: times of an answer, places in a plot, networks."""

from babel.numbers import format_decimal
from django import template

from groundswell.studio.home import names
from groundswell.studio.messengers import effect_words

register = template.Library()


@register.filter
def milliseconds(seconds: float) -> str:
    """0.0123 as 12 ms; never 0, which nothing takes."""
    return f"{max(1, round(seconds * 1000))} ms"


@register.filter
def whole(value: float) -> str:
    """A rate without a fraction, as the organiser's language writes it."""
    return str(format_decimal(round(value), locale=names.locale()))


@register.filter
def of_width(percent: float, width: int) -> str:
    """A place in a picture of that width, as SVG reads it."""
    return f"{percent * width / 100:.1f}"


@register.filter
def network_name(code: str) -> str:
    """What people call a network."""
    return effect_words.network(code)


@register.filter
def owner_name(name: str) -> str:
    """A messenger's name; without one, the campaign's own links."""
    return effect_words.owner(name)


@register.filter
def tenths(value: float) -> str:
    """A rate with one decimal, as the organiser's language writes it."""
    return str(format_decimal(round(value, 1), format="#,##0.0", locale=names.locale()))
