"""What holds for the whole site: who runs it and what its privacy pages say by default."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from groundswell.campaigns.widgets import CountrySelect

RETENTION_MONTHS = 24
COUNTRY_CODE = RegexValidator(r"^[A-Z]{2}$", _("Use the two letters of the country, like FR."))


@register_setting(icon="home", order=100)
class Organisation(BaseGenericSetting):
    """The organisation behind the site: the defaults of every campaign's privacy page."""

    name = models.CharField(
        _("name"),
        max_length=200,
        blank=True,
        help_text=_("The legal name of your organisation, as supporters should see it."),
    )
    address = models.TextField(
        _("postal address"),
        max_length=500,
        blank=True,
        help_text=_("Where supporters can write to you on paper. Privacy law asks for it."),
    )
    email = models.EmailField(
        _("contact e-mail"),
        blank=True,
        help_text=_("Where supporters can ask about their data."),
    )
    website = models.URLField(
        _("web site"), blank=True, help_text=_("Your own site, linked at the foot of each page.")
    )
    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown at the top of each public page, instead of the name in letters."),
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[COUNTRY_CODE],
        help_text=_("Chosen beforehand when a form asks for the country."),
    )
    purposes = models.TextField(
        _("what the data is for"),
        max_length=2000,
        blank=True,
        help_text=_("Leave empty for our usual words: to count and hand over the signatures."),
    )
    retention_months = models.PositiveSmallIntegerField(
        _("months to keep personal data"),
        default=RETENTION_MONTHS,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("Counted from the end of a campaign. Then names and addresses are erased."),
    )
    privacy_extra = models.TextField(
        _("anything else"),
        max_length=5000,
        blank=True,
        help_text=_("Added at the end of each privacy page."),
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("address"),
                FieldPanel("email"),
                FieldPanel("website"),
                FieldPanel("logo"),
                FieldPanel("country", widget=CountrySelect),
            ],
            heading=_("Who you are"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("purposes"),
                FieldPanel("retention_months"),
                FieldPanel("privacy_extra"),
            ],
            heading=_("Privacy pages, unless a campaign says otherwise"),
        ),
    ]

    class Meta:
        verbose_name = _("organisation")

    def __str__(self) -> str:
        return self.name
