"""How campaigns and action pages are edited: what comes first, what is tucked away."""

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
from wagtail.models import Page

from groundswell.campaigns.widgets import CountrySelect

CONSENTS = InlinePanel(
    "consent_boxes",
    heading=_("Consent boxes"),
    label=_("Consent box"),
    max_num=8,
    help_text=_("One box for each purpose. They are never ticked beforehand."),
)
THANKS = MultiFieldPanel(
    [FieldPanel("thanks_title"), FieldPanel("thanks_text")],
    heading=_("Thank-you page"),
    classname="collapsed",
)
SHARING = MultiFieldPanel(
    [FieldPanel("share_text"), FieldPanel("share_subject")],
    heading=_("Sharing"),
    classname="collapsed",
)
SITE_HOME = [*Page.content_panels, FieldPanel("intro")]

CAMPAIGN = [
    TitleFieldPanel(
        "title",
        placeholder=_("Title of the campaign*"),
        help_text=_("What you want, in a few words."),
    ),
    FieldPanel("summary"),
    InlinePanel("demands", heading=_("The ask"), label=_("Demand"), min_num=1, max_num=20),
    MultiFieldPanel(
        [
            FieldPanel("goal"),
            FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
        ],
        heading=_("Goal and dates"),
        help_text=format_lazy(_("Times are those of {zone}."), zone=settings.TIME_ZONE),
    ),
    MultiFieldPanel(
        [
            FieldPanel("lead_picture"),
            FieldPanel("lead_picture_alt"),
            FieldPanel("lead_picture_decorative"),
        ],
        heading=_("Lead picture"),
    ),
    FieldPanel("story"),
    InlinePanel(
        "partners",
        heading=_("Partners"),
        label=_("Partner"),
        max_num=60,
        classname="collapsed",
    ),
    MultiFieldPanel(
        [
            FieldPanel("privacy_controller"),
            FieldPanel("privacy_address"),
            FieldPanel("privacy_email"),
            FieldPanel("privacy_purposes"),
            FieldPanel("privacy_retention_months"),
            FieldPanel("privacy_extra"),
        ],
        heading=_("Privacy page"),
        help_text=_("Filled from Settings. Change only what is different for this campaign."),
        classname="collapsed",
    ),
]

ACTION_PAGE = [
    TitleFieldPanel(
        "title",
        placeholder=_("Title of the action*"),
        help_text=_("What people are asked to do, in a few words."),
    ),
    FieldPanel("text"),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("ask_given_name"), FieldPanel("ask_family_name")]),
            FieldRowPanel(
                [FieldPanel("ask_country"), FieldPanel("default_country", widget=CountrySelect)]
            ),
            FieldRowPanel([FieldPanel("ask_postcode"), FieldPanel("ask_phone")]),
            FieldPanel("ask_comment"),
        ],
        heading=_("What the form asks"),
        help_text=_(
            "The e-mail address is always asked: it is how a signature is confirmed. "
            "Ask for as little else as you can."
        ),
    ),
    InlinePanel(
        "questions",
        heading=_("Your own questions"),
        label=_("Question"),
        max_num=20,
        classname="collapsed",
    ),
    CONSENTS,
    THANKS,
    SHARING,
]
