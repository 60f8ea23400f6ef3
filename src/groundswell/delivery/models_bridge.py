"""Calls that we make ourselves: a supporter is rung, and connected with those who decide."""

from django.db import models
from django.db.models import Q


class Ring(models.TextChoices):
    """Where a call is. Only a QUEUED one is ever dialled, and each only once."""

    QUEUED = "queued"
    DIALLING = "dialling"
    RINGING = "ringing"
    DONE = "done"
    CAPPED = "capped"
    REFUSED = "refused"
    EXPIRED = "expired"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Bridge(models.Model):
    """One supporter's wish to be rung. Of the supporter it holds a number, sealed, until it is
    dialled, and for a day a keyed index by which the same telephone is known again.

    `key` names it to Twilio's side. `targets` are [key, name, number] of offices. `purpose` and
    `version` are the consent that was given. `claim` is the mark of the core that dials it.
    """

    id: int
    key = models.UUIDField(unique=True)
    submission_id = models.UUIDField(unique=True)
    campaign_key = models.UUIDField()
    page_key = models.UUIDField()
    language = models.CharField(max_length=16)
    country = models.CharField(max_length=2, blank=True)
    number_index = models.BinaryField(null=True, max_length=32)
    sealed = models.BinaryField(default=b"")
    targets = models.JSONField(default=list)
    purpose = models.CharField(max_length=32)
    version = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=Ring)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="bridge_queue"),
            models.Index(
                fields=["number_index"],
                condition=Q(number_index__isnull=False),
                name="bridge_number",
            ),
            models.Index(fields=["campaign_key", "made_at"], name="bridge_campaign"),
            models.Index(fields=["state", "claimed_at"], name="bridge_claimed"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class BridgeStep(models.Model):
    """One thing that happened in one call. Written once, never changed.

    `state` is a Ring, or what Twilio said of one decision maker's telephone. `step` is the voice's
    name for it, so that what is told twice is noted once.
    """

    id: int
    bridge_id: int
    bridge = models.ForeignKey(Bridge, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    state = models.CharField(max_length=16)
    step = models.CharField(max_length=16, blank=True)
    target = models.CharField(max_length=120, blank=True)
    seconds = models.PositiveIntegerField(default=0)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["bridge", "step"], condition=~Q(step=""), name="bridge_step_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.state}"
