"""Template filters of the messengers desk: networks and followers as people read them."""

from babel.numbers import format_compact_decimal
from django import template

from groundswell.messengers.networks.registry import NETWORKS
from groundswell.studio.home import names

register = template.Library()


@register.filter
def short(value: int) -> str:
    """189000000 as 189M, or as the organiser's language shortens it."""
    return str(format_compact_decimal(value, locale=names.locale(), fraction_digits=1))


@register.filter
def network_name(code: str) -> str:
    """A network's name; the code itself for one we no longer know."""
    return NETWORKS[code].label if code in NETWORKS else code
