"""Template filters of the messengers' texts."""

from django import template

from groundswell.messengers.networks import NETWORKS
from groundswell.messengers.queries_statements import Row
from groundswell.studio.messengers.forms_statements import STATES

register = template.Library()


@register.filter
def network_name(code: str) -> str:
    """A network's own name; the code itself for one that is known no more."""
    return NETWORKS[code].label if code in NETWORKS else code


@register.filter
def text_state(row: Row) -> str:
    """How far a text is, in words."""
    return str(STATES[row.state])
