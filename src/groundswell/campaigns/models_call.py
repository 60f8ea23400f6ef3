"""Calls: a page with which people ring up those who decide."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail_localize.fields import SynchronizedField, TranslatableField

from groundswell.campaigns import offices, panels_call
from groundswell.campaigns.blocks import TEXT_FEATURES
from groundswell.campaigns.forms_reach import CallPageForm
from groundswell.campaigns.models_action import ActionPage
from groundswell.campaigns.models_reach import AIM_FIELDS


class CallPage(ActionPage):
    """A call to those who decide: whom, and what to say."""

    # Not through `Aimed`: with a second base, the type checker loses the page's manager.
    own = models.JSONField(_("the supporter's own representatives"), default=list, blank=True)
    lists = models.JSONField(_("target lists"), default=list, blank=True)
    keys = models.JSONField(_("single people or offices"), default=list, blank=True)
    # The country of `own`: it follows from them.
    lookup_country = models.CharField(max_length=2, blank=True, editable=False)
    opening = models.TextField(
        _("how to begin"),
        max_length=1000,
        help_text=_("Like: Hello, my name is … and I live in … . I am calling about …"),
    )
    say = RichTextField(
        _("what to say"),
        features=TEXT_FEATURES,
        help_text=_("Two or three points, short enough to be read aloud."),
    )
    closing = models.TextField(
        _("how to end"),
        max_length=1000,
        blank=True,
        help_text=_("Like: Thank you. May I hear how you decide?"),
    )
    ask_contact = models.BooleanField(
        _("ask for name and e-mail"),
        default=False,
        help_text=_("Both may be left empty. A call counts without them."),
    )

    offer_ring = models.BooleanField(
        _("offer to ring the supporter and connect them"),
        default=False,
        help_text=_(
            "We ring those who wish it, and they press one key. Only where your operator has an "
            "account at Twilio; each call costs."
        ),
    )

    page_description = _("Each supporter rings up the right offices, with words of yours.")
    base_form_class = CallPageForm
    content_panels = panels_call.CALL_PAGE
    parent_page_types = ["campaigns.Campaign"]
    subpage_types: list[str] = []
    translatable_fields = [
        *ActionPage.translatable_fields,
        *AIM_FIELDS,
        SynchronizedField("lookup_country", overridable=False),
        TranslatableField("opening"),
        TranslatableField("say"),
        TranslatableField("closing"),
        TranslatableField("answers"),
        SynchronizedField("ask_contact", overridable=False),
        SynchronizedField("offer_ring", overridable=False),
    ]

    class Meta:
        verbose_name = _("call to those who decide")
        verbose_name_plural = _("calls to those who decide")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = "call"

    def clean_fields(self, exclude: Any = None) -> None:
        # A petition is nothing without its text; a call has its own.
        super().clean_fields({*(exclude or ()), "text"})

    def clean(self) -> None:
        super().clean()
        self.lookup_country = offices.country_of(self.own)

    def own_offices(self) -> list[str]:
        """The kinds of office of the supporter's own that are called."""
        return list(self.own)
