"""Template filters of the messengers' texts."""

from typing import Any

from django import template
from wagtail.images.models import Filter

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


@register.simple_tag
def drawn(picture: Any, size: str) -> Any:
    """A picture at a size, like max-240x240: its url, width and height."""
    how = Filter(spec=size)
    try:
        return picture.find_existing_rendition(how)
    except picture.get_rendition_model().DoesNotExist:
        # Wagtail's own tag leaves the file open in which it has drawn it.
        with picture.generate_rendition_file(how) as file:
            return picture.renditions.get_or_create(
                filter_spec=how.spec,
                focal_point_key=how.get_cache_key(picture),
                defaults={"file": file},
            )[0]
