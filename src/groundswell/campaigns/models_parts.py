"""What campaigns and action pages are made of: demands, partners, questions, consent boxes."""

import secrets
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField, TranslatableField

from groundswell.campaigns.blocks import ChoicesBlock

PURPOSE: Final = RegexValidator(
    r"^[a-z][a-z0-9_]{0,31}$",
    _("Use small letters without accents, digits and underscores, like newsletter."),
)
KEY: Final = RegexValidator(r"^[a-z0-9]{1,32}$")
CHOICE_ID_LENGTH: Final = 8


def new_question_key() -> str:
    """A key for a new question: it names the answers for good, whatever the label becomes."""
    return secrets.token_hex(4)


class Part(TranslatableMixin, Orderable):
    """A row inside a page that is translated with it."""

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = True


class Demand(Part):
    """One thing the campaign asks, and of whom."""

    page = ParentalKey("campaigns.Campaign", on_delete=models.CASCADE, related_name="demands")
    text = models.TextField(
        _("demand"),
        max_length=1000,
        help_text=_("What should be done, in one or two sentences."),
    )
    addressee = models.CharField(
        _("to whom it goes"),
        max_length=200,
        help_text=_("The person or body that can do it, for example: Minister of Health."),
    )

    panels = [FieldPanel("text"), FieldPanel("addressee")]
    translatable_fields = [TranslatableField("text"), TranslatableField("addressee")]

    class Meta(Part.Meta):
        verbose_name = _("demand")
        verbose_name_plural = _("demands")

    def __str__(self) -> str:
        return self.text


class Partner(Part):
    """An organisation that carries the campaign too."""

    page = ParentalKey("campaigns.Campaign", on_delete=models.CASCADE, related_name="partners")
    name = models.CharField(_("name"), max_length=200)
    url = models.URLField(_("web site"), blank=True)
    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [FieldPanel("name"), FieldPanel("url"), FieldPanel("logo")]
    translatable_fields = [
        SynchronizedField("name"),
        SynchronizedField("url"),
        SynchronizedField("logo"),
    ]

    class Meta(Part.Meta):
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    def __str__(self) -> str:
        return self.name


class Question(Part):
    """A question of the organiser's own. `key` is made once; the form's field is `q_<key>`.

    The editor carries the key along in a hidden field: a draft's rows have no id that would tell
    Wagtail they are still the same.
    """

    class Type(models.TextChoices):
        LINE = "line", _("One line of text")
        TEXT = "text", _("Several lines of text")
        CHOICE = "choice", _("One of several answers")
        CHECK = "check", _("A box to tick")

    page = ParentalKey("campaigns.ActionPage", on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(max_length=32, blank=True, validators=[KEY])
    label = models.CharField(_("question"), max_length=250)
    type = models.CharField(_("answer"), max_length=8, choices=Type, default=Type.LINE)
    choices = StreamField(
        ChoicesBlock(),
        verbose_name=_("answers to choose from"),
        blank=True,
        help_text=_("Only for a question with several answers: two or more."),
    )
    required = models.BooleanField(
        _("must be answered"),
        default=False,
        help_text=_("Each question that must be answered costs you supporters."),
    )

    panels = [
        FieldPanel("label"),
        FieldPanel("type"),
        FieldPanel("choices"),
        FieldPanel("required"),
        FieldPanel("key", widget=forms.HiddenInput, classname="w-hidden"),
    ]
    translatable_fields = [
        TranslatableField("label"),
        TranslatableField("choices"),
        SynchronizedField("key", overridable=False),
        SynchronizedField("type", overridable=False),
        SynchronizedField("required", overridable=False),
    ]

    class Meta(Part.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.label

    @property
    def field(self) -> str:
        """The name of this question's field in the form and on the wire."""
        return f"q_{self.key}"

    def options(self) -> list[tuple[str, str]]:
        """(value, words) of each answer. Values are the same in every language, and stay."""
        return [
            (str(block.id or position)[:CHOICE_ID_LENGTH], str(block.value))
            for position, block in enumerate(self.choices, 1)
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = self.key or new_question_key()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.key = self.key or new_question_key()
        if self.type == self.Type.CHOICE and len(self.choices) < 2:
            raise ValidationError({"choices": _("Give two answers or more to choose from.")})


class ConsentBox(Part):
    """One box a supporter may tick, for one purpose. It is never ticked beforehand."""

    page = ParentalKey(
        "campaigns.ActionPage", on_delete=models.CASCADE, related_name="consent_boxes"
    )
    purpose = models.CharField(
        _("purpose"),
        max_length=32,
        default="news",
        validators=[PURPOSE],
        help_text=_("A short name for your records, the same wherever you ask for the same thing."),
    )
    text = models.TextField(
        _("words beside the box"),
        max_length=1000,
        help_text=_("Say who will do what, for example: You may e-mail me about this campaign."),
    )
    required = models.BooleanField(
        _("must be ticked"),
        default=False,
        help_text=_("Only when the action cannot be done without it. News may never be required."),
    )

    panels = [FieldPanel("text"), FieldPanel("purpose"), FieldPanel("required")]
    translatable_fields = [
        TranslatableField("text"),
        SynchronizedField("purpose", overridable=False),
        SynchronizedField("required", overridable=False),
    ]

    class Meta(Part.Meta):
        verbose_name = _("consent box")
        verbose_name_plural = _("consent boxes")

    def __str__(self) -> str:
        return f"{self.purpose}: {self.text}"


class ConsentText(models.Model):
    """A consent text as it was shown: what a supporter agreed to can always be read again."""

    page_key = models.UUIDField()
    purpose = models.CharField(max_length=32)
    language = models.CharField(max_length=35)
    version = models.CharField(max_length=12)
    text = models.TextField()
    first_shown = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page_key", "purpose", "language", "version"], name="one_text_per_version"
            )
        ]
        ordering = ["first_shown", "id"]

    def __str__(self) -> str:
        return f"{self.purpose} {self.language} {self.version}"
