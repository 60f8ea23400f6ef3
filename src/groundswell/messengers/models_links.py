"""The links that messengers carry, and the private ones that lead them to their own page."""

from django.db import models
from django.db.models import Q

from groundswell.messengers.models_roster import Messenger


class TrackedLink(models.Model):
    """One address at the public door, `/k/<code>`, that leads to a page and says who brought it.

    `code` is also the source (`?s=`) that visits and actions are counted under. `alias` is a name
    for people, another address of the same link. Without a messenger it is the campaign's own.
    `page_key` is the action page's key, or the campaign's. `language` empty: the visitor's own.
    A retired link leads nowhere; its numbers stay.
    """

    id: int
    messenger_id: int | None
    code = models.CharField(max_length=32, unique=True)
    alias = models.CharField(max_length=32, unique=True, null=True)
    messenger = models.ForeignKey(
        Messenger, null=True, on_delete=models.PROTECT, related_name="links"
    )
    campaign_key = models.UUIDField()
    page_key = models.UUIDField()
    network = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=16, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ("id",)
        constraints = (
            # Two organisers who press the button at once get one link, not two that split a number.
            models.UniqueConstraint(
                fields=["messenger", "page_key", "network", "language"],
                condition=Q(retired_at=None, messenger__isnull=False),
                name="tracked_link_once",
            ),
            models.UniqueConstraint(
                fields=["page_key", "network", "language"],
                condition=Q(retired_at=None, messenger=None),
                name="tracked_own_link_once",
            ),
        )
        indexes = (models.Index(fields=["campaign_key"], name="tracked_link_campaign"),)

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """What people see of it: its name, or its code."""
        return self.alias or self.code


class PrivateLink(models.Model):
    """A messenger's way to their own page for one campaign. Works until it expires or is revoked.

    The address is not stored: it follows from `key` and a secret that is not in the database.
    `openings` counts visits, not reloads; what came after `news_since` is new to this one.
    """

    id: int
    messenger_id: int
    key = models.UUIDField(unique=True)
    messenger = models.ForeignKey(Messenger, on_delete=models.CASCADE, related_name="private_links")
    campaign_key = models.UUIDField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=150, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    last_opened_at = models.DateTimeField(null=True)
    openings = models.PositiveIntegerField(default=0)
    news_since = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["messenger", "campaign_key"], name="private_link_messenger"),
        )

    def __str__(self) -> str:
        return f"{self.messenger_id} until {self.expires_at:%Y-%m-%d}"
