"""What happened in which minute, by tracked link: visits beside the signatures they brought."""

from django.db import models


class Moment(models.Model):
    """How much happened in one minute (UTC), by page, source, language and country.

    Written by `moments` only. Minutes older than `moments.KEPT` become hours: then `minute` is the
    hour's first. A visit's page is the one its link leads to, which may be a campaign's.
    """

    page_key = models.UUIDField()
    source = models.CharField(max_length=32, blank=True)
    minute = models.DateTimeField()
    language = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2, blank=True)
    visits = models.BigIntegerField(default=0)
    previews = models.BigIntegerField(default=0)
    collected = models.BigIntegerField(default=0)
    confirmed = models.BigIntegerField(default=0)

    class Meta:
        app_label = "campaigns"
        constraints = (
            models.UniqueConstraint(
                fields=["page_key", "source", "minute", "language", "country"],
                name="moment_slice",
            ),
        )
        indexes = (
            # A live view asks for the last minutes of everything, once a second.
            models.Index(fields=["minute"], name="moment_minute"),
            models.Index(fields=["source", "minute"], name="moment_source"),
        )

    def __str__(self) -> str:
        return f"{self.page_key} {self.source} {self.minute:%Y-%m-%dT%H:%M}"


class HeardVisits(models.Model):
    """A record of visits that has been added already, by its id, for some days.

    A disk that fails in the middle leaves a group in two journal files. A signature finds its own
    row then; a sum would be added twice.
    """

    record = models.UUIDField(primary_key=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "campaigns"

    def __str__(self) -> str:
        return str(self.record)
