"""What visitors reported about names below open letters, and each time a letter was sent."""

from django.db import models


class Flag(models.Model):
    """What visitors reported about one co-signature, alike reports folded into one row.

    `number` is the co-signature's. `sealed` holds the note, as anybody may have typed anything;
    `digest` tells equal notes apart and is made with a key. It never hides a name by itself.
    """

    class State(models.TextChoices):
        OPEN = "open"
        KEPT = "kept"
        HIDDEN = "hidden"

    id: int
    page_key = models.UUIDField()
    number = models.BigIntegerField()
    reason = models.CharField(max_length=16)
    digest = models.BinaryField(max_length=32)
    sealed = models.BinaryField(default=b"")
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["page_key", "number", "reason", "digest"],
                condition=models.Q(state="open"),
                name="flag_once",
            ),
        )
        indexes = (models.Index(fields=["page_key", "state", "number"], name="flag_of_page"),)

    def __str__(self) -> str:
        return f"{self.number} {self.reason} x{self.times}"


class LetterRound(models.Model):
    """One time an open letter is sent to those it is addressed to: what it said and who stood
    below it then, so that a second try is the same letter.

    `cosigners` is how many had confirmed, `texts` how many of them signed which text such as
    `en.2`, `revisions` the text's number by language, `signers` the keys of the first signatories:
    their names are read when it is sent, and who has left is not.
    """

    id: int
    page_key = models.UUIDField()
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    cosigners = models.PositiveIntegerField()
    texts = models.JSONField(default=dict)
    revisions = models.JSONField(default=dict)
    signers = models.JSONField(default=list)
    targets = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["page_key", "number"], name="letter_round_once"),
        )

    def __str__(self) -> str:
        return f"{self.page_key} {self.number}"
