"""The tables of the direct line: who spoke with whom, and what was said, sealed.

No foreign key leads to a page or into the directory: what was said outlives both.
"""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """One contact with a decision maker or their staff, as it is told now.

    `sealed` holds a `vault.Said`, bound to `key`: whoever was there, what was asked and said, and
    the next step. In the clear stands only what lists are sorted and narrowed by. `version` counts
    the tellings, each kept as a Version. `due_on` and `owner` belong to the next step; `done_at`
    ends it. An erased entry is a stub: it says that there was one, and who erased it.
    """

    class Way(models.TextChoices):
        MEETING = "meeting"
        CALL = "call"
        MESSAGE = "message"
        LETTER = "letter"

    id: int
    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    way = models.CharField(max_length=10, choices=Way)
    at = models.DateTimeField()
    campaign_key = models.UUIDField(null=True)
    sealed = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner_id: int | None
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=150, blank=True)
    remind_claimed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    erased_by = models.CharField(max_length=150, blank=True)

    class Meta:
        default_permissions = ()
        permissions = (
            ("read_log", "Read the record of direct conversations"),
            ("keep_log", "Keep the record of direct conversations"),
        )
        indexes = (
            models.Index(fields=["-at", "-id"], name="directline_latest"),
            models.Index(
                fields=["due_on"],
                condition=Q(done_at=None) & Q(due_on__isnull=False),
                name="directline_due",
            ),
        )

    def __str__(self) -> str:
        return f"{self.way} {self.at:%Y-%m-%d}"


class Party(models.Model):
    """A decision maker of an entry, by the directory's key; `name` as it was when it was told.

    Office holders are public: their key is in the clear, so that their entries are found.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="parties")
    entry_id: int
    target = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=["entry", "target"], name="directline_party_once"),
        )
        indexes = (models.Index(fields=["target"], name="directline_target"),)

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """An entry as it was told once: `sealed` is a whole `vault.Telling`, bound to key and number.

    Never changed but to be sealed anew; erasing an entry takes its versions away.
    """

    id: int
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="versions")
    entry_id: int
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    sealed = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["entry", "number"], name="directline_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.entry_id} no. {self.number}"
