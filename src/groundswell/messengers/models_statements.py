"""What messengers are asked to say: texts with their versions, pictures, sources and approvals."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from groundswell.messengers.models_links import TrackedLink
from groundswell.messengers.models_roster import Messenger


class Side(models.TextChoices):
    """Who speaks: the organisers, or the messenger's people."""

    US = "us"
    THEM = "them"


class Source(models.Model):
    """Where a fact of a campaign stands: a study, an article, a law. Texts point at it."""

    id: int
    campaign_key = models.UUIDField()
    title = models.CharField(max_length=250)
    publisher = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    published_on = models.DateField(null=True)
    quote = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150, blank=True)

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["campaign_key", "title"], name="source_campaign"),)

    def __str__(self) -> str:
        return self.title


class Statement(models.Model):
    """One text for one network in one language; without a messenger it is for all of them.

    `link`, `disclosure` and `pictures` are as in the newest version. `edit` rises with every save:
    a save that has read an older one is refused. `times_set_at` is when its times last changed.
    """

    id: int
    key = models.UUIDField(unique=True, default=uuid4)
    messenger_id: int | None
    messenger = models.ForeignKey(
        Messenger, null=True, on_delete=models.CASCADE, related_name="statements"
    )
    campaign_key = models.UUIDField()
    network = models.CharField(max_length=16)
    language = models.CharField(max_length=16)
    link_id: int | None
    link = models.ForeignKey(
        TrackedLink, null=True, on_delete=models.SET_NULL, related_name="statements"
    )
    disclosure = models.CharField(max_length=200, blank=True)
    suggested_at = models.DateTimeField(null=True)
    embargo_until = models.DateTimeField(null=True)
    times_set_at = models.DateTimeField(null=True)
    edit = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150, blank=True)
    archived_at = models.DateTimeField(null=True)
    archived_by = models.CharField(max_length=150, blank=True)

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(fields=["campaign_key", "network"], name="statement_campaign"),
            models.Index(fields=["messenger", "campaign_key"], name="statement_messenger"),
        )

    def __str__(self) -> str:
        return f"{self.network} {self.language} {self.key}"


class StatementVersion(models.Model):
    """All that is posted, as it was at one save. Written once, never changed.

    `link_code` names the tracked link; `pictures` are [image id, alternative text] in order.
    """

    id: int
    statement_id: int
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    disclosure = models.CharField(max_length=200, blank=True)
    link_code = models.CharField(max_length=32, blank=True)
    pictures = models.JSONField(default=list)
    author = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["statement", "number"], name="statement_version"),
        )

    def __str__(self) -> str:
        return f"{self.statement_id} version {self.number}"


class StatementPicture(models.Model):
    """A picture that goes with a text, and what it says to those who do not see it."""

    id: int
    statement_id: int
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="pictures")
    image_id: int
    image = models.ForeignKey("wagtailimages.Image", on_delete=models.CASCADE, related_name="+")
    alt = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=["statement", "image"], name="statement_picture_once"),
        )

    def __str__(self) -> str:
        return f"{self.statement_id} picture {self.position}"


class Claim(models.Model):
    """A sentence of a version that says something is so. Settled by a source, or waived.

    `start` and `end` are its place in the version's text. `why`: what made us ask (a number, a
    superlative…), or "" if an organiser marked it.
    """

    id: int
    version_id: int
    version = models.ForeignKey(StatementVersion, on_delete=models.CASCADE, related_name="claims")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    why = models.CharField(max_length=60, blank=True)
    source_id: int | None
    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="claims")
    waived_by = models.CharField(max_length=150, blank=True)
    waived_why = models.CharField(max_length=300, blank=True)
    settled_by = models.CharField(max_length=150, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ("start", "id")
        constraints = (models.UniqueConstraint(fields=["version", "start"], name="claim_place"),)

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def settled(self) -> bool:
        """Whether it has a source, or somebody took it on themselves with a reason."""
        return self.source_id is not None or bool(self.waived_why)


class Comment(models.Model):
    """A remark on a text. `messenger`: whose people wrote it, or whom ours is meant for.

    One of ours without a messenger is for all who may read the text, or, `ours_alone`, for none.
    """

    id: int
    statement_id: int
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="comments")
    version_id: int
    version = models.ForeignKey(StatementVersion, on_delete=models.CASCADE, related_name="comments")
    side = models.CharField(max_length=4, choices=Side)
    messenger_id: int | None
    messenger = models.ForeignKey(Messenger, null=True, on_delete=models.CASCADE, related_name="+")
    author = models.CharField(max_length=150, blank=True)
    text = models.TextField()
    ours_alone = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.side} {self.at:%Y-%m-%d %H:%M}"


class Approval(models.Model):
    """A yes to one version: first ours, then that of the messenger's side. Kept when taken back.

    `messenger` is who said yes if it is not ours; each approves a text for all for themselves.
    """

    id: int
    version_id: int
    version = models.ForeignKey(
        StatementVersion, on_delete=models.CASCADE, related_name="approvals"
    )
    side = models.CharField(max_length=4, choices=Side)
    messenger_id: int | None
    messenger = models.ForeignKey(Messenger, null=True, on_delete=models.CASCADE, related_name="+")
    who = models.CharField(max_length=150)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(side="us", withdrawn_at=None),
                name="approval_ours_once",
            ),
            models.UniqueConstraint(
                fields=["version", "messenger"],
                condition=Q(side="them", withdrawn_at=None),
                name="approval_theirs_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.at:%Y-%m-%d %H:%M}"
