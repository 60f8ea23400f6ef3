"""Letters on their way, known by the submission they come from. No supporter's data, ever.

Names and addresses here are those of offices. No foreign key leads to a page, a person or the
directory: what was sent stays on the record when any of them has gone.
"""

from django.db import models
from django.db.models import Q

from groundswell.delivery import models_bridge  # noqa: F401  Django finds its tables so


class State(models.TextChoices):
    """Where a parcel is. What may follow what is in `states.MAY_BECOME`."""

    QUEUED = "queued"
    SENDING = "sending"
    HELD = "held"
    ACCEPTED = "accepted"
    BOUNCED = "bounced"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    WITH_SUPPORTER = "with_supporter"
    OPENED = "opened"
    SAYS_SENT = "says_sent"


class TargetTally(models.Model):
    """What one page has for one decision maker by one channel: running counts, and its queue.

    A column per State holds how many parcels are there now, so that nobody counts a million rows.
    `wake_at` is when the queue is to be looked at next, null while nothing waits. `is_held` is true
    while any Hold covers it.
    """

    id: int
    campaign_key = models.UUIDField()
    page_key = models.UUIDField()
    target = models.CharField(max_length=120)
    channel = models.CharField(max_length=16)
    target_name = models.CharField(max_length=300)
    organization = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=320, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    queued = models.PositiveIntegerField(default=0)
    sending = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    bounced = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    with_supporter = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    says_sent = models.PositiveIntegerField(default=0)
    replies = models.PositiveIntegerField(default=0)
    wake_at = models.DateTimeField(null=True)
    is_held = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["page_key", "target", "channel"], name="tally_once"),
        )
        indexes = (
            models.Index(
                fields=["channel", "wake_at"],
                condition=Q(wake_at__isnull=False, is_held=False),
                name="tally_awake",
            ),
            models.Index(fields=["target"], name="tally_target"),
            models.Index(fields=["campaign_key"], name="tally_campaign"),
        )

    def __str__(self) -> str:
        return f"{self.target} {self.channel}"


class Parcel(models.Model):
    """One letter to one decision maker. Its words are with its sender's Participation.

    `key` follows from submission and target, and names the message on every channel, so that a
    second try is the same message. `digest` is equal for equal texts, empty for one that somebody
    has edited. `unsure` is how often a try broke off when the other side may have had it all.
    `claim` is the sender's mark on it while it is SENDING, since `claimed_at`.
    """

    id: int
    tally_id: int
    key = models.UUIDField(unique=True)
    submission_id = models.UUIDField()
    campaign_key = models.UUIDField()
    page_key = models.UUIDField()
    tally = models.ForeignKey(
        TargetTally, on_delete=models.PROTECT, related_name="parcels", db_index=False
    )
    target = models.CharField(max_length=120)
    channel = models.CharField(max_length=16)
    language = models.CharField(max_length=16)
    group = models.CharField(max_length=64, blank=True)
    digest = models.BinaryField(max_length=32, default=b"")
    batch = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=State)
    tries = models.PositiveSmallIntegerField(default=0)
    unsure = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        permissions = (
            ("see_delivery", "See what became of letters"),
            ("steer_delivery", "Pause, hold and re-send letters"),
            ("read_replies", "Read what decision makers answered"),
        )
        constraints = (
            models.UniqueConstraint(fields=["submission_id", "target"], name="parcel_once"),
        )
        indexes = (
            # A queue's head, however long the queue: the sender reads no other row.
            models.Index(
                fields=["tally", "due_at", "id"], condition=Q(state="queued"), name="parcel_queue"
            ),
            models.Index(
                fields=["claimed_at"], condition=Q(claimed_at__isnull=False), name="parcel_claimed"
            ),
            models.Index(fields=["tally", "-id"], name="parcel_of_target"),
            models.Index(fields=["page_key", "state", "-id"], name="parcel_of_state"),
            models.Index(fields=["page_key", "-id"], name="parcel_of_page"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.state}"

    @property
    def target_name(self) -> str:
        return self.tally.target_name

    @property
    def organization(self) -> str:
        return self.tally.organization

    @property
    def address(self) -> str:
        return self.tally.address


class Transition(models.Model):
    """One step of one parcel. Written once, never changed.

    `state` is a State, `deferred` for queued once more, or the same state again when there was
    something to note. `host` is our machine; `words` are the other side's, without
    addresses; `reference` is their name for it, or our batch's. `by`: `core`, `supporter` or an
    organiser's name.
    """

    id: int
    parcel_id: int
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="transitions")
    at = models.DateTimeField()
    state = models.CharField(max_length=16)
    host = models.CharField(max_length=64, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    words = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=150)

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["state", "id"], name="transition_state"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.state}"


class Hold(models.Model):
    """Nothing leaves for what this names: a campaign, a page, a target, or a target of a page."""

    campaign_key = models.UUIDField(null=True)
    page_key = models.UUIDField(null=True)
    target = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.campaign_key or self.page_key or ''} {self.target}".strip()


class Pace(models.Model):
    """When the next letter may leave: to a target (`to <key>`) or a domain (`at <domain>`)."""

    name = models.CharField(max_length=260, primary_key=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} from {self.next_at:%Y-%m-%d %H:%M:%S}"


class Reply(models.Model):
    """What came back for a parcel. `sealed` holds the mail; only `inbox.replies` opens it.

    `automatic` answers (out of office, received with thanks) are kept and not counted. `digest`
    names the mail, so that one read twice is one row.
    """

    id: int
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="replies")
    campaign_key = models.UUIDField()
    page_key = models.UUIDField()
    target = models.CharField(max_length=120)
    at = models.DateTimeField()
    automatic = models.BooleanField(default=False)
    digest = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(fields=["page_key", "-id"], name="reply_of_page"),
            models.Index(fields=["target", "-id"], name="reply_of_target"),
        )

    def __str__(self) -> str:
        return f"{self.target} {self.at:%Y-%m-%d %H:%M}"
