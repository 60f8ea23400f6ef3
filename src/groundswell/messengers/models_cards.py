"""Share cards: how a campaign's look, and which have been drawn and published."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

COLOUR = RegexValidator(r"^#[0-9a-f]{6}$", _("A colour is # and six digits, such as #12343b."))


class CardDesign(models.Model):
    """How all cards of a campaign look, in each of its languages. Nothing is public until `live`.

    `texts` are the organiser's own by language: {"en": {"headline": …, "line": …}}; without them
    the campaign's title and summary stand there. `shade` is how much of a picture, in percent, the
    ground's colour covers where words stand on it.
    """

    class Template(models.TextChoices):
        BANNER = "banner", _("Banner: words on a colour, the count on a band")
        FRAME = "frame", _("Frame: like a printed letter")
        NUMBER = "number", _("Number: the count is the message")
        PHOTO = "photo", _("Photo: words over the campaign’s picture")
        SPLIT = "split", _("Split: words beside the campaign’s picture")

    id: int
    campaign_key = models.UUIDField(unique=True)
    template = models.CharField(max_length=12, choices=Template, default=Template.BANNER)
    ground = models.CharField(max_length=7, default="#12343b", validators=[COLOUR])
    ink = models.CharField(max_length=7, default="#ffffff", validators=[COLOUR])
    accent = models.CharField(max_length=7, default="#f4b942", validators=[COLOUR])
    shade = models.PositiveSmallIntegerField(
        default=72, validators=[MinValueValidator(30), MaxValueValidator(100)]
    )
    texts = models.JSONField(default=dict)
    show_count = models.BooleanField(default=True)
    name_messengers = models.BooleanField(default=False)
    page_picture = models.BooleanField(default=False)
    live = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.template} for {self.campaign_key}"


class DrawnCard(models.Model):
    """One picture at the public door, or why there is none (`trouble`).

    `format` is one of layout.FORMATS, or `page` for the page that tells networks of the card of
    `link_code`. `messenger_key` is empty for everybody's card. `fingerprint` stands for all that
    was drawn but the count. What has a new name now stays until `gone_after`: networks fetch late.
    """

    id: int
    campaign_key = models.UUIDField()
    page_key = models.UUIDField()
    language = models.CharField(max_length=16)
    format = models.CharField(max_length=8)
    messenger_key = models.CharField(max_length=32, blank=True)
    link_code = models.CharField(max_length=32, blank=True)
    path = models.CharField(max_length=200, unique=True)
    fingerprint = models.CharField(max_length=32)
    digest = models.CharField(max_length=16, blank=True)
    alt = models.CharField(max_length=400, blank=True)
    counted = models.BigIntegerField(default=0)
    drawn_at = models.DateTimeField()
    gone_after = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("id",)
        indexes = (
            models.Index(fields=["campaign_key"], name="drawn_card_campaign"),
            models.Index(fields=["page_key", "language"], name="drawn_card_page"),
            models.Index(fields=["link_code"], name="drawn_card_link"),
        )

    def __str__(self) -> str:
        return self.path
