"""Rich text as organisers wrote it, made into HTML that may stand in a public page."""

from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

from groundswell.campaigns.render import plain

_TAGS: Final = {"a", "b", "br", "em", "h2", "h3", "i", "li", "ol", "p", "strong", "ul"}


def rich(source: str) -> SafeString:
    """Rich text as HTML of a few known elements, whatever was stored."""
    html = nh3.clean(expand_db_html(source), tags=_TAGS, attributes={"a": {"href"}})
    return mark_safe(plain(html))  # noqa: S308  cleaned in the line above
