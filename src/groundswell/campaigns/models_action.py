"""What people can do for a campaign, as Wagtail pages. The petition is the plainest."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, TranslatableField

from groundswell.campaigns import panels
from groundswell.campaigns.blocks import TEXT_FEATURES
from groundswell.campaigns.forms import ActionPageForm
from groundswell.campaigns.models_base import PublicPage
from groundswell.campaigns.models_campaign import PAGE_FIELDS, Campaign
from groundswell.campaigns.models_parts import ConsentBox
from groundswell.campaigns.models_site import COUNTRY_CODE
from groundswell.kinds.registry import KINDS


class Ask(models.TextChoices):
    """Whether a form asks for something."""

    NO = "no", _("Not asked")
    OPTIONAL = "optional", _("May be given")
    REQUIRED = "required", _("Must be given")


class ActionPage(PublicPage):
    """One thing to do for a campaign. `page_key` is the same in all its languages."""

    kind = models.CharField(max_length=32, default="petition", editable=False)
    text = RichTextField(
        _("petition text"),
        features=TEXT_FEATURES,
        help_text=_("What people put their names to, word for word."),
    )
    ask_given_name = models.CharField(
        _("given name"), max_length=8, choices=Ask, default=Ask.REQUIRED
    )
    ask_family_name = models.CharField(
        _("family name"), max_length=8, choices=Ask, default=Ask.REQUIRED
    )
    ask_country = models.CharField(_("country"), max_length=8, choices=Ask, default=Ask.OPTIONAL)
    ask_postcode = models.CharField(_("postcode"), max_length=8, choices=Ask, default=Ask.NO)
    ask_phone = models.CharField(_("phone"), max_length=8, choices=Ask, default=Ask.NO)
    ask_comment = models.CharField(_("comment"), max_length=8, choices=Ask, default=Ask.NO)
    default_country = models.CharField(
        _("country chosen beforehand"),
        max_length=2,
        blank=True,
        validators=[COUNTRY_CODE],
        help_text=_("None: as in Settings."),
    )
    thanks_title = models.CharField(
        _("thank-you title"), max_length=120, blank=True, help_text=_("Empty: our usual words.")
    )
    thanks_text = RichTextField(
        _("thank-you text"),
        blank=True,
        features=TEXT_FEATURES,
        help_text=_(
            "Shown at once, above the request to look into the inbox. Empty: our usual words."
        ),
    )
    share_text = models.TextField(
        _("words to share"),
        max_length=280,
        blank=True,
        help_text=_(
            "What a supporter sends to friends with the link. Empty: made from the page's title."
        ),
    )
    share_subject = models.CharField(
        _("subject of a shared e-mail"),
        max_length=120,
        blank=True,
        help_text=_("Empty: the page's title."),
    )

    parent_page_types = ["campaigns.Campaign"]
    subpage_types: list[str] = []
    page_description = _("People put their names to one text.")
    base_form_class = ActionPageForm
    content_panels = panels.ACTION_PAGE
    translatable_fields = [
        *PAGE_FIELDS,
        SynchronizedField("kind", overridable=False),
        TranslatableField("text"),
        SynchronizedField("ask_given_name", overridable=False),
        SynchronizedField("ask_family_name", overridable=False),
        SynchronizedField("ask_country", overridable=False),
        SynchronizedField("ask_postcode", overridable=False),
        SynchronizedField("ask_phone", overridable=False),
        SynchronizedField("ask_comment", overridable=False),
        SynchronizedField("default_country"),
        TranslatableField("questions"),
        TranslatableField("consent_boxes"),
        TranslatableField("thanks_title"),
        TranslatableField("thanks_text"),
        TranslatableField("share_text"),
        TranslatableField("share_subject"),
    ]

    class Meta:
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")

    @property
    def page_key(self) -> UUID:
        """The key of everything counted and collected here: one for all languages."""
        return UUID(str(self.translation_key))

    @property
    def campaign(self) -> Campaign:
        """The campaign this page acts for, in the same language."""
        parent: Campaign = Campaign.objects.get(path=self.path[: -Page.steplen])
        return parent

    def consents(self) -> list[ConsentBox]:
        """The boxes to tick, in the form's order; not all of them need to be stored rows."""
        return list(self.consent_boxes.all())

    def clean(self) -> None:
        super().clean()
        if self.kind not in KINDS:
            raise ValidationError(_("There is no kind of action called “%s”.") % self.kind)

    def asks(self) -> list[tuple[str, bool]]:
        """(field, required) of each standard field the form asks for, in the form's order."""
        chosen = [
            ("given_name", self.ask_given_name),
            ("family_name", self.ask_family_name),
            ("email", Ask.REQUIRED),
            ("country", self.ask_country),
            ("postcode", self.ask_postcode),
            ("phone", self.ask_phone),
            ("comment", self.ask_comment),
        ]
        return [(name, ask == Ask.REQUIRED) for name, ask in chosen if ask != Ask.NO]
