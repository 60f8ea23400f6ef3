"""Letters: a page with which people write to those who decide."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail_localize.fields import SynchronizedField, TranslatableField

from groundswell.campaigns import offices, panels_letter
from groundswell.campaigns.forms_reach import LetterPageForm
from groundswell.campaigns.models_action import ActionPage, Ask
from groundswell.campaigns.models_parts import ConsentBox, new_question_key
from groundswell.kinds.congress import TOPICS
from groundswell.kinds.letter.kind import REPLY_WORDS

# The preview that shows a letter as it leaves, beside the one that shows the page.
AS_READ: Final = "as-read"
# What a supporter agrees to when decision makers may answer them directly.
REPLY: Final = "reply_to"


class Channel(models.TextChoices):
    """How letters leave. `auto` looks at what each office can be reached by."""

    AUTO = "auto", _("The best way for each office")
    EMAIL = "email", _("Always by e-mail")
    FORM = "form", _("The supporter fills in the office's own form")
    PRINT = "print", _("On paper: a PDF to print and post")
    CWC = "cwc", _("Communicating with Congress")
    WEBHOOK = "webhook", _("To a web address of yours")


class LetterPage(ActionPage):
    """A letter to those who decide. `letters` are its texts, each with those who get it."""

    # The country of `own_offices`: it follows from them.
    lookup_country = models.CharField(max_length=2, blank=True, editable=False)
    channel = models.CharField(_("how they go out"), max_length=8, choices=Channel, default="auto")
    ask_address = models.CharField(
        _("postal address"),
        max_length=8,
        choices=Ask,
        default=Ask.NO,
        help_text=_("Asked anyway where an office needs it, as Congress does."),
    )
    topics = models.JSONField(
        _("topics"),
        default=list,
        blank=True,
        help_text=_("Congress sorts its mail by these. One or two are enough."),
    )
    batch = models.BooleanField(
        _("send identical letters as one"),
        default=False,
        help_text=_(
            "Letters that nobody changed go out as one mail with the list of names. Letters in "
            "somebody's own words always go out by themselves."
        ),
    )
    send_from = models.DateTimeField(
        _("hold letters until"),
        null=True,
        blank=True,
        help_text=_("Empty: each goes out as soon as it is confirmed."),
    )
    offer_copy = models.BooleanField(_("offer a copy to the sender"), default=True)
    reply_text = models.TextField(
        _("words beside the box for replies"),
        max_length=1000,
        blank=True,
        help_text=_(
            "With this box ticked, the office may answer the supporter directly. Empty: our usual "
            "words."
        ),
    )
    offer_reply = models.BooleanField(
        _("let offices answer directly"),
        default=True,
        help_text=_("Only for those who tick the box. Other answers come to you."),
    )

    page_description = _("Each supporter writes, and we deliver it to the right offices.")
    base_form_class = LetterPageForm
    preview_modes = [("", _("The page")), (AS_READ, _("As the office will read it"))]
    content_panels = panels_letter.LETTER_PAGE
    parent_page_types = ["campaigns.Campaign"]
    subpage_types: list[str] = []
    translatable_fields = [
        *ActionPage.translatable_fields,
        TranslatableField("letters"),
        TranslatableField("points"),
        SynchronizedField("lookup_country", overridable=False),
        SynchronizedField("channel", overridable=False),
        SynchronizedField("ask_address", overridable=False),
        SynchronizedField("topics", overridable=False),
        SynchronizedField("batch", overridable=False),
        SynchronizedField("send_from", overridable=False),
        SynchronizedField("offer_copy", overridable=False),
        TranslatableField("reply_text"),
        SynchronizedField("offer_reply", overridable=False),
    ]

    class Meta:
        verbose_name = _("letter to those who decide")
        verbose_name_plural = _("letters to those who decide")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = "letter"

    def clean_fields(self, exclude: Any = None) -> None:
        # A petition is nothing without its text; a letter has its own.
        super().clean_fields({*(exclude or ()), "text"})

    def clean(self) -> None:
        super().clean()
        unknown = [topic for topic in self.topics if topic not in TOPICS]
        if unknown:
            raise ValidationError({"topics": _("Congress knows no topic “%s”.") % unknown[0]})
        self.settle_groups()
        self.lookup_country = offices.country_of(self.own_offices())

    def settle_groups(self) -> None:
        """Give each text the key its fields are named by: none for the first, and no two alike."""
        seen: set[str] = set()
        rows = list(self.letters.all())
        if rows and all(row.group for row in rows):
            rows[0].group = ""
        for row in rows:
            if row.group in seen:
                row.group = new_question_key()
            seen.add(row.group)

    def consents(self) -> list[ConsentBox]:
        if not self.offer_reply:
            return super().consents()
        with translation.override(self.language):
            text = self.reply_text or gettext(REPLY_WORDS)
        return [*super().consents(), ConsentBox(purpose=REPLY, text=text)]

    def own_offices(self) -> list[str]:
        """The kinds of office of the supporter's own that get a letter, each once."""
        return list(dict.fromkeys(kind for text in self.letters.all() for kind in text.own))
