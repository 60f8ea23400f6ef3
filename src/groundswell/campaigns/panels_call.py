"""How call pages are edited: whom to call and what to say first, the rest tucked away."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, TitleFieldPanel

from groundswell.campaigns.models_reach import AIM_PANELS
from groundswell.campaigns.panels import CONSENTS, SHARING, THANKS

CALL_PAGE = [
    TitleFieldPanel(
        "title",
        placeholder=_("Title of the call*"),
        help_text=_("What people are asked to do, in a few words."),
    ),
    MultiFieldPanel(AIM_PANELS, heading=_("Whom to call")),
    MultiFieldPanel(
        [FieldPanel("opening"), FieldPanel("say"), FieldPanel("closing")],
        heading=_("What to say"),
        help_text=_("Short sentences: they are read aloud, by people who may be nervous."),
    ),
    InlinePanel(
        "answers",
        heading=_("If they ask"),
        label=_("Answer"),
        max_num=12,
        classname="collapsed",
    ),
    FieldPanel("ask_contact"),
    FieldPanel("offer_ring"),
    CONSENTS,
    FieldPanel("text", heading=_("why people should call"), classname="collapsed"),
    THANKS,
    SHARING,
]
