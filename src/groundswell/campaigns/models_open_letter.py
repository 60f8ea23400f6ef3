"""Open letters: one text that many sign in public, and each form in which it was ever public."""

from typing import Any, ClassVar

from django.db import models
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail_localize.fields import SynchronizedField, TranslatableField

from groundswell.campaigns import panels_open_letter
from groundswell.campaigns.forms_open_letter import OpenLetterForm
from groundswell.campaigns.models_action import ActionPage, Ask
from groundswell.campaigns.models_parts import ConsentBox, Part
from groundswell.campaigns.render_letter_views import frame
from groundswell.kinds.open_letter.kind import DISPLAY, DISPLAY_WORDS


class OpenLetterPage(ActionPage):
    """An open letter in one language. `text` is the letter, `lists` and `keys` whom it goes to."""

    lists = models.JSONField(_("target lists"), default=list, blank=True)
    keys = models.JSONField(_("single people or offices"), default=list, blank=True)
    salutation = models.CharField(
        _("how it begins"), max_length=200, blank=True, help_text=_("Like: Dear Minister,")
    )
    ask_role = models.CharField(
        _("role or profession"), max_length=8, choices=Ask, default=Ask.OPTIONAL
    )
    ask_affiliation = models.CharField(
        _("organisation"), max_length=8, choices=Ask, default=Ask.OPTIONAL
    )
    change_note = models.CharField(
        _("what you changed"),
        max_length=300,
        blank=True,
        help_text=_(
            "Needed once the letter was published and its text changes. It stands with both texts "
            "where anybody can compare them."
        ),
    )
    change_small = models.BooleanField(
        _("only a slip of the pen"),
        default=False,
        help_text=_(
            "Spelling, a comma, a broken link: nothing that anybody could disagree with. The page "
            "says that it was a correction."
        ),
    )
    press_facts = models.TextField(
        _("facts and figures"),
        max_length=4000,
        blank=True,
        help_text=_("For journalists, one on each line, each with its source."),
    )
    press_contact = models.TextField(
        _("contact for the press"),
        max_length=500,
        blank=True,
        help_text=_("Public. A name, an e-mail address, a telephone number: one on each line."),
    )
    allow_embed = models.BooleanField(
        _("other sites may show it"),
        default=True,
        help_text=_("In a frame, without cookies, with a button that leads to your page."),
    )

    page_description = _("Many people sign one letter in public, the first of them by name.")
    base_form_class = OpenLetterForm
    content_panels = panels_open_letter.OPEN_LETTER_PAGE
    parent_page_types = ["campaigns.Campaign"]
    subpage_types: list[str] = []
    translatable_fields = [
        *ActionPage.translatable_fields,
        SynchronizedField("lists", overridable=False),
        SynchronizedField("keys", overridable=False),
        TranslatableField("salutation"),
        SynchronizedField("ask_role", overridable=False),
        SynchronizedField("ask_affiliation", overridable=False),
        TranslatableField("change_note"),
        SynchronizedField("change_small"),
        TranslatableField("press_facts"),
        TranslatableField("press_contact"),
        TranslatableField("press_pictures"),
        SynchronizedField("allow_embed", overridable=False),
    ]

    class Meta:
        verbose_name = _("open letter")
        verbose_name_plural = _("open letters")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = "open_letter"

    @property
    def own(self) -> list[str]:
        """Nobody's own representatives: an open letter goes to the same people for all."""
        return []

    @property
    def snippet(self) -> str:
        """The lines with which another site shows the letter; none before it has an address."""
        return frame(url=self.public_url, title=self.title) if self.pk else ""

    def consents(self) -> list[ConsentBox]:
        with translation.override(self.language):
            text = gettext(DISPLAY_WORDS)
        return [ConsentBox(purpose=DISPLAY, text=text), *super().consents()]

    def asks(self) -> list[tuple[str, bool]]:
        chosen = {
            "role": self.ask_role,
            "affiliation": self.ask_affiliation,
            "country": self.ask_country,
            "comment": self.ask_comment,
        }
        asked = [(name, ask == Ask.REQUIRED) for name, ask in chosen.items() if ask != Ask.NO]
        return [("given_name", True), ("family_name", True), ("email", True), *asked]


class PressPicture(Part):
    """A picture that journalists may use, and whom to name for it."""

    page = ParentalKey(
        "campaigns.OpenLetterPage", on_delete=models.CASCADE, related_name="press_pictures"
    )
    image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    shows = models.CharField(
        _("what the picture shows"), max_length=250, help_text=_("Also read aloud.")
    )
    credit = models.CharField(
        _("who made it"), max_length=120, help_text=_("The name to print beside it.")
    )

    panels = [FieldPanel("image"), FieldPanel("shows"), FieldPanel("credit")]
    translatable_fields = [
        SynchronizedField("image"),
        TranslatableField("shows"),
        SynchronizedField("credit"),
    ]

    class Meta(Part.Meta):
        verbose_name = _("picture for the press")
        verbose_name_plural = _("pictures for the press")

    def __str__(self) -> str:
        return self.shows


class TextRevision(models.Model):
    """A letter's text as it was public in one language. Rows are written once, and stay.

    Numbers are the letter's, over all its languages: a translation that catches up with a new text
    takes that text's number. `small` marks a correction that changes nothing anybody signed for.
    `digest` tells texts apart: see `letter_texts`.
    """

    page_key = models.UUIDField()
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=35)
    title = models.CharField(max_length=255)
    html = models.TextField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    small = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["page_key", "number", "language"], name="one_text_per_number"
            )
        ]
        ordering: ClassVar = ["page_key", "number", "id"]

    def __str__(self) -> str:
        return f"{self.page_key} {self.language} {self.number}"
