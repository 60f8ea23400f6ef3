"""What goes with letters and calls, without a readable name: whom somebody has written to already,
who wants a copy, and what callers said became of their calls.
"""

from typing import Final

from django.db import models

TARGET_LENGTH: Final = 120


class Addressed(models.Model):
    """One mailbox has written to one target in one campaign, on whichever of its pages.

    The constraint decides when two confirmations meet. Erasing removes the row, and so does
    withdrawing a letter that had not gone out.
    """

    participation = models.ForeignKey(
        "people.Participation", on_delete=models.CASCADE, related_name="addressed"
    )
    campaign_key = models.UUIDField()
    email_index = models.BinaryField(max_length=32)
    target = models.CharField(max_length=TARGET_LENGTH)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["campaign_key", "email_index", "target"], name="one_letter_each"
            ),
        )

    def __str__(self) -> str:
        return self.target


class CopyWish(models.Model):
    """A supporter asked for a copy of what was sent. It goes when the mail with it is queued."""

    participation = models.OneToOneField(
        "people.Participation", on_delete=models.CASCADE, related_name="copy_wish"
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"of {self.participation_id}"


class CallReport(models.Model):
    """What a caller said became of one call. It leads to nobody: `tap` is a hash of a random key,
    kept for a day so that a double tap is one call.
    """

    page_key = models.UUIDField()
    target = models.CharField(max_length=TARGET_LENGTH)
    outcome = models.CharField(max_length=16)
    at = models.DateTimeField()
    tap = models.BinaryField(null=True, max_length=16)

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(
                fields=["tap"], condition=models.Q(tap__isnull=False), name="call_report_tap"
            ),
            models.Index(fields=["target", "-id"], name="call_report_latest"),
        )

    def __str__(self) -> str:
        return f"{self.target} {self.outcome}"


class CallTally(models.Model):
    """How many calls to one target came to one outcome: added to with each report."""

    page_key = models.UUIDField()
    target = models.CharField(max_length=TARGET_LENGTH)
    outcome = models.CharField(max_length=16)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["page_key", "target", "outcome"], name="call_tally_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.target} {self.outcome}: {self.number}"


class Followed(models.Model):
    """How far core has followed what delivery did, for one purpose."""

    name = models.CharField(max_length=32, primary_key=True)
    last = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} to {self.last}"
