"""How letter pages are edited."""

from wagtail.admin.panels import InlinePanel, TitleFieldPanel

LETTER_PAGE = [
    TitleFieldPanel("title"),
    InlinePanel("letters", min_num=1, max_num=12),
    InlinePanel("points", max_num=12),
]
