"""What the public door has still to be told: written with the change itself, gone once done."""

from django.db import models


class PendingPublish(models.Model):
    """One page, or (with no page) the whole site, whose public files are older than the database.

    The row is made in the transaction of the change, so a crash between the two loses nothing.
    """

    page_id = models.BigIntegerField(null=True)
    since = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"page {self.page_id}" if self.page_id else "the whole site"
