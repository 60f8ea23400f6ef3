"""Who took part: rows without a readable name. Personal data is only ever inside `sealed`.

No foreign key leads to a page: an acknowledged submission to a page that has since gone is kept.
"""

from django.db import models
from django.db.models import Q

from groundswell.people.models_letters import Addressed, CallReport, CallTally, CopyWish, Followed
from groundswell.people.models_open_letter import Flag, LetterRound

__all__ = [
    "Addressed",
    "AuditEntry",
    "CallReport",
    "CallTally",
    "Consent",
    "CopyWish",
    "Event",
    "Flag",
    "Followed",
    "Heartbeat",
    "JournalCursor",
    "LetterRound",
    "MailDay",
    "OutgoingMail",
    "Participation",
    "Quarantine",
    "Rehearsed",
    "StopList",
]


class Participation(models.Model):
    """One acknowledged `sign` submission, drained. Never deleted: erasing empties it.

    `sealed` holds a `vault.Personal`, bound to `submission_id`; only `vault` opens it.
    `email_index` is the blind index of the canonical e-mail address, null without one. `rank` is
    how many came before it on the page from the same address. `counted` is true for the first
    confirmed of them.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        CONFIRMED = "confirmed"
        WITHDRAWN = "withdrawn"
        ERASED = "erased"

    id: int
    submission_id = models.UUIDField(unique=True)
    page_key = models.UUIDField()
    kind = models.CharField(max_length=32)
    language = models.CharField(max_length=16)
    source = models.CharField(max_length=32, blank=True)
    country = models.CharField(max_length=2, blank=True)
    received_at = models.DateTimeField()
    email_index = models.BinaryField(null=True, max_length=32)
    sealed = models.BinaryField()
    marks = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    confirmed_at = models.DateTimeField(null=True)
    counted = models.BooleanField(default=False)
    rank = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        permissions = (
            ("see_supporters", "See supporters' data"),
            ("help_supporters", "Send a confirmation again, withdraw for a supporter"),
            ("erase_supporters", "Erase a supporter's data"),
            ("export_supporters", "Export supporters' data"),
            ("read_audit", "Read what organisers did with supporters' data"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["page_key", "email_index"],
                condition=Q(counted=True),
                name="counted_once",
            ),
        )
        indexes = (
            models.Index(fields=["page_key", "email_index"], name="participation_duplicates"),
            models.Index(fields=["email_index"], name="participation_address"),
            models.Index(fields=["page_key", "-id"], name="participation_latest"),
        )

    def __str__(self) -> str:
        return str(self.submission_id)


class Consent(models.Model):
    """One purpose a supporter agreed to, and to which version of its text."""

    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, related_name="consents"
    )
    purpose = models.CharField(max_length=64)
    version = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["participation", "purpose"], name="consent_once"),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class Event(models.Model):
    """A change in one participation's life. Mails are not repeated here: see OutgoingMail.

    `what`: confirmed, withdrawn, erased, mail_stopped, resend. `by`: `supporter`, `core` or an
    organiser's name. `detail` never holds personal data.
    """

    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, related_name="events"
    )
    at = models.DateTimeField()
    what = models.CharField(max_length=32)
    by = models.CharField(max_length=150)
    detail = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what}"


class OutgoingMail(models.Model):
    """One mail to one supporter: waiting, sent (`sent_at`) or given up (`failed` says why).

    `template`: confirm, reminder, already_signed, letters, copy. `failed` is a word or an SMTP
    code, never a mail server's sentence: those quote the address.
    """

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="mails")
    template = models.CharField(max_length=32)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["due_at"], condition=Q(sent_at=None, failed=""), name="mail_waiting"
            ),
            # Core looks for claims that have run out each time it claims some more, and must not
            # walk the queue for them: after a surge a million reminders wait in it.
            models.Index(
                fields=["claimed_at"], condition=Q(claimed_at__isnull=False), name="mail_claimed"
            ),
        )

    def __str__(self) -> str:
        return f"{self.template} due {self.due_at:%Y-%m-%d %H:%M}"


class MailDay(models.Model):
    """How many mails one address got on one UTC day, over all campaigns."""

    email_index = models.BinaryField(max_length=32)
    day = models.DateField()
    sent = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["email_index", "day"], name="mail_day_once"),
        )

    def __str__(self) -> str:
        return f"{self.day}: {self.sent}"


class StopList(models.Model):
    """An address that asked for no more mail, known only by its blind index.

    `key` is the id of the index key, so that no key goes that somebody here depends on.
    """

    email_index = models.BinaryField(max_length=32, unique=True)
    key = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"since {self.at:%Y-%m-%d}"


class Rehearsed(models.Model):
    """A submission of a rehearsal, drained. In a table of its own, so that it counts nowhere.

    Nothing refers to it and nothing is sent for it; it goes with its run, or after some days.
    """

    submission_id = models.UUIDField(unique=True)
    run = models.CharField(max_length=32)
    page_key = models.UUIDField()
    received_at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["run", "received_at"], name="rehearsed_run"),)

    def __str__(self) -> str:
        return f"{self.run} {self.submission_id}"


class JournalCursor(models.Model):
    """How far one journal file is drained. Moves only in the transaction that stores the rows."""

    file = models.CharField(max_length=100, primary_key=True)
    seq = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.file} at {self.seq}"


class Quarantine(models.Model):
    """A journal record or group that could not be processed, still sealed to core's public key.

    `position` is the record's place in its group; null for a group that did not open.
    """

    file = models.CharField(max_length=100)
    seq = models.BigIntegerField()
    position = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=200)
    sealed = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.file} {self.seq} {self.position}"


class Heartbeat(models.Model):
    """The last sign of life of one of core's loops; `detail` holds its trouble, if it has any."""

    name = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()
    detail = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class AuditEntry(models.Model):
    """What an organiser did with supporters' data. Written once, never changed."""

    at = models.DateTimeField()
    organiser = models.CharField(max_length=150)
    action = models.CharField(max_length=64)
    object = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = (models.Index(fields=["-at"], name="audit_latest"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.organiser} {self.action}"
