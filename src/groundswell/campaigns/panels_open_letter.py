"""How open letters are edited: the text and whom it goes to first, the rest tucked away."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    TitleFieldPanel,
)

from groundswell.campaigns.panels import CONSENTS, SHARING, THANKS
from groundswell.campaigns.widgets import CountrySelect
from groundswell.campaigns.widgets_targets import PeoplePicker, TargetLists

OPEN_LETTER_PAGE = [
    TitleFieldPanel(
        "title",
        placeholder=_("Title of the letter*"),
        help_text=_("It is part of what people sign, like the text."),
    ),
    MultiFieldPanel(
        [
            FieldPanel("lists", widget=TargetLists),
            FieldPanel("keys", widget=PeoplePicker),
        ],
        heading=_("Whom the letter is addressed to"),
    ),
    MultiFieldPanel(
        [FieldPanel("salutation"), FieldPanel("text", heading=_("text of the letter"))],
        heading=_("The letter"),
        help_text=_(
            "People sign this text as it stands. Each later change is published as a new version: "
            "who signed before stays with the text they signed."
        ),
    ),
    MultiFieldPanel(
        [FieldPanel("change_note"), FieldPanel("change_small")],
        heading=_("If you change a published text"),
        classname="collapsed",
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("ask_role"), FieldPanel("ask_affiliation")]),
            FieldRowPanel(
                [FieldPanel("ask_country"), FieldPanel("default_country", widget=CountrySelect)]
            ),
            FieldPanel("ask_comment"),
        ],
        heading=_("What the form asks"),
        help_text=_(
            "Name and e-mail are always asked. A name is shown only for those who tick the box, "
            "and once you have looked at it."
        ),
    ),
    MultiFieldPanel(
        [
            FieldPanel("press_facts", widget=forms.Textarea(attrs={"rows": 5})),
            FieldPanel("press_contact", widget=forms.Textarea(attrs={"rows": 3})),
            InlinePanel("press_pictures", label=_("Picture"), max_num=12),
        ],
        heading=_("For the press"),
        classname="collapsed",
    ),
    MultiFieldPanel(
        [FieldPanel("allow_embed"), HelpPanel(template="studio/campaigns/frame.html")],
        heading=_("On other sites"),
        classname="collapsed",
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
