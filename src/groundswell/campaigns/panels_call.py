"""How call pages are edited."""

from wagtail.admin.panels import FieldPanel, TitleFieldPanel

CALL_PAGE = [TitleFieldPanel("title"), FieldPanel("opening"), FieldPanel("say")]
