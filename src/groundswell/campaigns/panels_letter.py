"""How letter pages are edited: whom it goes to and what it says first, the rest tucked away."""

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    TitleFieldPanel,
)

from groundswell.campaigns.panels import CONSENTS, SHARING, THANKS
from groundswell.campaigns.widgets import CountrySelect
from groundswell.campaigns.widgets_targets import Topics

LETTER_PAGE = [
    TitleFieldPanel(
        "title",
        placeholder=_("Title of the letter*"),
        help_text=_("What people are asked to do, in a few words."),
    ),
    InlinePanel(
        "letters",
        heading=_("Who gets it, and what it says"),
        label=_("Letter"),
        min_num=1,
        max_num=12,
        help_text=_(
            "One text for all is enough. Add another only for those who should read something else."
        ),
    ),
    InlinePanel(
        "points",
        heading=_("Talking points"),
        label=_("Talking point"),
        max_num=12,
        classname="collapsed",
        help_text=_(
            "What may be true for a supporter. Ticked ones are put where {points} stands, so that "
            "no two letters need be the same."
        ),
    ),
    MultiFieldPanel(
        [
            FieldPanel("channel"),
            FieldPanel("topics", widget=Topics),
            FieldPanel("batch"),
            FieldPanel("send_from"),
            FieldPanel("offer_copy"),
            FieldPanel("offer_reply"),
            FieldPanel("reply_text"),
        ],
        heading=_("How the letters go out"),
        help_text=format_lazy(_("Times are those of {zone}."), zone=settings.TIME_ZONE),
        classname="collapsed",
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("ask_address"), FieldPanel("ask_phone")]),
            FieldRowPanel(
                [FieldPanel("ask_country"), FieldPanel("default_country", widget=CountrySelect)]
            ),
        ],
        heading=_("What else the form asks"),
        help_text=_(
            "Name and e-mail are always asked. What an office needs, like a form of address for "
            "Congress, we ask by ourselves."
        ),
        classname="collapsed",
    ),
    CONSENTS,
    FieldPanel("text", heading=_("why people should write"), classname="collapsed"),
    THANKS,
    SHARING,
]
