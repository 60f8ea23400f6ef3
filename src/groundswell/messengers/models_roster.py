"""Who carries the link: people and partners, where they post, and how far each is in a campaign.

A campaign is named by its `campaign_key`, one for all its languages; no foreign key leads to a
page, so that what was agreed outlives the page it was about.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """How far a messenger is in one campaign."""

    INVITED = "invited", _("Invited")
    AGREED = "agreed", _("Agreed")
    SCHEDULED = "scheduled", _("Scheduled")
    POSTED = "posted", _("Posted")
    THANKED = "thanked", _("Thanked")
    DECLINED = "declined", _("Declined")


class Group(models.Model):
    """Messengers who belong together: a family, a coalition of artists, partner organisations."""

    class Kind(models.TextChoices):
        FAMILY = "family", _("Family")
        COALITION = "coalition", _("Coalition")
        PARTNER = "partner", _("Partner organisations")
        OTHER = "other", _("Other")

    id: int
    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OTHER)

    class Meta:
        default_permissions = ()
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Messenger(models.Model):
    """A public figure or partner who carries the link. Archived, never deleted, once they posted.

    `sealed` holds a `contact.Contact`, bound to `key`; only `contact` opens it. `languages` are
    codes, the one they post in most first. `time_zone` is an IANA name, empty when not known.
    """

    id: int
    key = models.UUIDField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=120, blank=True)
    languages = models.JSONField(default=list)
    time_zone = models.CharField(max_length=64, blank=True)
    sealed = models.BinaryField(default=b"")
    notes = models.TextField(max_length=2000, blank=True)
    groups = models.ManyToManyField(Group, related_name="messengers", blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        default_permissions = ()
        permissions = (
            ("see_messengers", "See messengers and what they are asked"),
            ("run_messengers", "Work with messengers: roster, texts, links"),
        )
        ordering = ("name", "id")
        indexes = (models.Index(fields=["name"], name="messenger_name"),)

    def __str__(self) -> str:
        return self.name


class Profile(models.Model):
    """Where a messenger posts: one account on one network.

    `followers` are as of `followers_on`. `click_share` is the share of followers expected to
    follow a link, between 0 and 1; null where the network's usual one will do.
    """

    id: int
    messenger_id: int
    messenger = models.ForeignKey(Messenger, on_delete=models.CASCADE, related_name="profiles")
    network = models.CharField(max_length=16)
    handle = models.CharField(max_length=120, blank=True)
    url = models.URLField(max_length=300, blank=True)
    followers = models.PositiveBigIntegerField(default=0)
    followers_on = models.DateField(null=True, blank=True)
    click_share = models.FloatField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("-followers", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["messenger", "network", "handle"], name="messenger_profile_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.network} {self.handle}".rstrip()


class Involvement(models.Model):
    """A messenger's part in one campaign. `disclosure` is what the law wants their posts to say."""

    id: int
    messenger_id: int
    messenger = models.ForeignKey(Messenger, on_delete=models.PROTECT, related_name="involvements")
    campaign_key = models.UUIDField()
    status = models.CharField(max_length=12, choices=Status, default=Status.INVITED)
    disclosure = models.CharField(max_length=200, blank=True)
    scheduled_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["messenger", "campaign_key"], name="messenger_involved_once"
            ),
        )
        indexes = (models.Index(fields=["campaign_key"], name="involvement_campaign"),)

    def __str__(self) -> str:
        return f"{self.messenger_id} {self.campaign_key} {self.status}"


class InvolvementStep(models.Model):
    """A change of status: who made it and when. `before` is empty for the first."""

    id: int
    involvement_id: int
    involvement = models.ForeignKey(Involvement, on_delete=models.CASCADE, related_name="steps")
    who = models.CharField(max_length=150)
    at = models.DateTimeField()
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)

    class Meta:
        default_permissions = ()
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.after}"


class Post(models.Model):
    """What a messenger did post, and when: the moment its effect is measured from."""

    id: int
    messenger_id: int
    link_id: int | None
    messenger = models.ForeignKey(Messenger, on_delete=models.PROTECT, related_name="posts")
    campaign_key = models.UUIDField()
    network = models.CharField(max_length=16)
    language = models.CharField(max_length=16, blank=True)
    url = models.URLField(max_length=500, blank=True)
    at = models.DateTimeField()
    link = models.ForeignKey(
        "messengers.TrackedLink",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="posts",
    )

    class Meta:
        default_permissions = ()
        ordering = ("at", "id")
        indexes = (models.Index(fields=["campaign_key", "at"], name="post_campaign"),)

    def __str__(self) -> str:
        return f"{self.network} {self.at:%Y-%m-%d %H:%M}"
