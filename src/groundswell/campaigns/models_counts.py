"""The running totals: few rows per page, however many people take part."""

from django.db import models


class Count(models.Model):
    """How many took part in a page, in all or in one slice of a dimension.

    Dimensions: `all` (value empty), `window` (a UTC quarter hour, `2026-11-21T18:15`), `country`,
    `language`, `source`. Written by `counters.add` only.
    """

    page_key = models.UUIDField()
    dimension = models.CharField(max_length=16)
    value = models.CharField(max_length=64, blank=True)
    collected = models.BigIntegerField(default=0)
    confirmed = models.BigIntegerField(default=0)

    class Meta:
        app_label = "campaigns"
        constraints = (
            models.UniqueConstraint(fields=["page_key", "dimension", "value"], name="count_slice"),
        )
        indexes = (
            # The publisher asks for all totals every two seconds and must not walk the windows.
            models.Index(
                fields=["page_key"], condition=models.Q(dimension="all"), name="count_all"
            ),
        )

    def __str__(self) -> str:
        return f"{self.page_key} {self.dimension} {self.value}".rstrip()
