"""Who stands below an open letter: its first signatories, and those who co-signed in public.

No foreign key leads to a page or a person. Each remembers the revision of the text that was signed.
"""

from uuid import uuid4

from django.db import models
from django.db.models import Q


class Signatory(models.Model):
    """One first signatory of one open letter: invited by a link of their own, and the only one who
    can sign in their name.

    `picture` is a JPEG that we made, square, without anything a camera wrote; empty without one.
    `revision` is the number of the text they signed, null while they have signed none, and
    `language` the one they read it in. `asked_revision` is the latest text they were asked about.
    `link_key` names the private link as it is now; null while there is none. `sealed` holds the
    e-mail address, if we were given it; a mail with the link waits from `mail_due_at` on.
    `position` orders all of a letter's, whatever their group.
    """

    class State(models.TextChoices):
        INVITED = "invited"
        SIGNED = "signed"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    id: int
    key = models.UUIDField(default=uuid4, unique=True)
    page_key = models.UUIDField()
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=200, blank=True)
    affiliation = models.CharField(max_length=200, blank=True)
    picture = models.BinaryField(default=b"", blank=True)
    picture_alt = models.CharField(max_length=300, blank=True)
    group = models.CharField(max_length=120, blank=True)
    position = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    revision = models.PositiveIntegerField(null=True)
    language = models.CharField(max_length=16, blank=True)
    signed_at = models.DateTimeField(null=True)
    asked_revision = models.PositiveIntegerField(null=True)
    sealed = models.BinaryField(default=b"", blank=True)
    link_key = models.UUIDField(null=True, unique=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField(null=True)
    mail_claimed_at = models.DateTimeField(null=True)
    mail_failed = models.CharField(max_length=64, blank=True)
    mailed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        default_permissions = ()
        permissions = (
            ("see_openletters", "See who signs open letters"),
            ("run_openletters", "Invite first signatories and deliver open letters"),
            ("moderate_openletters", "Decide which co-signatures are shown"),
        )
        indexes = (models.Index(fields=["page_key", "position", "id"], name="signatory_order"),)

    def __str__(self) -> str:
        return self.name


class SignatoryStep(models.Model):
    """One thing that happened with a first signatory. Written once, never changed.

    `what`: invited, mailed, revoked, corrected, signed, declined, withdrawn, asked. `by` is
    `signatory`, `core` or an organiser's name. `detail` is a number of a revision or names of
    fields, never a word of theirs.
    """

    signatory = models.ForeignKey(Signatory, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    what = models.CharField(max_length=16)
    by = models.CharField(max_length=150)
    revision = models.PositiveIntegerField(null=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what}"


class Cosignature(models.Model):
    """One confirmed co-signature whose supporter wishes to be named. Its id is its public number.

    `name` and `role` are empty until it is shown: till then they lie sealed with the participation
    of that submission. Gone with a withdrawal or an erasure. `hints` are codes of what a moderator
    may want to look at, `flags` is how often visitors reported it: neither ever hides it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SHOWN = "shown"
        HIDDEN = "hidden"

    id: int
    page_key = models.UUIDField()
    submission_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=401, blank=True)
    role = models.CharField(max_length=401, blank=True)
    language = models.CharField(max_length=16)
    revision = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    hints = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField()
    flags = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(fields=["page_key", "state", "id"], name="cosignature_state"),
            models.Index(
                fields=["page_key", "id"], condition=Q(flags__gt=0), name="cosignature_flagged"
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"
