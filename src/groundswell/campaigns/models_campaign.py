"""The site's first page and its campaigns, as Wagtail pages."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField, StreamField
from wagtail_localize.fields import SynchronizedField, TranslatableField

from groundswell.campaigns import panels
from groundswell.campaigns.blocks import TEXT_FEATURES, StoryBlock
from groundswell.campaigns.forms import RestoringForm
from groundswell.campaigns.models_base import EmptyState, PublicPage

PAGE_FIELDS = [
    TranslatableField("title"),
    TranslatableField("seo_title"),
    TranslatableField("search_description"),
    SynchronizedField("slug"),
]


class SiteHome(PublicPage):
    """The public site's first page in one language: it lists the open campaigns."""

    intro = RichTextField(
        _("introduction"),
        blank=True,
        features=TEXT_FEATURES,
        help_text=_("A few words about who you are, above the list of campaigns."),
    )

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["campaigns.Campaign"]
    empty_state = EmptyState(
        _("No campaign yet"),
        _(
            "Say what you ask, of whom and why. It takes a few minutes, and stays a draft until "
            "you publish it."
        ),
        _("Start a campaign"),
    )
    content_panels = panels.SITE_HOME
    translatable_fields = [*PAGE_FIELDS, TranslatableField("intro")]

    class Meta:
        verbose_name = _("site home")
        verbose_name_plural = _("site homes")


class Campaign(PublicPage):
    """What is asked, of whom, why, until when, and who is behind it."""

    summary = models.TextField(
        _("summary"),
        max_length=300,
        help_text=_("One or two sentences. They are also what people see when a link is shared."),
    )
    story = StreamField(StoryBlock(), verbose_name=_("story"), blank=True)
    lead_picture = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("lead picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("At the top of the page and wherever the link is shared. Landscape is best."),
    )
    lead_picture_alt = models.CharField(
        _("what the picture shows"),
        max_length=250,
        blank=True,
        help_text=_("Read aloud to people who cannot see it."),
    )
    lead_picture_decorative = models.BooleanField(
        _("the picture is only decoration"), default=False
    )
    goal = models.PositiveIntegerField(
        _("goal"),
        default=1000,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000_000)],
        help_text=_("How many confirmed signatures you aim for. You can raise it later."),
    )
    opens_at = models.DateTimeField(
        _("opens"),
        null=True,
        blank=True,
        help_text=_("Until then the form waits. Empty: open once published."),
    )
    closes_at = models.DateTimeField(
        _("closes"),
        null=True,
        blank=True,
        help_text=_("From then on the form is gone and the page says so. Empty: stays open."),
    )
    privacy_controller = models.CharField(
        _("who is responsible"),
        max_length=200,
        blank=True,
        help_text=_("Empty: your organisation, as in Settings."),
    )
    privacy_address = models.TextField(
        _("postal address"), max_length=500, blank=True, help_text=_("Empty: as in Settings.")
    )
    privacy_email = models.EmailField(
        _("contact e-mail"), blank=True, help_text=_("Empty: as in Settings.")
    )
    privacy_purposes = models.TextField(
        _("what the data is for"),
        max_length=2000,
        blank=True,
        help_text=_("Empty: as in Settings."),
    )
    privacy_retention_months = models.PositiveSmallIntegerField(
        _("months to keep personal data"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("Counted from the end of the campaign. Empty: as in Settings."),
    )
    privacy_extra = models.TextField(
        _("anything else"),
        max_length=5000,
        blank=True,
        help_text=_("Added at the end of the campaign's privacy page."),
    )

    parent_page_types = ["campaigns.SiteHome"]
    subpage_types = [
        "campaigns.ActionPage",
        "campaigns.LetterPage",
        "campaigns.CallPage",
        "campaigns.OpenLetterPage",
    ]
    empty_state = EmptyState(
        _("Nothing to do yet"),
        _(
            "A campaign needs something people can do: a petition to sign, a letter to those who "
            "decide, an open letter, or a call."
        ),
        _("Add an action"),
    )
    base_form_class = RestoringForm
    content_panels = panels.CAMPAIGN
    translatable_fields = [
        *PAGE_FIELDS,
        TranslatableField("summary"),
        TranslatableField("story"),
        SynchronizedField("lead_picture"),
        TranslatableField("lead_picture_alt"),
        SynchronizedField("lead_picture_decorative"),
        TranslatableField("demands"),
        SynchronizedField("goal", overridable=False),
        SynchronizedField("opens_at", overridable=False),
        SynchronizedField("closes_at", overridable=False),
        TranslatableField("partners"),
        SynchronizedField("privacy_controller"),
        SynchronizedField("privacy_address"),
        SynchronizedField("privacy_email"),
        TranslatableField("privacy_purposes"),
        SynchronizedField("privacy_retention_months", overridable=False),
        TranslatableField("privacy_extra"),
    ]

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")

    def clean(self) -> None:
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("The campaign must close after it opens.")})
        described = self.lead_picture_alt or self.lead_picture_decorative
        if self.lead_picture_id and not described:
            raise ValidationError(
                {
                    "lead_picture_alt": _(
                        "Say what the picture shows, or mark it as only decoration."
                    )
                }
            )
