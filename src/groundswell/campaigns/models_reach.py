"""Whom a letter or a call goes to, and the small parts such pages are made of."""

from typing import Any, Final

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail_localize.fields import SynchronizedField, TranslatableField

from groundswell.campaigns.blocks import TEXT_FEATURES
from groundswell.campaigns.models_parts import KEY, Part, new_question_key
from groundswell.campaigns.widgets_targets import OwnOffices, PeoplePicker, TargetLists
from groundswell.kinds.kind import BODY_MAX, SUBJECT_MAX


class Aimed(models.Model):
    """Whom something goes to: the supporter's own representatives, lists, single people.

    `own` are kinds of office (`senate`), `lists` are ids of target lists, `keys` are target keys.
    """

    own = models.JSONField(_("the supporter's own representatives"), default=list, blank=True)
    lists = models.JSONField(_("target lists"), default=list, blank=True)
    keys = models.JSONField(_("single people or offices"), default=list, blank=True)

    class Meta:
        abstract = True


AIM_PANELS: Final = [
    FieldPanel("own", widget=OwnOffices),
    FieldPanel("lists", widget=TargetLists),
    FieldPanel("keys", widget=PeoplePicker),
]
AIM_FIELDS: Final = [
    SynchronizedField("own", overridable=False),
    SynchronizedField("lists", overridable=False),
    SynchronizedField("keys", overridable=False),
]


class LetterText(Part, Aimed):
    """One text and those who get it. `group` is empty for a page's first text, then a key.

    A draft's rows have no id that lasts, so the editor carries `group` along in a hidden field.
    """

    page = ParentalKey("campaigns.LetterPage", on_delete=models.CASCADE, related_name="letters")
    group = models.CharField(max_length=32, blank=True, validators=[KEY])
    label = models.CharField(
        _("who they are"),
        max_length=120,
        blank=True,
        help_text=_("For the page, like: Your senators. Empty: we name them one by one."),
    )
    subject = models.CharField(_("subject"), max_length=SUBJECT_MAX)
    body = models.TextField(
        _("text of the letter"),
        max_length=BODY_MAX,
        help_text=_(
            "A draft: each supporter can change it. These marks are replaced for each addressee: "
            "{salutation} {target} {role} {given_name} {family_name} {city} {postcode} {points}"
        ),
    )

    panels = [
        *AIM_PANELS,
        FieldPanel("label"),
        FieldPanel("subject"),
        FieldPanel("body", widget=forms.Textarea(attrs={"rows": 14})),
        FieldPanel("group", widget=forms.HiddenInput, classname="w-hidden"),
    ]
    translatable_fields = [
        *AIM_FIELDS,
        SynchronizedField("group", overridable=False),
        TranslatableField("label"),
        TranslatableField("subject"),
        TranslatableField("body"),
    ]

    class Meta(Part.Meta):
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return self.subject

    @property
    def suffix(self) -> str:
        """What follows `subject` and `body` in this text's names on the wire."""
        return f"_{self.group}" if self.group else ""


class TalkingPoint(Part):
    """A sentence a supporter can tick. `key` is made once; the form's field is `point_<key>`."""

    page = ParentalKey("campaigns.LetterPage", on_delete=models.CASCADE, related_name="points")
    key = models.CharField(max_length=32, blank=True, validators=[KEY])
    label = models.CharField(
        _("in short"), max_length=120, help_text=_("Beside the box, like: I have asthma.")
    )
    text = models.TextField(
        _("sentence in the letter"),
        max_length=1000,
        help_text=_("Put where {points} stands, for those who tick the box."),
    )

    panels = [
        FieldPanel("label"),
        FieldPanel("text", widget=forms.Textarea(attrs={"rows": 3})),
        FieldPanel("key", widget=forms.HiddenInput, classname="w-hidden"),
    ]
    translatable_fields = [
        SynchronizedField("key", overridable=False),
        TranslatableField("label"),
        TranslatableField("text"),
    ]

    class Meta(Part.Meta):
        verbose_name = _("talking point")
        verbose_name_plural = _("talking points")

    def __str__(self) -> str:
        return self.label

    @property
    def field(self) -> str:
        """The name of this point's box in the form and on the wire."""
        return f"point_{self.key}"

    def clean(self) -> None:
        super().clean()
        self.key = self.key or new_question_key()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = self.key or new_question_key()
        super().save(*args, **kwargs)


class Answer(Part):
    """What a caller may be asked or told, and what to say then."""

    page = ParentalKey("campaigns.CallPage", on_delete=models.CASCADE, related_name="answers")
    asked = models.CharField(
        _("what they may say"), max_length=250, help_text=_("Like: Are you a constituent?")
    )
    reply = RichTextField(_("what to answer"), features=TEXT_FEATURES)

    panels = [FieldPanel("asked"), FieldPanel("reply")]
    translatable_fields = [TranslatableField("asked"), TranslatableField("reply")]

    class Meta(Part.Meta):
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return self.asked
